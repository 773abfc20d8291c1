"""The clock of a county's server may be wrong: set back, work rests; leapt ahead, it goes on; both are said aloud."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xunfang.clock import local
from xunfang.steps import reached
from xunfang.store import Database, connection, transaction
from xunfang.store.life import CLOCK, latest_seen, note_seen

BACKWARD = timedelta(minutes=5)
FORWARD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """Whether work must rest, and what a person should know; an empty note when all is well."""

    must_rest: bool
    note: str


def check_clock(database: Database, now: datetime) -> ClockCheck:
    """Compare the clock with the latest moment ever seen, and remember the later of the two."""
    with connection(database) as reader:
        latest = latest_seen(reader, CLOCK)
    if latest is not None and now < latest - BACKWARD:
        return ClockCheck(
            True,
            f"服务器时钟倒退：现为 {_said(now)}，此前已到 {_said(latest)}。作业已暂停，请校准时钟；"
            "如现在的时间无误，请在服务器上执行 xunfang admin clock。",
        )
    with transaction(database) as tx:
        note_seen(tx, CLOCK, now)
        reached("clock.noted")
    leapt = latest is not None and now > latest + FORWARD
    note = f"距上次运行（{_said(latest)}）已超过一天，正在补办期间到期的作业。" if leapt and latest else ""
    return ClockCheck(False, note)


def _said(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"
