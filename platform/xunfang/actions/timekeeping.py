"""Whether the server's clock can be trusted: compared with the latest moment seen and with a clock that nobody sets.

While it cannot, nothing is done that nobody could undo: the worker rests, and no act of a person is dated. Once the
clock is right again all goes on by itself; a clock that was wrong before and is right now somebody must vouch for.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from xunfang.clock import Uptime, local
from xunfang.errors import ClockDoubtful
from xunfang.store import Database, Reader, Transaction, connection
from xunfang.store.life import CLOCK, latest_seen, note_seen, set_seen

STEP = timedelta(minutes=5)
"""By how much a clock may be set in one go, as servers that set it over the network do now and then."""

UNSEEN = timedelta(days=1)
"""After so long without a sign of the machine, nothing but a person can tell rest from a leap."""

REST = "作业已暂停，签收、办结、填报等须写明时间的操作也暂不受理。请校准时钟"


def doubt(reader: Reader, at: datetime, uptime: Uptime | None) -> str:
    """Return why a moment told by the clock cannot be trusted, "" when it can.

    Without an uptime (a played clock) only a clock set back is noticed.
    """
    latest = latest_seen(reader, CLOCK)
    if latest is None:
        return ""
    if at < latest - STEP:
        return f"服务器时钟倒退：现为{_said(at)}，此前已到{_said(latest)}。{REST}；{_vouch()}"
    if uptime is None:
        return ""
    begun = latest_seen(reader, _name(uptime))
    if begun is None:
        gap = at - latest
        told = f"服务器停了很久，或时钟走快：现为{_said(at)}，上次运行到{_said(latest)}。{REST}；{_vouch()}"
        return told if gap > UNSEEN else ""
    moved = at - uptime.passed - begun
    if abs(moved) <= STEP:
        return ""
    way = "突然走快" if moved > timedelta() else "被调慢"
    return f"服务器时钟{way}约{_span(abs(moved))}，现为{_said(at)}。{REST}；{_vouch()}"


def keep_time(tx: Transaction, at: datetime, uptime: Uptime | None) -> None:
    """Remember a moment that can be trusted, and when the machine was started by it."""
    note_seen(tx, CLOCK, at)
    if uptime is not None:
        set_seen(tx, _name(uptime), at - uptime.passed)


def take_for_right(tx: Transaction, at: datetime, uptime: Uptime | None) -> None:
    """Take a moment for the latest ever seen, because somebody vouched for it."""
    set_seen(tx, CLOCK, at)
    if uptime is not None:
        set_seen(tx, _name(uptime), at - uptime.passed)


def sure_moment(database: Database, now: Callable[[], datetime], uptime: Callable[[], Uptime] | None) -> datetime:
    """Return the present moment; raises ClockDoubtful when it cannot be trusted."""
    at = now()
    if uptime is not None:
        passed = uptime()
        with connection(database) as reader:
            told = doubt(reader, at, passed)
        if told:
            raise ClockDoubtful(told)
    return at


def _name(uptime: Uptime) -> str:
    return f"boot:{uptime.boot}"


def _vouch() -> str:
    return (
        "如现在的时间无误，请在服务器上执行 xunfang admin clock；只服务一个辖区的，系统管理员也可以在“系统状态”中确认。"
    )


def _said(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def _span(time: timedelta) -> str:
    if time >= timedelta(days=2):
        return f"{time.days}天"
    hours = time // timedelta(hours=1)
    return f"{hours}小时" if hours else f"{time // timedelta(minutes=1)}分钟"
