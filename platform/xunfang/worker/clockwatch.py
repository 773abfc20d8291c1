"""The clock of a county's server may be wrong: then work rests, and a person is told aloud."""

from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.timekeeping import doubt, keep_time
from xunfang.clock import Uptime
from xunfang.steps import reached
from xunfang.store import Database, connection, transaction


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """Whether work must rest, and what a person should know; an empty note when all is well."""

    must_rest: bool
    note: str


def check_clock(database: Database, now: datetime, uptime: Uptime | None = None) -> ClockCheck:
    """Compare the clock with all that is known of time, and remember the moment when it can be trusted."""
    with connection(database) as reader:
        told = doubt(reader, now, uptime)
    if told:
        return ClockCheck(True, told)
    with transaction(database, "") as tx:
        keep_time(tx, now, uptime)
        reached("clock.noted")
    return ClockCheck(False, "")
