"""Every kind of rule with the files that a draft has of it, and how a file of a kind is begun."""

import json
import re
from collections.abc import Sequence

from xunfang.desk.studio.block_faces import KindFace
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.files import file_face
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.kinds import KINDS

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_OWN = ("calendar",)


def kind_faces(draft: Drafted) -> Sequence[KindFace]:
    """Return every kind of rule with its files, those of the draft's own layer first."""
    return [face for kind in KINDS.values() if (face := _face(draft, kind)).files or face.begin]


def _face(draft: Drafted, kind: Kind) -> KindFace:
    paths = sorted(path for path in {**draft.base, **draft.files} if _is_of(kind, path))
    files = [file_face(path, draft.files, draft.base, draft.layer) for path in paths]
    own = any(file.own and file.state != "gone" for file in files)
    may = draft.head.editable and kind.id not in _OWN and (bool(kind.folder) or not own)
    ordered = sorted(files, key=lambda file: not file.own)
    return KindFace(kind.title or kind.heading or kind.label, ordered, kind.id if may else "", bool(kind.folder))


def _is_of(kind: Kind, path: str) -> bool:
    top, _, *rest = path.split("/")
    if kind.ending == "json":
        return top == "forms" and path.endswith(".json")
    name = rest[-1].rpartition(".")[0]
    if kind.folder:
        return top == "workflows" and len(rest) == 2 and rest[0] == kind.folder
    return top == "workflows" and len(rest) == 1 and name == kind.id and path.endswith(".toml")


def begun(draft: Drafted, kind_id: str, name: str) -> tuple[str, str, str]:
    """Return path, text and label of a new file of a kind; raises Invalid where there can be none."""
    kind = KINDS.get(kind_id)
    if kind is None or kind.id in _OWN:
        raise _invalid("没有这种规则。")
    if kind.folder and not _NAME.fullmatch(name):
        raise _invalid("编号用小写英文字母、数字和连字符，如 home-visit。")
    path = _path(kind, draft.layer, name)
    if path in draft.files:
        raise _invalid("已经有这个文件了，请换一个编号。")
    label = f"{kind.label}“{name}”" if kind.folder else kind.title or kind.heading or kind.label
    return path, _text(kind, name), label


def _path(kind: Kind, layer: str, name: str) -> str:
    if kind.ending == "json":
        return f"forms/{layer}/{name}.json"
    return f"workflows/{layer}/{kind.folder}/{name}.toml" if kind.folder else f"workflows/{layer}/{kind.id}.toml"


def _text(kind: Kind, name: str) -> str:
    if kind.ending == "json":
        blank = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, "type": "object"}
        return json.dumps({**blank, "required": [], "properties": {}}, ensure_ascii=False, indent=2) + "\n"
    return f'label = "{name}"\n' if kind.folder else f"# {kind.title or kind.heading or kind.label}\n"


def _invalid(told: str) -> Invalid:
    return Invalid([FieldProblem("name", told)], told)
