"""What the files of rules are called where people choose one."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence

from xunfang.desk.studio.faces import FileFace, LayerFaces
from xunfang.rulebook.files import Files
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.logos import is_logo, words_of
from xunfang.rulebook.policy_texts import is_policy_text
from xunfang.rulebook.scenarios import BASE

_FOLDERS: Mapping[str, str] = {kind.folder: kind.label for kind in KINDS.values() if kind.folder}
_SINGLE: Mapping[str, str] = {kind.id: kind.title or kind.heading for kind in KINDS.values() if not kind.folder}
_TITLE = re.compile(r"\{%-?\s*block title\s*-?%\}([^{}]+)\{%")
_ORDER = ("workflows", "forms", "templates")


def layer_of(path: str) -> str:
    """Return the layer that a file belongs to."""
    return path.split("/")[1]


def file_label(path: str, text: str, files: Files | None = None) -> str:
    """Return what a file is called: by its kind and, where there are many of a kind, by its own title.

    A file of several layers need not say its title again: then it is called as in another of the `files`.
    """
    top, _, *rest = path.split("/")
    name = rest[-1].rpartition(".")[0]
    if top == "templates" and is_logo(path):
        return f"徽标 {words_of(text)}"
    if top == "templates":
        return f"文书模板 {found[1] if (found := _TITLE.search(text)) else rest[-1]}"
    if top == "forms":
        return f"表单 {_titled(path, text, files or {}) or name}"
    if rest[0] == "divisions.csv":
        return "区划表"
    if len(rest) == 1:
        return _SINGLE.get(name, rest[-1])
    if rest == ["scenarios", f"{BASE}.toml"]:
        return "情景 共用的填报内容"
    if rest[0] == "scenarios":
        return f"情景 {_titled(path, text, files or {}) or name}"
    if rest[0] == "calendars":
        return f"{name}年放假安排"
    if is_policy_text(path):
        return f"政策原文 {name}"
    return f"{_FOLDERS.get(rest[0], rest[0])} {_titled(path, text, files or {}) or name}"


def _titled(path: str, text: str, files: Files) -> str:
    if title := _title(path, text):
        return title
    top, _, *own = path.split("/")
    alike = (other for other in files if other != path and other.split("/")[2:] == own and other.startswith(f"{top}/"))
    return next(filter(None, (_title(other, files[other]) for other in alike)), "")


def _title(path: str, text: str) -> str:
    try:
        data = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
    except ValueError:  # a draft may be half written
        return ""
    found = data.get("title") or data.get("label") if isinstance(data, dict) else ""
    return found if isinstance(found, str) else ""


def layers(files: Files, base: Files, own: str, names: Mapping[str, str]) -> Sequence[LayerFaces]:
    """Return the files of a draft by layer, its own first; `names`: what layers are called."""
    whole = {**base, **files}
    found: dict[str, list[FileFace]] = {}
    for path in sorted(whole, key=lambda path: (_ORDER.index(path.split("/")[0]), path)):
        found.setdefault(layer_of(path), []).append(file_face(path, files, base, own))
    ranked = sorted(found, key=lambda layer: (layer != own, layer))
    return [LayerFaces(layer, names.get(layer, layer), layer == own, found[layer]) for layer in ranked]


def file_face(path: str, files: Files, base: Files, own: str) -> FileFace:
    """Return one file of a draft, as it stands to the base."""
    text = files.get(path, base.get(path, ""))
    state = "gone" if path not in files else "new" if path not in base else ""
    if not state and files[path] != base[path]:
        state = "changed"
    return FileFace(path, file_label(path, text, files), layer_of(path) == own, state)


def layer_names(files: Files) -> dict[str, str]:
    """Return what each layer in the files is called, by its own jurisdiction.toml."""
    return dict(_names(files))


def _names(files: Files) -> Iterator[tuple[str, str]]:
    for path, text in files.items():
        if path.startswith("workflows/") and path.endswith("/jurisdiction.toml"):
            try:
                yield layer_of(path), str(tomllib.loads(text).get("name", layer_of(path)))
            except ValueError:
                yield layer_of(path), layer_of(path)
