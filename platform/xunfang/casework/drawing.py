"""Drawing 抽取: what a unit checks is drawn once; who has gone is stood in for by the next, as the rule says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.items import kind_of
from xunfang.casework.owing import DRAWN, KEPT_OPEN
from xunfang.casework.rows import Drawing, DutyPeriod, OwedThing, Task
from xunfang.clock import SHANGHAI, local, local_date
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.drawing import Lot, digest_of, draw_from, shares
from xunfang.rules.visits import planned_day
from xunfang.worktime import Every, Period, period_of

REST = "其余"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody, or a case, that may be drawn: as what it goes into the draw, whom it is about, where they live."""

    lot: Lot
    person: str
    residence: str


@dataclass(frozen=True, slots=True)
class Made:
    """A draw as it was made, beside whoever writes: all that is on record of it, and who or what was drawn."""

    lots: str
    digest: str
    population: int
    strata: Sequence[Mapping[str, Any]]
    seed: str
    minimum: int
    drawn: tuple[Candidate, ...]
    days: Period | None


def make(
    rulebook: Rulebook, duty: Duty, candidates: Iterable[Candidate], seed: str, minimum: int, days: Period | None
) -> Made:
    """Draw, by a seed, at least so many; `days` are those in which something happened in cases, None of people."""
    known = {each.lot.key: each for each in candidates}
    lots = [known[key].lot for key in sorted(known)]
    assert duty.sample is not None
    drawn = draw_from(duty.sample, lots, seed, rulebook.divisions, minimum)
    lines = "\n".join(f"{lot.key} {lot.stratum} {lot.place}" for lot in lots)
    strata = _strata(rulebook, duty, lots)
    return Made(lines, digest_of(lots), len(lots), strata, seed, minimum, tuple(known[key] for key in drawn), days)


def draw_now(draft: Draft, task: Task, made: Made) -> Drawing:
    """Let what was drawn be owed, and note all by which anybody can draw the same again."""
    owed = draft.owed(task)
    drawing = draft.put(
        Drawing(
            id=draft.new_id(),
            jurisdiction=owed.jurisdiction,
            residence=owed.residence,
            duty=owed.duty,
            unit=owed.unit,
            every=owed.every,
            begins_on=owed.begins_on,
            period=owed.id,
            release=draft.rulebook.digest,
            drawn_at=draft.at,
            seed=made.seed,
            digest=made.digest,
            population=made.population,
            minimum=made.minimum,
            lots=made.lots,
            strata=made.strata,
            drawn=tuple(each.lot.key for each in made.drawn),
            first=made.days.first if made.days else None,
            last=made.days.last if made.days else None,
        )
    )
    for nth, one in enumerate(made.drawn):
        draft.put(_thing(draft, owed, task, one, nth, of_cases=made.days is not None))
    _tell(draft, task, drawing)
    return drawing


def _strata(rulebook: Rulebook, duty: Duty, lots: Sequence[Lot]) -> list[Mapping[str, Any]]:
    """Return what each stratum was, how many it had, and how many of these were wanted."""
    sample = duty.sample
    assert sample is not None
    names = [*(condition_words(rulebook, each.when) for each in sample.strata), REST]
    shown = [*(each.ratio or str(each.count) for each in sample.strata), sample.ratio]
    by_count = [*(bool(each.count) for each in sample.strata), False]
    had = [sum(lot.stratum == nth for lot in lots) for nth in range(len(names))]
    rows = zip(names, shown, by_count, had, shares(sample, lots), strict=True)
    return [
        {"label": label, "share": share, "count": count, "had": many, "wanted": min(wanted, many)}
        for label, share, count, many, wanted in rows
    ]


def _tell(draft: Draft, task: Task, drawing: Drawing) -> None:
    data = {
        "duty": drawing.duty,
        "drawing": drawing.id,
        "population": drawing.population,
        "drawn": len(drawing.drawn),
        "seed": drawing.seed,
        "digest": drawing.digest,
    }
    draft.event("duty.drawn", task=task.id, data=data, rule=drawing.duty, cites=task.cites)
    if drawing.unit in draft.staffed:
        by = f"，应于{local(task.due_at):%-m月%-d日 %H:%M}前完成" if task.due_at else ""
        named = kind_of(task).named(draft.rulebook, draft.owed(task))
        body = f"{named}已从{drawing.population}件中抽出{len(drawing.drawn)}件{by}，请在“走访”中逐件办理。"
        draft.tell(drawing.unit, "task", "抽查名单已抽出", body, key=f"drawn:{drawing.id}", task=task.id)


def _thing(draft: Draft, owed: DutyPeriod, task: Task, one: Candidate, nth: int, *, of_cases: bool) -> OwedThing:
    today = local_date(draft.at)
    ends_on = _last_day(owed) if not of_cases else today + KEPT_OPEN
    due_at = task.due_at or datetime.combine(ends_on, time(23, 59, 59), SHANGHAI)
    within = Period(today, max(today, min(ends_on, local_date(due_at))), Every.DAY)
    planned = planned_day(draft.rulebook.calendar, within, nth, today)
    return OwedThing(
        id=draft.new_id(),
        jurisdiction=owed.jurisdiction,
        residence=one.residence or owed.residence,
        duty=owed.duty,
        asks=owed.duty,
        subject=DRAWN,
        matter=owed.duty,
        about=one.lot.key,
        person=one.person,
        period=owed.id,
        unit=owed.unit,
        every=owed.every,
        begins_on=owed.begins_on,
        ends_on=ends_on,
        planned_at=datetime.combine(planned, time.min, SHANGHAI),
        due_at=due_at,
    )


def _last_day(owed: DutyPeriod) -> date:
    return period_of(Every(owed.every), owed.begins_on, owed.begins_on).last


def let_go(draft: Draft, task: Task, thing: OwedThing, because: str, stand_in: Candidate | None) -> None:
    """Let one that was drawn be checked no more, and the next stand in for it 替补, where there is one."""
    if thing.status != "owed":
        return
    owed = draft.owed(task)
    draft.change(thing, status="ended" if stand_in else "waived", because=because, ended_at=draft.at)
    if stand_in:
        new = _thing(draft, owed, task, stand_in, 0, of_cases=thing.about != thing.person)
        draft.put(replace(new, due_at=max(new.due_at, thing.due_at)))
    data = {"duty": owed.duty, "gone": because, "instead": "next" if stand_in else "nobody", "thing": thing.id}
    draft.event("duty.redrawn", task=task.id, data=data, rule=owed.duty, cites=task.cites)


def may_stand_in(duty: Duty) -> bool:
    """Return whether the next stands in for one that has gone; else it is waived."""
    return duty.sample is not None and duty.sample.gone == "replace"


def lots_in(drawing: Drawing) -> list[Lot]:
    """Return what was drawn from, as it was noted."""
    told = (line.split(" ", 2) for line in drawing.lots.splitlines())
    return [Lot(key, int(stratum), place) for key, stratum, place in told]


def drawn_again(rulebook: Rulebook, drawing: Drawing) -> tuple[str, ...]:
    """Return what comes of the same draw made anew from what was noted, by the rules that it was drawn by."""
    duty = rulebook.duties.get(drawing.duty)
    if duty is None or duty.sample is None:
        return ()
    return draw_from(duty.sample, lots_in(drawing), drawing.seed, rulebook.divisions, drawing.minimum)


def least_left(minimum: int, earlier: Iterable[Drawing]) -> int:
    """Return how many are still drawn at least, after earlier draws that count towards the same."""
    return max(0, minimum - sum(len(drawing.drawn) for drawing in earlier))
