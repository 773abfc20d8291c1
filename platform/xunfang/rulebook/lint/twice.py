"""Said twice or not at all: two things with one label, labels of blanks, one name twice in a list."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from xunfang.characters import compact
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.listed import fields_told
from xunfang.rulebook.merge import Merged, Part
from xunfang.rulebook.model import Flow, IntakeForm, Ledger
from xunfang.rulebook.positions import Path

_LABELLED = (
    "units", "roles", "notices", "programmes", "meetings", "alerts", "duties", "deadlines", "routing", "feeds",
    "ledgers", "indicators",
)  # fmt: skip
_NAMES = frozenset(
    {"prints", "starts", "requires", "opens_on", "assist", "may", "cites", "members", "decides", "columns", "checklist",
     "facts", "delivery", "remind"}
)  # fmt: skip
"""Lists of names, in which one stands once."""

_WHO = {"项目": "填表", "时限": "看", "流程": "看", "台账列": "看", "指标": "看"}
"""Who cannot tell two things apart, where it is not somebody who chooses."""


def lint(draft: Draft) -> None:
    """Note labels that people cannot tell apart, and names that stand twice in one list."""
    for kind in _LABELLED:
        things: Mapping[str, Any] = getattr(draft.rules, kind)
        _labels(draft, kind, (), {id: _told_apart(thing) for id, thing in things.items()}, draft.kinds[kind].label)
    _of_forms(draft)
    _named_by_file(draft, "flow", "label", {id: flow.label for id, flow in draft.rules.flows.items()}, "流程")
    for flow in draft.rules.flows.values():
        _of_flow(draft, flow)
    for meeting in draft.rules.meetings.values():
        _named(draft, "meetings", (meeting.id, "labels"), meeting.labels, "会议决定")
    for ledger in draft.rules.ledgers.values():
        _named(draft, "ledgers", (ledger.id, "labels"), _heads(draft, ledger), "台账列")
    for alert in draft.rules.alerts.values():
        _named(draft, "alerts", (alert.id, "labels"), alert.labels, "级别")
    for list_id, entries in draft.rules.lists.items():
        offered = {id: entry.label for id, entry in entries.entries.items() if not entry.retired}
        _labels(draft, "lists", (list_id,), offered, "选项")
    for name, part in draft.parts.items():
        for path, word in _doubled(part):
            message = f"“{word}”在 {path[-1]} 中写了两次"
            draft.findings.error(draft.parts[name], path, "NAMED_TWICE", message, "请删去一个")


def _heads(draft: Draft, ledger: Ledger) -> Mapping[str, str]:
    """Return what stands over each column of a ledger: its label, or the title of the field that fills it."""
    found = {}
    for column in ledger.columns:
        root, _, name = column.path.partition(".")
        if head := column.label or next((field.title for field in fields_told(draft, root, name)), ""):
            found[column.path] = head
    return found


def _of_forms(draft: Draft) -> None:
    _named_by_file(draft, "form", "title", {id: form.title for id, form in draft.rules.forms.items()}, "表单")
    for form in draft.rules.forms.values():
        _titles(draft, form.id, ("properties",), form)
        for field in form.row_fields:
            if field.row:
                _titles(draft, form.id, ("properties", field.name, "items", "properties"), field.row)


def _titles(draft: Draft, form: str, path: Path, fields: IntakeForm) -> None:
    """Note each of several fields of a form, or columns of its rows, that ask under one title."""
    titles = {name: field.title for name, field in fields.fields.items()}
    _seen(draft, titles, "项目", lambda name: (f"form:{form}", (*path, name, "title")))


def _of_flow(draft: Draft, flow: Flow) -> None:
    _labels(draft, f"flow:{flow.id}", ("states",), {id: each.label for id, each in flow.states.items()}, "环节")
    for state in flow.states.values():
        outcomes = {id: outcome.label for id, outcome in state.outcomes.items()}
        _labels(draft, f"flow:{flow.id}", ("states", state.id, "outcomes"), outcomes, "办理结果")


def _named_by_file(draft: Draft, kind: str, key: str, labels: Mapping[str, str], what: str) -> None:
    """Note each of several things that have a file of their own."""
    _seen(draft, labels, what, lambda id: (f"{kind}:{id}", (key,)))


def _told_apart(thing: Any) -> str:
    """Return what people see of a thing: `{division}` in a label is another name at each level."""
    return str(thing.label).replace("{division}", f"{{{getattr(thing, 'per', '')}}}")


def _labels(draft: Draft, part: str, path: Path, labels: Mapping[str, str], what: str) -> None:
    """Note each of several things that carry a label in a table of their own."""
    _seen(draft, labels, what, lambda id: (part, (*path, id, "label")))


def _named(draft: Draft, part: str, path: Path, labels: Mapping[str, str], what: str) -> None:
    """Note each of several names that one table gives to ids."""
    _seen(draft, labels, what, lambda id: (part, (*path, id)))


def _seen(draft: Draft, labels: Mapping[str, str], what: str, place: Callable[[str], tuple[str, Path]]) -> None:
    """Note labels that people cannot tell apart, and those in which there is nothing to see."""
    for id in _second(labels):
        first = next(other for other in labels if _to_the_eye(labels[other]) == _to_the_eye(labels[id]))
        message = f"两个{what}都叫“{labels[id]}”：{first} 和 {id}，{_WHO.get(what, '选')}的人分不清"
        hint = f"请改其中一个的名称{'；重复的，删去或写 retired' if what == '选项' else ''}"
        draft.error(*place(id), "LABEL_TWICE", message, hint)
    for id in (id for id, label in labels.items() if label and not _to_the_eye(label)):
        draft.error(*place(id), "LABEL_BLANK", f"这个{what}的名称只有空格，看不见", "请写出名称")


def _second(labels: Mapping[str, str]) -> list[str]:
    """Return the ids whose label another had before: people read two as one that differ in width or blanks only."""
    first: dict[str, str] = {}
    seen = ((id, _to_the_eye(label)) for id, label in labels.items())
    return [id for id, label in seen if label and first.setdefault(label, id) != id]


@lru_cache(maxsize=8192)
def _to_the_eye(label: str) -> str:
    return compact(label)


def _doubled(part: Part) -> tuple[tuple[Path, str], ...]:
    return () if part.kind in {"form", "scenario", "calendar", "policies"} else _doubled_in(part.merged)


@lru_cache(maxsize=1024)
def _doubled_in(merged: Merged) -> tuple[tuple[Path, str], ...]:
    """Return each word that stands twice in a list of names: looked for once for all who inherit the same."""
    return tuple(_doubles(merged.data))


def _doubles(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, key), item) for key, item in value.items() if isinstance(item, (dict, list))]
        elif isinstance(value, list):
            words = [item for item in value if isinstance(item, str)] if path[-1] in _NAMES else []
            if len(set(words)) < len(words):
                yield from ((path, word) for word in dict.fromkeys(words) if words.count(word) > 1)
            waiting += [((*path, index), item) for index, item in enumerate(value) if isinstance(item, dict)]
