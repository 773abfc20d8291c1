"""The script of a demonstration, a county's `demo.toml` and `demo-year.toml`: who signs in, and who did what when.

Moments are relative to the present, so that something is overdue and something due soon whenever it is played. Day 0 is
the workday whose office has not closed yet; `workdays_ago` counts back from it, an act's `day` forward from its story.
`demo.toml` tells the last month; `demo-year.toml` what came before it, and what is done again and again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from xunfang.clock import SHANGHAI, local_date
from xunfang.demo.cast import Cast
from xunfang.demo.moments import Telling
from xunfang.demo.rhythm import COUNT, COUNT_REPORT, HAND_IN, NIL, OPEN, VISIT, rhythm
from xunfang.demo.step import SIGN, SUBMIT, Step, Table
from xunfang.errors import Refused
from xunfang.rulebook.compile import DEMO, DEMO_YEAR, jurisdictions
from xunfang.rulebook.files import Files, UnreadableError, parse_document
from xunfang.rulebook.model import Rulebook

AGAIN = (COUNT, COUNT_REPORT, HAND_IN, NIL, OPEN, VISIT)
"""What is done again and again, by nobody's story."""


@dataclass(frozen=True, slots=True)
class Login:
    """One person who can sign in; `division` is the prefix of what they see beyond their unit's own tasks."""

    login: str
    name: str
    unit: str
    roles: tuple[str, ...]
    division: str


@dataclass(frozen=True, slots=True)
class Script:
    """A whole demonstration: the shared password, the people, and every act in the order of time."""

    password: str
    logins: tuple[Login, ...]
    steps: tuple[Step, ...]


def script_of(files: Files, rulebook: Rulebook, base: datetime, *, whole: bool = False) -> Script | None:
    """Return the script that a jurisdiction keeps, played up to `base`; None when it keeps none.

    `whole`: with the year before the month. Raises Refused, with a sentence that names the entry, for a script that
    cannot be understood.
    """
    path = f"workflows/{rulebook.id}/{DEMO}"
    if path not in files:
        return None
    try:
        data = parse_document(path, files[path]).data
        told = Telling(rulebook, base, data.get("answers", {}))
        year = _year(files, data, told) if whole else ()
        steps = [*_stories(data, told), *(replace(step, loose=True) for step in year)]
        steps = sorted((*steps, *_signings(data, told, steps)), key=lambda it: it.moment)
        return Script(data["password"], _logins(data), tuple(step for step in steps if step.moment <= base))
    except UnreadableError as error:
        raise Refused(str(error.problem), "DEMO_UNUSABLE") from None
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Refused(f"{path} 或者 {DEMO_YEAR} 写得不完整：{error}", "DEMO_UNUSABLE") from None


def year_files(files: Files, jurisdiction: str) -> list[str]:
    """Return the files that tell of the year before the month, the county's own last; none where it keeps none."""
    found = [
        path for layer in jurisdictions(files)[jurisdiction] if (path := f"workflows/{layer}/{DEMO_YEAR}") in files
    ]
    return found if f"workflows/{jurisdiction}/{DEMO_YEAR}" in found else []


def _logins(data: Table) -> tuple[Login, ...]:
    return tuple(
        Login(each["login"], each["name"], each["unit"], tuple(each["roles"]), each["division"])
        for each in data["logins"]
    )


def _year(files: Files, month: Table, told: Telling) -> Iterator[Step]:
    """Yield what came before the month: stories of this and higher layers, those lived by others too, what recurs."""
    layers = [parse_document(path, files[path]).data for path in year_files(files, told.rulebook.id)]
    if not layers:
        return
    own = layers[-1]
    played = Cast(told.rulebook, own.get("cast", {}), own.get("people", ()))
    yield from _stories({"cases": [*_lived_again(own, {each["id"]: each for each in month["cases"]})]}, told)
    for layer in layers:
        told = told.knowing(layer.get("answers", {}))
        stories = [played.told(each) for each in layer.get("cases", ()) if each["id"] not in own.get("without", ())]
        yield from _stories({"cases": stories}, told)
    yield from rhythm(own, told)


def _stories(data: Table, told: Telling) -> Iterator[Step]:
    """Yield each act of each story, the report that opens its case first, or its own `act`."""
    for story in data.get("cases", ()):
        start = told.start_of(story)
        acts = [{"act": SUBMIT, **story}, *story.get("acts", ())]
        for place, act in enumerate(acts):
            moment = told.moment_of(act, start) if place else start
            yield Step(moment, story["id"], place, act["act"], act["by"], told.filled(act, moment))


def _lived_again(year: Table, known: Mapping[str, Table]) -> Iterator[Table]:
    """Yield the stories of `[[repeated]]`: one of the month, told of somebody else at another time."""
    for each in year.get("repeated", ()):
        model = known[each["like"]]
        name = model["answers"]["name"]
        for place, person in enumerate(each["people"]):
            own = {key: value for key, value in person.items() if key not in ("workdays_ago", "at")}
            story = _renamed({**model}, name, own["name"])
            story |= {"id": f"{each['like']}-{place}", "workdays_ago": person["workdays_ago"]}
            story["at"] = person.get("at", model["at"])
            yield {**story, "answers": {**story["answers"], **own}}


def _renamed(value: Any, name: str, other: str) -> Any:
    """Return what a story tells with somebody else's name wherever its own stands."""
    if isinstance(value, str):
        return value.replace(name, other)
    if isinstance(value, dict):
        return {key: _renamed(inner, name, other) for key, inner in value.items()}
    return [_renamed(inner, name, other) for inner in value] if isinstance(value, list) else value


def _signings(data: Table, told: Telling, steps: Iterable[Step]) -> Iterator[Step]:
    """Yield, for each signer, one step on every workday since the first case: whatever waits then is signed."""
    if not data.get("signings"):
        return
    day = min(local_date(step.moment) for step in steps if step.act not in AGAIN)
    while day <= local_date(told.base):
        for each in data["signings"] if told.rulebook.calendar.day(day).is_workday else ():
            moment = datetime.combine(day, time.fromisoformat(each["at"]), SHANGHAI)
            yield Step(moment, SIGN, 0, SIGN, each["by"], {})
        day += timedelta(days=1)
