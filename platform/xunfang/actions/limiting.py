"""How much one account, and one address, may do in an hour; over it, nothing is lost and the time to go on is told."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xunfang.access_rules import AccessRules
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.clock import local
from xunfang.errors import TooOften
from xunfang.store import Tally
from xunfang.store.tallies import count_up, forget_tallies, keep_tally, tally_of

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """What is counted: how many times in which time the rules allow it (0: without end), and how a person calls it."""

    kind: str
    most: Callable[[AccessRules], int]
    words: str
    lasts: Callable[[AccessRules], timedelta] = lambda rules: HOUR
    by_address: bool = True


REPORT = Limit("report", lambda rules: rules.reports_hourly, "提交填报")
PHOTO = Limit("photo", lambda rules: rules.photos_hourly, "上传照片")
REVEAL = Limit("reveal", lambda rules: rules.reveals_hourly, "查看完整信息")
OLD_PASSWORD = Limit(
    "old-password", lambda rules: rules.failures, "输入原密码", lambda rules: rules.locked_for, by_address=False
)
CODE = Limit("code", lambda rules: rules.failures, "输入验证码", lambda rules: rules.locked_for, by_address=False)


class OverLimit(TooOften):
    """A limit was reached; `tally` is what was counted, for the one trace it leaves."""

    def __init__(self, limit: Limit, tally: Tally, most: int) -> None:
        again = f"{local(tally.ends_at) + timedelta(minutes=1):%-m月%-d日%H:%M}"
        where = "" if tally.who else "从同一网络地址"
        text = f"{where}{limit.words}已达{most}次的上限，请{again}以后再试。您填写的内容没有丢失。"
        super().__init__(text, "OVER_LIMIT")
        self.limit, self.tally, self.most = limit, tally, most


FAIR = 6
"""The part of what one account may do that it may do in any case, however much its neighbours at one address do."""


def spend(act: Act, limit: Limit) -> None:
    """Count one more for whoever acts and for the address they act from; raises OverLimit, and counts nothing then.

    Where an address is over its limit, only those are refused who have had their fair share: an office behind one
    address must not stand still because of a few in it. The machinery has no limit.
    """
    rules, actor = act.deployment.access, act.actor
    most = limit.most(rules)
    if not most or not actor.account:
        return
    own = _one_more(act, limit, actor.account, "", most)
    if limit.by_address and actor.address:
        fair = own.count <= max(1, most // FAIR)
        _one_more(act, limit, "", actor.address, most * rules.address_times, fair=fair)


def _one_more(act: Act, limit: Limit, who: str, place: str, most: int, *, fair: bool = False) -> Tally:
    found = tally_of(act.tx, limit.kind, who, place, act.at)
    if found is not None and found.count >= most and not fair:
        raise OverLimit(limit, found, most)
    return count_up(act.tx, limit.kind, who, place, act.at, limit.lasts(act.deployment.access))


def forget_count(act: Act, limit: Limit) -> None:
    """Forget what was counted for whoever acts."""
    forget_tallies(act.tx, kind=limit.kind, who=act.actor.account, place="")


@contextmanager
def limited(deployment: Deployment, actor: Actor, at: datetime) -> Iterator[None]:
    """Record, after the refused act is undone, that a limit was reached: once in each time that is counted."""
    try:
        yield
    except OverLimit as over:
        if not over.tally.told:
            with acting(deployment, actor, at) as act:
                keep_tally(act.tx, replace(over.tally, told=True))
                act.event("access.limited", data=_told(over))
        raise


def _told(over: OverLimit) -> Mapping[str, object]:
    return {"what": over.limit.kind, "most": over.most, "by": "account" if over.tally.who else "address"}
