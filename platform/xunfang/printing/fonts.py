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
COMPULSORY = ("song", "sans")


def font_files(font_dir: Path, overrides: Mapping[str, str]) -> dict[str, Path]:
    """Return the file of each role that is to be had: the configured one, the one in `font_dir`, or the bundled one.

    Raises PrintError FONT_MISSING when a configured file does not exist or the two bundled faces cannot be found.
    """
    found = {role: path for role in FILES if (path := _file_of(role, font_dir, overrides)) is not None}
    for role in COMPULSORY:
        if role not in found:
            raise PrintError("FONT_MISSING", f"找不到{LABELS[role]}字体文件{FILES[role]}，请重新安装后再打印。")
    return found


def stand_ins(font_dir: Path, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the roles that lack their own face and what prints in their place, in Chinese; empty when all is well."""
    found = font_files(font_dir, overrides)
    behind = {role: next((LABELS[other] for other in CHAINS.get(role, ()) if other in found), "") for role in FILES}
    return {role: behind[role] or "不能打印" for role in FILES if role not in found}


def _file_of(role: str, font_dir: Path, overrides: Mapping[str, str]) -> Path | None:
    if configured := overrides.get(role):
        if not Path(configured).is_file():
            raise PrintError(
                "FONT_MISSING", f"配置的{LABELS[role]}字体文件{Path(configured).name}不存在，请检查打印字体配置。"
            )
        return Path(configured).resolve()
    for folder in (font_dir, _bundled()):
        if folder and (folder / FILES[role]).is_file():
            return (folder / FILES[role]).resolve()
    return None


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
