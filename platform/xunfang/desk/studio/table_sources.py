"""What a table of a paper can have a row for, and what its cells can say: in the names that people know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunfang.desk.studio.paper_faces import FactGroup, groups_of
from xunfang.rulebook.fields import Field
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rulebook.paper_tables import ROW
from xunfang.rules.sample_papers import sample_notice_facts

_ONE = "只有一行（就是这件事）"
_NUMBER, _ITSELF = ("{{ loop.index }}", "序号"), (f"{{{{ {ROW} }}}}", "名称")
_FILTERS = {"date": "date", "moment": "datetime", "choices": "join"}
_UNSHOWN = frozenset(("identity", "phone"))
"""What rows tell whole, and papers only in part."""
_TELLING = (("case", "受理时填的"), ("task", "办理时填的"))
_TEXTS = {"notice.copies": "抄送单位", "task.assist": "协办单位"}
_SAT = {
    "place_in": "序号", "case": "编号", "name": "姓名", "place": "地址", "matter": "事项", "decision": "会议决定",
    "outcome": "办理结果", "words": "说明",
}  # fmt: skip
_KNOWN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "results": (
        "各承办单位的办理结果",
        {"unit": "承办单位", "label": "环节", "outcome": "办理结果", "opened_at | datetime": "交办时间",
         "completed_at | datetime": "办结时间", "completed_by": "经办人"},
    ),
    "cites": ("依据的条款", {"document": "文件", "number": "文号", "text": "原文"}),
    "circular.units": (
        "通报的各单位", {"label": "单位", "count": "逾期件数", "longest": "最长超期天数", "named | join": "是哪几件"}
    ),
    "sitting.present": ("出席的单位", {"unit": "单位", "names": "人员"}),
    "sitting.decided": ("会上议定的事项", _SAT),
    "sitting.postponed": ("延期研究的事项", _SAT),
    "sitting.withdrawn": ("撤下的议题", _SAT),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Things of which a table has a row each: as a template names them, as people do, and what a cell may say."""

    path: str
    label: str
    groups: Sequence[FactGroup]

    def naming(self, name: str) -> "Source":
        """Return the same with each row called otherwise in the cells."""
        own = f"{{{{ {ROW}"
        groups = [
            FactGroup(
                group.label,
                [
                    (f"{{{{ {name}{fact.removeprefix(own)}" if fact.startswith(own) else fact, said)
                    for fact, said in group.facts
                ],
            )
            for group in self.groups
        ]
        return self if name == ROW else Source(self.path, self.label, groups)

    def label_of(self, cell: str) -> str:
        """Return what people call what a cell says, "" for what is in no list."""
        return next((said for group in self.groups for fact, said in group.facts if fact == cell), "")


def sources(rules: Rulebook, kind: NoticeKind) -> list[Source]:
    """Return everything that a table of a paper can have rows for; first of all, one row."""
    facts, whole = sample_notice_facts(rules, kind), whole_facts(rules, kind)
    found = [Source("", _ONE, whole)]
    for path, label, groups in (*_tables(rules, facts), *_known(rules, facts), *_texts(facts)):
        found.append(Source(path, label, [*groups, *whole]))
    return found


def whole_facts(rules: Rulebook, kind: NoticeKind) -> list[FactGroup]:
    """Return the facts that are the same in every row, each written so that it prints where it is not asked, too."""
    found = []
    for group in groups_of(rules, kind):
        cells = [(_safe(rules, fact), said) for fact, said in group.facts]
        found.append(FactGroup(group.label, [(cell, said) for cell, said in cells if cell]))
    return found


def _safe(rules: Rulebook, fact: str) -> str:
    """Return how a cell prints a fact, "" for one that is no single thing."""
    path = fact.strip("{} ")
    root, _, name = path.partition(".")
    field = _field(rules, name) if root in ("case", "task") else None
    if field is None or path in _FIXED_FILTERS:
        return f"{{{{ {path}{_FIXED_FILTERS.get(path, '')} }}}}"
    return "" if field.row or field.kind == "photos" else _cell(path, field, asked=True)


_FIXED_FILTERS = {
    "notice.issued_on": " | date", "notice.copies": " | join", "case.opened_at": " | datetime",
    "task.due_at": " | datetime", "task.opened_at": " | datetime", "task.completed_at": " | datetime",
    "task.overdue_as_of": " | date",
}  # fmt: skip


def _cell(path: str, field: Field, *, asked: bool = False) -> str:
    """Return how a cell prints an answer; `asked`: it may be that no form asks for it."""
    words = [path, *(['default("")'] if asked else ()), *filter(None, [_FILTERS.get(field.kind)])]
    return f"{{{{ {' | '.join(words)} }}}}"


def _field(rules: Rulebook, name: str) -> Field | None:
    return next((form.fields[name] for form in rules.forms.values() if name in form.fields), None)


Found = tuple[str, str, list[FactGroup]]


def _tables(rules: Rulebook, facts: Mapping[str, Any]) -> Iterator[Found]:
    """Yield the tables that forms ask for: a row for each member of the household, each visit, each bill."""
    for root, said in _TELLING:
        for name, value in facts[root].items():
            if not isinstance(value, list):
                continue
            field = _table_field(rules, name)
            if field and field.row:
                yield f"{root}.{name}", f"{said}“{field.title}”，每{field.row.title or '项'}一行", [_columns(field)]
            elif (asked := _field(rules, name)) and asked.kind == "choices":
                yield f"{root}.{name}", f"{said}“{asked.title}”，每项一行", [FactGroup(asked.title, [_NUMBER, _ITSELF])]


def _table_field(rules: Rulebook, name: str) -> Field | None:
    found = (form.fields[name] for form in rules.forms.values() if name in form.fields)
    return next((field for field in found if field.row), None)


def _columns(field: Field) -> FactGroup:
    assert field.row is not None
    shown = [column for column in field.row.fields.values() if column.sensitive not in _UNSHOWN]
    cells = [(_cell(f"{ROW}.{column.name}", column), column.title) for column in shown]
    return FactGroup(field.title, [_NUMBER, *cells])


def _known(rules: Rulebook, facts: Mapping[str, Any]) -> Iterator[Found]:
    for path, (label, columns) in _KNOWN.items():
        root, _, name = path.partition(".")
        value = facts.get(root)
        several = value.get(name) if isinstance(value, dict) else value
        if isinstance(several, list) and several and isinstance(several[0], dict):
            cells = [(f"{{{{ {ROW}.{key} }}}}", said) for key, said in columns.items()]
            asked = _answers(rules, several[0]) if path == "results" else []
            yield path, label, [FactGroup(label, [_NUMBER, *cells, *asked])]


def _answers(rules: Rulebook, told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what tasks answer in their forms, as the rows of results tell it."""
    fields = [(name, field) for name in told if (field := _field(rules, name)) and not field.row]
    shown = [(name, field) for name, field in fields if field.sensitive not in _UNSHOWN]
    return [(_cell(f"{ROW}.{name}", field, asked=True), field.title) for name, field in shown]


def _texts(facts: Mapping[str, Any]) -> Iterator[Found]:
    for path, label in _TEXTS.items():
        root, _, name = path.partition(".")
        if isinstance(facts.get(root, {}).get(name), list):
            yield path, f"{label}，每个一行", [FactGroup(label, [_NUMBER, _ITSELF])]
