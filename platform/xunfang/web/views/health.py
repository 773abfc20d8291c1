"""For whatever watches the service: does the process live, can it answer people, and how is it in numbers.

Told to the addresses in `[web] monitors` only. Nobody signs in here, and nothing tells of a person or a case.
"""

import os
import socket
from collections.abc import Iterator

from flask import Blueprint, current_app

from xunfang.actions.watching import Figures, figures, unready
from xunfang.errors import Refused
from xunfang.web.guard import site
from xunfang.web.measures import BOUNDS, Measures, measures_of
from xunfang.web.openmetrics import CONTENT_TYPE, Family, counter, gauge, histogram, written

health = Blueprint("health", __name__)

Answer = tuple[str, int, dict[str, str]]
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@health.get("/healthz")
def lives() -> Answer:
    """Answer that the process lives; asks nothing of the database."""
    return "ok\n", 200, _TEXT


@health.get("/readyz")
def ready() -> Answer:
    """Answer whether the process can serve people, or with the code of what keeps it from that."""
    code = unready(site().deployment)
    return (f"{code}\n", 503, _TEXT) if code else ("ok\n", 200, _TEXT)


@health.get("/metrics", endpoint="figures")
def metrics() -> Answer:
    """Answer with the numbers of this process and, while the database can be asked, of the installation."""
    try:
        stored, up = [*_of_the_installation(figures(site().deployment, site().now()))], True
    except Refused:
        stored, up = [], False
    own = [*_of_the_process(measures_of(current_app))]
    reached = gauge("xunfang_database_up", "Whether the database could be asked.", [({}, up)])
    return written([*own, reached, *stored]), 200, {"Content-Type": CONTENT_TYPE}


def _of_the_process(measures: Measures) -> Iterator[Family]:
    """Each family names the process: what several count is added up by whoever reads it."""
    own = {"process": f"{socket.gethostname()}:{os.getpid()}"}
    yield counter(
        "xunfang_requests",
        "Answers by endpoint, method and status.",
        (
            ({**own, "endpoint": endpoint, "method": method, "status": str(status)}, many)
            for (endpoint, method, status), many in sorted(measures.answers().items())
        ),
    )
    yield histogram(
        "xunfang_request_seconds",
        "How long answers took, by endpoint; without the time in the queue.",
        BOUNDS,
        (({**own, "endpoint": name}, *lasted) for name, lasted in sorted(measures.durations().items())),
    )
    yield counter(
        "xunfang_refusals",
        "Requests that could not be served at the time, by code; BUSY: the database was.",
        (({**own, "code": code}, many) for code, many in sorted(measures.refusals().items())),
    )


def _of_the_installation(found: Figures) -> Iterator[Family]:
    """The same from every process: one of them is enough."""
    now, work = site().now(), found.backlog
    jobs = {"later": work.later, "due": work.due, "held": work.held, "parked": work.parked}
    yield gauge("xunfang_jobs", "Jobs that have not ended.", (({"status": name}, many) for name, many in jobs.items()))
    oldest = (now - work.oldest_due_at).total_seconds() if work.oldest_due_at else 0.0
    yield gauge("xunfang_oldest_due_job_seconds", "For how long the oldest due job has waited.", [({}, oldest)])
    beats = (({"part": name}, (now - at).total_seconds()) for name, at in sorted(work.beats.items()))
    yield gauge("xunfang_sign_of_life_seconds", "How long ago each part gave a sign of life.", beats)
    yield gauge("xunfang_sessions", "People who are signed in.", [({}, work.sessions)])
    loads = found.loads
    yield gauge("xunfang_open_tasks", "Tasks that are open.", ((_in(name), each.open) for name, each in loads.items()))
    overdue = ((_in(name), each.overdue) for name, each in loads.items())
    yield gauge("xunfang_overdue_tasks", "Open tasks that are overdue.", overdue)
    releases = found.releases.items()
    yield gauge("xunfang_releases", "Releases of the rules.", ((_in(name), each.releases) for name, each in releases))
    numbers = ((_in(name), each.number) for name, each in releases)
    yield gauge("xunfang_release_in_force", "The number of the release in force, 0 for none.", numbers)
    held = ((_in(name), name in found.held) for name in found.releases)
    yield gauge("xunfang_rules_held", "Whether the files were not put in force.", held)


def _in(jurisdiction: str) -> dict[str, str]:
    return {"jurisdiction": jurisdiction}
