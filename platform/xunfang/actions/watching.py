"""What is told to whatever watches the service: whether it is ready, and how it is in numbers, of no person or case."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.deployment import Deployment
from xunfang.actions.operating import lasting
from xunfang.errors import Refused
from xunfang.store import Backlog, InForce, Load, backlog, check_version, connection, in_force, load


@dataclass(frozen=True, slots=True)
class Figures:
    """The installation in numbers; jurisdictions by their ids. `held` are those that stand on an earlier release."""

    backlog: Backlog
    loads: dict[str, Load]
    releases: dict[str, InForce]
    held: frozenset[str]


def unready(deployment: Deployment) -> str:
    """Return the code of what keeps a process from answering people, "" when nothing does."""
    try:
        check_version(deployment.database)
    except Refused as error:
        return error.code
    return "" if deployment.rulebooks.current else "RULES_UNUSABLE"


def figures(deployment: Deployment, at: datetime) -> Figures:
    """Return the installation in numbers at a moment; raises what `connection` raises."""
    books = deployment.rulebooks
    served = {*books.current, *books.problems}
    with connection(deployment.database) as reader:
        return Figures(
            backlog=backlog(reader, at, lasting(deployment).idle),
            loads={name: load(reader, name, at) for name in sorted(served)},
            releases={name: in_force(reader, name) for name in sorted(served)},
            held=frozenset(books.problems),
        )
