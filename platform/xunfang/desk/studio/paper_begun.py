"""A new kind of paper of a draft, begun as a copy of one that there is: its rule, and its template to be reworded."""

import re
from collections.abc import Mapping
from typing import Any

from xunfang.desk.studio.block_keys import next_name
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.faces import Drafted
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rulebook.splicing import AddBlock

MOST_LABEL, MOST_NUMBER = 40, 60
_TITLE = re.compile(r"(\{%-?\s*block title\s*-?%\}).*?(\{%-?\s*endblock(?:\s+title)?\s*-?%\})", re.DOTALL)
_EXTENDS_SAME = re.compile(r"\s*(?:\{#.*?#\}\s*)?\{%-?\s*extends\s+[\"']parent/", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}\n?", re.DOTALL)
_OWN = frozenset({"label", "number", "template"})
"""What a copy says for itself."""


def rules_path(draft: Drafted) -> str:
    """Return where a layer writes its kinds of paper."""
    return f"workflows/{draft.layer}/notices.toml"


def paper_begun(draft: Drafted, rules: Rulebook, model: str, label: str, number: str) -> tuple[str, str, AddBlock]:
    """Return the id, the template and the rule of a new kind of paper; raises Invalid."""
    if problems := list(_wrong(rules, model, label, number)):
        raise Invalid(problems, "没有新增。")
    kind = rules.notices[model]
    paths = (*draft.files, *draft.base)
    id = next_name("paper-", {*rules.notices, *(path.rpartition("/")[2].partition(".")[0] for path in paths)})
    said = {name: value for name, value in _said(draft, rules, model).items() if name not in _OWN}
    data: dict[str, Any] = {"label": label, **said, **({"number": number} if number else {})}
    return id, _template(draft, rules, kind, label), AddBlock((id,), data, None)


def _wrong(rules: Rulebook, model: str, label: str, number: str) -> list[FieldProblem]:
    wrong = []
    if not 0 < len(label) <= MOST_LABEL:
        wrong.append(FieldProblem("label", f"写明这种文书叫什么，不超过{MOST_LABEL}个字。"))
    elif any(kind.label == label for kind in rules.notices.values()):
        wrong.append(FieldProblem("label", f"已经有“{label}”了，请换一个名称。"))
    if model not in rules.notices:
        wrong.append(FieldProblem("model", "选一种文书，照它的样子开始。"))
    if number and any(kind.number == number for kind in rules.notices.values()):
        wrong.append(
            FieldProblem("number", "这个文号已经有别的文书在用。要和它合编的，先不填，新增以后再到“改文号”里选。")
        )
    return wrong


def _said(draft: Drafted, rules: Rulebook, model: str) -> Mapping[str, Any]:
    """Return what the layers say of a kind of paper, the lower one last."""
    said: dict[str, Any] = {}
    for layer in rules.chain:
        path = f"workflows/{layer}/notices.toml"
        blocks, _ = read_blocks(path, draft.files.get(path, ""))
        found = next((block.data for block in blocks if block.key == (model,)), None)
        said |= found if isinstance(found, dict) else {}
    return said


def _template(draft: Drafted, rules: Rulebook, kind: NoticeKind, label: str) -> str:
    """Return the nearest whole template of a kind with the new name as its title."""
    texts = [draft.files.get(f"templates/{layer}/{kind.template}") for layer in reversed(rules.chain)]
    found = [text for text in texts if text]
    whole = next((text for text in found if not _EXTENDS_SAME.match(text)), found[-1] if found else "")
    whole = _COMMENT.sub("", whole)
    return _TITLE.sub(lambda match: f"{match[1]}{label}{match[2]}", whole, count=1)
