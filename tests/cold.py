"""An event 寒潮 for tests, in a county that has none of its own: declared by centre and townships, owed by villages."""

from collections.abc import Mapping
from dataclasses import replace

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.kinds.alerts import AlertKind
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rulebook.softness import fixed
from xunfang.worktime import Every

_BASIS = Basis((), "测试")
COLD = AlertKind(
    id="cold-wave",
    label="寒潮",
    levels=("yellow", "orange", "red"),
    labels={"yellow": "黄色预警", "orange": "橙色预警", "red": "红色预警"},
    by=("service-centre", "township"),
    role="",
    form="",
    basis=_BASIS,
)


def cold_duties(rulebook: Rulebook) -> Mapping[str, Duty]:
    """Return what villages owe in a cold wave: to go round once, and every day from orange on."""
    like = replace(rulebook.duties["contact-roster"], to=("township",), form="", basis=_BASIS, while_="cold-wave")
    once = replace(like, id="cold-round", label="寒潮排查", every=None, limit=fixed("4 hours"))
    daily = replace(like, id="cold-daily", label="寒潮每日探访", every=Every.DAY, from_level="orange")
    return {duty.id: duty for duty in (once, replace(daily, zero_report=True))}


def in_the_cold(rulebook: Rulebook, **others: Duty) -> Rulebook:
    """Return the rules of a county with the event and what is owed in it, and of its own duties only these."""
    return replace(rulebook, alerts={COLD.id: COLD}, duties={**others, **cold_duties(rulebook)})
