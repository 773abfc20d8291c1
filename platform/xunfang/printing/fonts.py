"""The fonts of the press: which file plays which role.

Roles follow GB/T 9704-2012: body 仿宋, kai 楷体, hei 黑体, title 小标宋. No free 小标宋 exists, so a deployment that
owns the proprietary faces names their files in its configuration. song, sans and rare stand behind them for characters
the first lacks: Fandol misses common given-name characters such as 镕 or 珺.
"""

import importlib.util
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path

from xunfang.printing.order import PrintError

FILES = {
    "body": "FandolFang-Regular.otf",
    "kai": "FandolKai-Regular.otf",
    "hei": "FandolHei-Regular.otf",
    "title": "FandolSong-Bold.otf",
    "song": "NotoSerifSC-Regular.otf",
    "sans": "NotoSansSC-Regular.otf",
    "rare": "HanaMinB.ttf",
}
LABELS = {
    "body": "仿宋",
    "kai": "楷体",
    "hei": "黑体",
    "title": "小标宋",
    "song": "宋体",
    "sans": "黑体（补字）",
    "rare": "生僻字",
}
CHAINS = {
    "body": ("body", "song", "rare"),
    "kai": ("kai", "song", "rare"),
    "hei": ("hei", "sans", "song", "rare"),
    "title": ("title", "song", "rare"),
    "song": ("song", "rare"),
    "sans": ("sans", "song", "rare"),
}
FOR_SINGLE_CHARACTERS = frozenset({"rare"})
"""Without these a paper is refused only when it holds a character that no other face has; it is then named."""


def font_files(font_dir: Path, overrides: Mapping[str, str]) -> dict[str, Path]:
    """Return the file of each role: the configured one, the one in `font_dir`, or the bundled one.

    Raises PrintError FONT_MISSING when a face is not to be had: a paper in another face is worse than none.
    """
    for role, text in missing_faces(font_dir, overrides).items():
        if role not in FOR_SINGLE_CHARACTERS:
            raise PrintError("FONT_MISSING", text)
    found = {role: _file_of(role, font_dir, overrides) for role in FILES}
    return {role: path for role, path in found.items() if path is not None}


def missing_faces(font_dir: Path, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return, by role, what is told of a face that is not to be had and what to do; empty when all are there."""
    return {role: _missing(role, font_dir, overrides) for role in FILES if not _file_of(role, font_dir, overrides)}


def _missing(role: str, font_dir: Path, overrides: Mapping[str, str]) -> str:
    label, configured = LABELS[role], overrides.get(role)
    if configured:
        return (
            f"配置的{label}字体文件{Path(configured).name}不存在或是空的，文书不能印制。"
            f"请把字体放到 {configured}，或在 config.toml 的 [printing] 中改正 fonts.{role}。"
        )
    unable = "含生僻字的文书不能印制" if role in FOR_SINGLE_CHARACTERS else "文书不能印制"
    return (
        f"缺少{label}字体文件{FILES[role]}，{unable}。请从别的机器拷来放进 {font_dir}，或重新运行安装（make setup）；"
        f"单位自有字体的，在 config.toml 的 [printing] 中写明 fonts.{role}。"
    )


def _file_of(role: str, font_dir: Path, overrides: Mapping[str, str]) -> Path | None:
    configured = overrides.get(role)
    folders = (font_dir, _bundled())
    places = [Path(configured)] if configured else [folder / FILES[role] for folder in folders if folder]
    return next((path.resolve() for path in places if path.is_file() and path.stat().st_size), None)


@lru_cache(maxsize=1)
def _bundled() -> Path | None:
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    return Path(spec.origin).parent if spec and spec.origin else None


def write_fontconfig(files: Mapping[str, Path], folder: Path) -> Path:
    """Return a fontconfig file naming only our fonts, each under its role as family name.

    With it no font of the machine can slip into a paper, however rare the character.
    """
    links = folder / "fonts"
    links.mkdir()
    renames = []
    for role, path in files.items():
        link = links / f"{role}{path.suffix}"
        link.symlink_to(path)
        renames.append(_rename(link, role))
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(links))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir>"
        f"{''.join(renames)}</fontconfig>",
        encoding="utf-8",
    )
    return config


def _rename(link: Path, role: str) -> str:
    edits = {
        "family": f"<string>{role}</string>",
        "weight": "<const>regular</const>",
        "slant": "<const>roman</const>",
    }
    inner = "".join(f'<edit name="{name}" mode="assign">{value}</edit>' for name, value in edits.items())
    return f'<match target="scan"><test name="file"><string>{escape(str(link))}</string></test>{inner}</match>'
