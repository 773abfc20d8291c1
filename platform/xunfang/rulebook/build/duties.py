"""duties.toml, feeds.toml, meetings.toml, notices.toml, ledgers.toml and indicators.toml."""

from collections.abc import Mapping

from xunfang.rulebook.build.entry import Entry, entries
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import (
    Column,
    Duty,
    Feed,
    Indicator,
    Ledger,
    Meeting,
    NoticeKind,
    Sample,
    Score,
    Selection,
)


def duties(part: Part, findings: Findings) -> Mapping[str, Duty]:
    """Return the duties, by id."""
    return {key: _duty(key, entry) for key, entry in entries(part, findings)}


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


def feeds(part: Part, findings: Findings) -> Mapping[str, Feed]:
    """Return the feeds, by id."""
    return {
        key: Feed(
            id=key,
            label=entry.text("label"),
            columns={name: tuple(heads) for name, heads in entry.data["columns"].items()},
            row_form=entry.text("row_form"),
            keep_when=entry.condition("keep_when"),
            match=entry.text("match"),
            opens=entry.text("opens"),
            unless=entry.condition("unless"),
            basis=entry.basis(),
        )
        for key, entry in entries(part, findings)
    }


def meetings(part: Part, findings: Findings) -> Mapping[str, Meeting]:
    """Return the meetings, by id."""
    return {
        key: Meeting(
            id=key,
            label=entry.text("label"),
            convenes=entry.text("convenes"),
            members=entry.names("members"),
            quorum=entry.text("quorum"),
            decides=entry.names("decides"),
            minutes=entry.text("minutes"),
            basis=entry.basis(),
            labels=entry.data.get("labels", {}),
        )
        for key, entry in entries(part, findings)
    }


def notices(part: Part, findings: Findings) -> Mapping[str, NoticeKind]:
    """Return the kinds of notice, by id."""
    return {
        key: NoticeKind(
            id=key,
            label=entry.text("label"),
            layout=entry.text("layout"),
            number=entry.text("number"),
            signed_off_by=entry.text("signed_off_by"),
            seal=entry.text("seal"),
            facts=entry.names("facts"),
            template=entry.text("template", f"{key}.html"),
            basis=entry.basis(),
            to=entry.text("to", "unit"),
            delivery=entry.names("delivery"),
        )
        for key, entry in entries(part, findings)
    }


def ledgers(part: Part, findings: Findings) -> Mapping[str, Ledger]:
    """Return the ledgers, by id."""
    found = {}
    for key, entry in entries(part, findings):
        heads = entry.data.get("labels", {})
        columns = tuple(Column(path, heads.get(path, "")) for path in entry.names("columns"))
        found[key] = Ledger(
            key, entry.text("label"), entry.text("of"), entry.condition_or_always("where"), columns, entry.basis()
        )
    return found


def indicators(part: Part, findings: Findings) -> Mapping[str, Indicator]:
    """Return the indicators, by id."""
    found = {}
    for key, entry in entries(part, findings):
        score = entry.data.get("score")
        whole = entry.sub("whole")
        found[key] = Indicator(
            id=key,
            label=entry.text("label"),
            per=entry.names("per"),
            whole=Selection(whole.text("of"), whole.condition_or_always("where")),
            part=entry.sub("part").condition_or_always("where"),
            score=Score(float(score["points"]), float(score.get("full_at", 1))) if score else None,
            basis=entry.basis(),
        )
    return found
