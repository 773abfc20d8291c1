"""Duties 定期任务, recurring or after an event: duties.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.facts import check_condition
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.placeholders import check_soft
from xunfang.worktime import parse_limit


@dataclass(frozen=True, slots=True)
class Sample:
    """How many of the things a duty falls on are drawn 抽查: a ratio ("all", "local" or a number) per period."""

    ratio: str
    per: str
    minimum: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A recurring or event-driven duty 定期任务."""

    id: str
    label: str
    of: str
    to: str
    every: str
    due: str
    covers: str
    on_holiday: str
    on: str
    from_: str
    limit: str
    for_: Condition | None
    at_least: int
    satisfied_by: str
    collects: str
    sample: Sample | None
    form: str
    feed: str
    prefill: str
    zero_report: bool
    basis: Basis


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the duties, by id."""
    return {"duties": {key: _duty(key, entry) for key, entry in draft.entries("duties")}}


def _duty(key: str, entry: Entry) -> Duty:
    sample = entry.data.get("sample")
    return Duty(
        id=key,
        label=entry.text("label", key),
        of=entry.text("of"),
        to=entry.text("to"),
        every=entry.text("every"),
        due=entry.text("due"),
        covers=entry.text("covers"),
        on_holiday=entry.text("on_holiday", "keep"),
        on=entry.text("on"),
        from_=entry.text("from"),
        limit=entry.text("limit"),
        for_=entry.condition("for"),
        at_least=int(entry.data.get("at_least", 1)),
        satisfied_by=entry.text("satisfied_by"),
        collects=entry.text("collects"),
        sample=Sample(str(sample["ratio"]), sample.get("per", "month"), sample.get("minimum", 0)) if sample else None,
        form=entry.text("form"),
        feed=entry.text("feed"),
        prefill=entry.text("prefill"),
        zero_report=bool(entry.data.get("zero_report")),
        basis=entry.basis(),
    )


def link(draft: Draft) -> None:
    """Check the names in every duty."""
    for duty in draft.rules.duties.values():
        _link_duty(draft, duty)


def _link_duty(draft: Draft, duty: Duty) -> None:
    names = [
        ("of", duty.of, "units"),
        ("to", duty.to, "units"),
        ("form", duty.form, "forms"),
        ("feed", duty.feed, "feeds"),
        ("collects", duty.collects, "duties"),
        ("prefill", duty.prefill, "ledgers"),
        ("satisfied_by", duty.satisfied_by, "forms"),
    ]
    for key, word, kind in names:
        draft.check_name("duties", (duty.id, key), word, kind)
    check_condition(draft, "duties", (duty.id, "for"), duty.for_)
    draft.check_basis("duties", (duty.id,), duty.basis)
    _check_times(draft, duty)
    if not (duty.every or duty.on or duty.collects):
        hint = '补上 every = "month"，或 on = "event"'
        draft.error("duties", (duty.id,), "DUTY_NEVER", "没有写明何时发生", hint)


def _check_times(draft: Draft, duty: Duty) -> None:
    _check_anchor_of(draft, duty)
    texts = {"limit": duty.limit, "due": f"by {duty.due}" if duty.due else ""}
    for key, text in texts.items():
        if text and not _reads(text):
            hint = '写作 "day 5"、"Monday"、"month end" 或 "12-31"' if key == "due" else '如 "3 workdays"、"24 hours"'
            shown = text.removeprefix("by ") if key == "due" else text
            draft.error("duties", (duty.id, key), "LIMIT_UNREADABLE", f"时限“{shown}”无法识别", hint)
    if duty.limit:
        check_soft(draft, "duties", (duty.id, "limit"), duty.limit)


def _reads(text: str) -> bool:
    try:
        parse_limit(text)
    except ValueError:
        return False
    return True


def _check_anchor_of(draft: Draft, duty: Duty) -> None:
    """A duty that runs from an answer needs a day or moment of that name in its own form, or in its feed's."""
    form = draft.rules.forms.get(duty.form or getattr(draft.rules.feeds.get(duty.feed), "row_form", ""))
    if form and duty.from_.startswith("answers."):
        days = {f"answers.{name}" for name, field in form.fields.items() if field.kind in {"moment", "date"}}
        if duty.from_ not in days:
            message = f"表单“{form.title}”中没有日期字段“{duty.from_.removeprefix('answers.')}”"
            draft.error("duties", (duty.id, "from"), "ANCHOR_UNKNOWN", message, did_you_mean(duty.from_, days))


DUTIES = Kind("duties", build, link, label="定期任务", heading="定期任务", cites=True, serves="duty", fact="duty")
