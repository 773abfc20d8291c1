"""The script of an invented month, read from a county's `demo.toml`: who signs in, and what each did when.

Moments are relative to the present, so that something is overdue and something due soon whenever it is played. Day 0 is
the workday whose office has not closed yet; `workdays_ago` counts back from it, an act's `day` forward from its case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from xunfang.clock import SHANGHAI, local, local_date
from xunfang.errors import Refused
from xunfang.identity import make_id
from xunfang.rulebook.files import Files, UnreadableError, parse_document
from xunfang.rulebook.model import Rulebook

SUBMIT, SIGN = "submit", "sign-off"
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Login:
    """One person who can sign in; `division` is the prefix of what they see beyond their unit's own tasks."""

    login: str
    name: str
    unit: str
    roles: tuple[str, ...]
    division: str


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the script. `place` is its number within its case; the report that opens the case is number 0."""

    moment: datetime
    case: str
    place: int
    act: str
    by: str
    told: Table


@dataclass(frozen=True, slots=True)
class Script:
    """A whole month: the shared password, the people, and every act in the order of time."""

    password: str
    logins: tuple[Login, ...]
    steps: tuple[Step, ...]


def script_of(files: Files, rulebook: Rulebook, base: datetime) -> Script | None:
    """Return the script that a jurisdiction keeps, played up to `base`; None when it keeps none.

    Raises Refused, with a sentence that names the entry, for a script that cannot be understood.
    """
    path = f"workflows/{rulebook.id}/demo.toml"
    if path not in files:
        return None
    try:
        data = parse_document(path, files[path]).data
        steps = sorted((*_steps(data, rulebook, base), *_signings(data, rulebook, base)), key=lambda it: it.moment)
        return Script(data["password"], _logins(data), tuple(step for step in steps if step.moment <= base))
    except UnreadableError as error:
        raise Refused(str(error.problem), "DEMO_UNUSABLE") from None
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"{path} 写得不完整：{error}", "DEMO_UNUSABLE") from None


def _logins(data: Table) -> tuple[Login, ...]:
    return tuple(
        Login(each["login"], each["name"], each["unit"], tuple(each["roles"]), each["division"])
        for each in data["logins"]
    )


def _steps(data: Table, rulebook: Rulebook, base: datetime) -> Iterator[Step]:
    for case in data["cases"]:
        start = _start_of(case, rulebook, base)
        acts = [{"act": SUBMIT, **case}, *case.get("acts", ())]
        for place, act in enumerate(acts):
            moment = _moment_of(act, start, rulebook) if place else start
            told = {**act, "answers": _answers(act, data.get("answers", {}), rulebook, moment)}
            yield Step(moment, case["id"], place, act["act"], act["by"], told)


def _signings(data: Table, rulebook: Rulebook, base: datetime) -> Iterator[Step]:
    """Yield, for each signer, one step on every workday since the first case: whatever waits then is signed."""
    if not data.get("signings"):
        return
    day, today = min(local_date(_start_of(case, rulebook, base)) for case in data["cases"]), local_date(base)
    while day <= today:
        for each in data["signings"] if rulebook.calendar.day(day).is_workday else ():
            moment = datetime.combine(day, time.fromisoformat(each["at"]), SHANGHAI)
            yield Step(moment, SIGN, 0, SIGN, each["by"], {})
        day += timedelta(days=1)


def _start_of(case: Table, rulebook: Rulebook, base: datetime) -> datetime:
    if "hours_ago" in case:
        return local(base - timedelta(hours=case["hours_ago"])).replace(microsecond=0)
    return _at(_day_zero(rulebook, base), case["at"], rulebook, -int(case["workdays_ago"]))


def _moment_of(act: Table, start: datetime, rulebook: Rulebook) -> datetime:
    if "hours" in act:
        return start + timedelta(hours=act["hours"])
    return _at(local_date(start), act["at"], rulebook, int(act["day"]))


def _day_zero(rulebook: Rulebook, base: datetime) -> date:
    today = local_date(base)
    closed = local(base).time() >= rulebook.info.office.closes_on(today)
    if rulebook.calendar.day(today).is_workday and not closed:
        return today
    return rulebook.calendar.workdays_after(today, 1)[0]


def _at(day: date, at: str, rulebook: Rulebook, workdays: int) -> datetime:
    if workdays < 0:
        day = rulebook.calendar.workday_before(day, -workdays)
    elif workdays > 0:
        day = rulebook.calendar.workdays_after(day, workdays)[-1]
    return datetime.combine(day, time.fromisoformat(at), SHANGHAI)


def _answers(act: Table, named: Table, rulebook: Rulebook, moment: datetime) -> dict[str, Any]:
    """A named set of answers with the act's own over it, each shorthand written out."""
    base = named[act["base"]] if "base" in act else {}
    whole = {**base, **act.get("answers", {})}
    return {name: _written_out(value, rulebook, moment) for name, value in whole.items()}


def _written_out(value: Any, rulebook: Rulebook, moment: datetime) -> Any:
    """Shorthands: a moment some minutes before the act, a day some days before it, an invented person's id number."""
    if not isinstance(value, dict):
        return value
    if "minutes_before" in value:
        return (moment - timedelta(minutes=value["minutes_before"])).isoformat()
    if "days_before" in value:
        return (local_date(moment) - timedelta(days=value["days_before"])).isoformat()
    return make_id(rulebook.code[:6].ljust(6, "0"), value["born"], value["serial"])  # a county's code, or a city's own
