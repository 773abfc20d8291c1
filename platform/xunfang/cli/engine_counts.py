"""What a scenario counts, as the system does: things laid down as its rows hold them, and counted by its worker."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.figures import begin_counting
from xunfang.cli.engine import a_home, installation, never_printing
from xunfang.cli.engine_rows import OWN, ROWS, TOLD, Laying
from xunfang.clock import local
from xunfang.demo.played import PlayedWorker
from xunfang.desk.counting import CountingReadings
from xunfang.desk.faces.indicators import Came
from xunfang.prove.looks import Step
from xunfang.prove.scenarios import plain
from xunfang.rulebook.model import Indicator, Rulebook

Facts = Mapping[str, Any]


def is_counted(rulebook: Rulebook, step: Step) -> bool:
    """Return whether rows and forms can hold all that a step tells of the things that its indicator counts."""
    indicator = rulebook.indicators.get(str(step.get("measure", "")))
    of = indicator.whole.of if indicator else ""
    return of in OWN and all(_fits(rulebook, of, _by_root(of, thing)) for thing in step.get("things", ()))


def _fits(rulebook: Rulebook, of: str, roots: Mapping[str, Facts]) -> bool:
    told = {root: facts.keys() - (OWN[of] if root == of else set()) for root, facts in roots.items()}
    known = all(root in TOLD.get(of, ()) for root, names in told.items() if names)
    forms = rulebook.forms.values()
    return known and all(any(names <= form.fields.keys() for form in forms) for names in told.values())


def _by_root(of: str, thing: Facts) -> dict[str, dict[str, Any]]:
    """Return the facts of a thing by what they are of; a bare name is of the thing itself."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for path, value in plain(thing).items():
        root, _, name = path.rpartition(".")
        found[root or of][name] = value
    return found


def measured(rulebook: Rulebook, step: Step, at: datetime, wanted: Facts) -> dict[str, Any]:
    """Return what the dashboard shows of an indicator after the worker has counted the things of the step."""
    if not is_counted(rulebook, step):
        return {}
    indicator = rulebook.indicators[str(step["measure"])]
    with installation(rulebook, at) as deployment:
        with acting(deployment, machinery(rulebook.id, "情景"), at) as act:
            for number, thing in enumerate(step.get("things", ())):
                _lay(Laying(act, rulebook, local(at), a_home(rulebook), number), indicator, thing)
            act.event("scenario.began")
        begin_counting(deployment, at)
        PlayedWorker(deployment, never_printing, at).work_until(at + timedelta(minutes=1))
        rows = CountingReadings(deployment).dashboard(machinery(rulebook.id, "情景"), local(at).date())
    came = next(row.came for row in rows if row.id == indicator.id)
    return {name: value for name, value in _told(came).items() if name in wanted}


def _told(came: Came) -> dict[str, Any]:
    value = came.part / came.whole if came.whole else None
    return {
        "part": came.part, "whole": came.whole, "value": value, "points": float(came.points) if came.points else None,
    }  # fmt: skip


def _lay(laying: Laying, indicator: Indicator, thing: Facts) -> None:
    of = indicator.whole.of
    roots = _by_root(of, thing)
    for row in ROWS[of](laying, roots):
        laying.act.tx.insert(row)
