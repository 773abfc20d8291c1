"""What a field of a form touches once it has to be filled in: told beside it, before anything breaks by it."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xunfang.desk.studio.faces import Drafted
from xunfang.rulebook.compile import DEMO
from xunfang.rulebook.model import IntakeForm, NoticeKind, Rulebook

_FACTS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WORD = re.compile(r"\w+")
_OPENING, _WORKING = "clue", "task"
"""Under which names ledgers know what a form asks: of the report that opens a case, and of its tasks."""


@dataclass(frozen=True, slots=True)
class Touch:
    """What stands on a form: of which kind, what is to be done about it, and what these things are called."""

    label: str
    said: str
    names: Sequence[str]


def touches_of(draft: Drafted, rules: Rulebook, form: IntakeForm, field: str = "") -> Sequence[Touch]:
    """Return what would have to change with a field that becomes required, and where it might be shown.

    `field` is its name, "" for one that is about to be added.
    """
    found = (
        Touch("情景", "填这张表单而没有填它的，要跟着改，不然不再相符：", _scenarios(rules, form.id, field)),
        Touch("部门数据", "报送的表里没有这一列的，由它立的案会缺这一项：", list(_feeds(rules, form, field))),
        Touch("台账", "登记这张表单、还没有这一列的，需要的话加上：", list(_ledgers(rules, form, field))),
        Touch("文书", "印着这张表单的内容、还没有印它的，需要的话写进去：", list(_papers(rules, form, field))),
        Touch("演示", "演示数据里没有填它的人（演示数据由服务器上的文件夹维护）：", list(_demo(draft, form.id, field))),
    )
    return [each for each in found if each.names]


def _scenarios(rules: Rulebook, form: str, field: str) -> list[str]:
    return [each.label for each in rules.scenarios if any(leaves_open(step, form, field) for step in each.steps)]


def leaves_open(step: Mapping[str, Any], form: str, field: str) -> bool:
    """Return whether a step of a scenario hands in a form without a field, and does not expect that to be refused."""
    told, refused = step.get("answers", {}), step.get("expect", {}).get("problems", ())
    return step.get("submit") == form and field not in told and field not in refused


def _feeds(rules: Rulebook, form: IntakeForm, field: str) -> Iterator[str]:
    for feed in rules.feeds.values():
        opens = feed.opens == form.id and not {field} & (feed.columns.keys() | feed.into.keys() | feed.sets.keys())
        if opens or (feed.row_form == form.id and field not in feed.columns):
            yield feed.label


def _ledgers(rules: Rulebook, form: IntakeForm, field: str) -> Iterator[str]:
    opening = any(form.id in flow.opens_on for flow in rules.flows.values())
    root = _OPENING if opening else _WORKING
    asked = {f"{root}.{name}" for name in form.fields if name != field}
    for ledger in rules.ledgers.values():
        columns = {column.path for column in ledger.columns}
        if columns & asked and f"{root}.{field}" not in columns:
            yield ledger.label


def _papers(rules: Rulebook, form: IntakeForm, field: str) -> Iterator[str]:
    asked = form.fields.keys() - {field}
    for notice in rules.notices.values():
        texts = templates_of(rules, notice)
        words = {word for text in texts for each in _FACTS.findall(text) for word in _WORD.findall(each)}
        if words & asked and field not in words:
            yield notice.label


def templates_of(rules: Rulebook, notice: NoticeKind) -> Sequence[str]:
    """Return the texts that a paper is printed from, of each layer that writes it."""
    return [text for name, text in rules.templates.items() if name.rpartition("/")[2] == notice.template]


def _demo(draft: Drafted, form: str, field: str) -> Iterator[str]:
    """Yield the invented people whose reports leave a field open."""
    yield from (name for name, answers in people_of(draft, form) if field not in answers)


def people_of(draft: Drafted, form: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the invented people of the demonstration who are reported by a form, each with the answers to it."""
    told = _told(draft.files.get(f"workflows/{draft.layer}/{DEMO}", ""))
    for case in told.get("cases", ()):
        answers = {**told.get("answers", {}).get(case.get("base", ""), {}), **case.get("answers", {})}
        if case.get("form") == form:
            yield str(answers.get("name", "没有留姓名的")), answers


@lru_cache(maxsize=8)
def _told(text: str) -> Mapping[str, Any]:
    """Return what a demonstration tells, nothing for one that cannot be read; each column of rows asks for it."""
    try:
        return tomllib.loads(text)
    except ValueError:
        return {}
