"""The papers of a draft as they are edited: the template of each, the facts it may say, samples to print."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xunfang.actions.papers import NoticeOrder, order_of
from xunfang.clock import local, parse
from xunfang.desk.labels import Labels
from xunfang.desk.studio.faces import Drafted
from xunfang.errors import NotFound
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.describe.lines import quoted_once
from xunfang.rules.sample_papers import Place, places_printing, sample_notice_facts

WAYS: Mapping[str, str] = {"usual": "通常", "empty": "凡可不填的都没填", "long": "填得很长"}
"""With which facts a paper is tried."""
_MARK = "样张　不作凭证"
_ANSWERED = ("case", "task", "person", "contact")
_NEEDED = re.compile(r"([a-z_.]+)\s*\|\s*needed\b")
_LONG_NAME = "阿布都热合曼·买买提依明江"
_LONG = "这一项特意填得很长，用来看版面：会不会挤出格子、盖住别的内容、多出一页。" * 8
_LONG_CELL = "这一格也特意填得很长，看会不会挤出去"
_MANY_ROWS, _MANY_RESULTS = 12, 4
_SHORT, _MOMENT = 30, re.compile(r"\d{4}-\d{2}-\d{2}T")
_FIXED: Mapping[str, Mapping[str, str]] = {
    "notice": {"number": "文号", "issued_on": "成文日期", "label": "文书名称", "copies": "抄送单位"},
    "unit": {"label": "主送（承办）单位"},
    "issuer": {"label": "发文单位"},
    "person": {
        "name": "姓名", "masked_name": "姓名（隐去）", "sex": "性别", "age": "年龄", "id_number": "证件号码（隐去）",
        "phone": "电话（隐去）", "residence.label": "现居住地", "registration.label": "户籍所在地",
    },
    "case": {"number": "案号", "opened_at": "立案时间", "source": "线索来源"},
    "task": {
        "label": "环节", "unit": "承办单位", "due_at": "办理时限", "limit": "期限", "outcome": "办理结果",
        "opened_at": "交办时间", "completed_at": "办结时间", "completed_by": "经办人", "days_overdue": "超期天数",
        "overdue_as_of": "超期算到的日期",
    },
    "contact": {"unit": "联系单位", "phone": "联系电话"},
    "jurisdiction": {"name": "辖区", "brand": "服务品牌", "hotline": "热线"},
}  # fmt: skip
_GROUPS = {
    "notice": "这份文书", "unit": "主送", "issuer": "发文单位", "person": "当事人", "case": "受理时填的",
    "task": "办理时填的", "contact": "联系方式", "jurisdiction": "本辖区",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A kind of paper in the list."""

    id: str
    label: str
    own: bool
    printed: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that a template may say: (what is written, what it is called); `examples`: by what is written, one."""

    label: str
    facts: Sequence[tuple[str, str]]
    examples: Mapping[str, str] = field(default_factory=dict)

    def hint(self, written: str, called: str) -> str:
        """Return a fact by its name and, where there is one, an example of it."""
        example, name = self.examples.get(written, ""), called if called == self.label else f"{self.label}：{called}"
        return quoted_once(f"{name}，如“{example}”") if example else name


@dataclass(frozen=True, slots=True)
class PaperFace:
    """One kind of paper: its template as the layer writes it or as it comes from above."""

    id: str
    label: str
    path: str
    own: bool
    text: str
    above: Sequence[tuple[str, str]]  # the texts of layers above, nearest first: (layer, text)
    groups: Sequence[FactGroup]
    places: Sequence[str]


def paper_rows(draft: Drafted, rules: Rulebook) -> list[PaperRow]:
    """Return the kinds of paper of a draft."""
    return [
        PaperRow(kind.id, kind.label, own_path(draft, kind) in draft.files, _printed(rules, kind))
        for kind in rules.notices.values()
    ]


def _printed(rules: Rulebook, kind: NoticeKind) -> str:
    places = places_printing(rules, kind)
    return f"{places[0].flow.label}·{places[0].state.label}" if places else ""


def own_path(draft: Drafted, kind: NoticeKind) -> str:
    """Return where a layer writes a template itself."""
    return f"templates/{draft.layer}/{kind.template}"


def kind_of(rules: Rulebook, kind: str) -> NoticeKind:
    """Return a kind of paper; raises NotFound."""
    if kind not in rules.notices:
        raise NotFound()
    return rules.notices[kind]


def paper_face(draft: Drafted, rules: Rulebook, kind: NoticeKind, last: Sequence[str]) -> PaperFace:
    """Return one kind of paper as it is edited; `last` are the layers, the root first."""
    path = own_path(draft, kind)
    above = [
        (layer, draft.files[where])
        for layer in reversed(last)
        if layer != draft.layer and (where := f"templates/{layer}/{kind.template}") in draft.files
    ]
    own = path in draft.files
    text = draft.files[path] if own else above[0][1] if above else ""
    places = [str(each) for each in places_printing(rules, kind)]
    return PaperFace(kind.id, kind.label, path, own, text, above, list(groups_of(rules, kind)), places)


def groups_of(rules: Rulebook, kind: NoticeKind) -> Iterator[FactGroup]:
    """Yield the facts that a template may say, by what they are about."""
    facts, labels = sample_notice_facts(rules, kind), Labels(rules)
    for name, title in _GROUPS.items():
        told, fixed = facts.get(name) or {}, _FIXED[name]
        found = {f"{name}.{key}": said for key, said in fixed.items() if key.partition(".")[0] in told}
        if name in ("case", "task"):
            asked = (key for key in told if key not in fixed and labels.field(key) != key)
            found |= {f"{name}.{key}": labels.field(key) for key in asked}
        if found:
            examples = {_written(path): said for path in found if (said := _example(facts, path))}
            yield FactGroup(title, [(_written(path), said) for path, said in found.items()], examples)


def _written(path: str) -> str:
    return f"{{{{ {path} }}}}"


def _example(facts: Mapping[str, Any], path: str) -> str:
    """Return what a fact is in the sample, "" for what is no short text."""
    value: Any = facts
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(value, str) or len(value) > _SHORT or _is_free(value):
        return ""
    return f"{local(parse(value)):%Y-%m-%d %H:%M}" if _MOMENT.match(value) else value


def sample_order(rules: Rulebook, kind: NoticeKind, way: str, place: Place | None = None) -> NoticeOrder:
    """Return a sample of a paper to be printed, marked as one, with usual, empty or very long facts."""
    facts = sample_notice_facts(rules, kind, place)
    if way == "empty":
        kept = _needed(rules, kind)
        facts = {**facts, **{name: _emptied(facts[name], name, kept) for name in _ANSWERED}}
        facts["results"] = [_emptied(each, "result", kept) for each in facts["results"]]
    if way == "long":
        facts = {**facts, **{name: _longer(facts[name]) for name in ("case", "task")}}
        facts["results"] = [_longer(each) for each in facts["results"]] * _MANY_RESULTS
        facts["person"] = {**facts["person"], "name": _LONG_NAME}
        facts["notice"] = {**facts["notice"], "copies": facts["notice"]["copies"] * _MANY_RESULTS}
    return order_of(rules, kind.id, facts, _MARK)


def _needed(rules: Rulebook, kind: NoticeKind) -> frozenset[str]:
    """Return what the templates of a paper say that it cannot be printed without."""
    texts = (text for name, text in rules.templates.items() if name.endswith(kind.template))
    return frozenset(found for text in texts for found in _NEEDED.findall(text))


def _emptied(value: Any, path: str, kept: frozenset[str]) -> Any:
    if path in kept:
        return value
    if isinstance(value, dict):
        return {key: _emptied(item, f"{path}.{key}", kept) for key, item in value.items()}
    return [] if isinstance(value, list) else ""


def _longer(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts of which every free text is long, every table has many rows; a day, a number, a choice stays."""
    return {key: _long(said) for key, said in value.items()}


def _long(said: Any) -> Any:
    if isinstance(said, list) and said and isinstance(said[0], dict):
        return [
            {**row, **{key: _LONG_CELL for key, cell in row.items() if _is_free(cell)}} for row in said[:1]
        ] * _MANY_ROWS
    return _LONG if _is_free(said) else said


def _is_free(said: Any) -> bool:
    return isinstance(said, str) and said.startswith("示例")
