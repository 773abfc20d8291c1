"""The verbs of the registry 救助对象档案: what is done by hand to what is recorded of a person."""

from collections.abc import Callable

from xunfang.casework import households, upkeep
from xunfang.casework.subjects import Registered
from xunfang.casework.verb import Verb

ACTS = ("accept",)
"""Whoever takes in applications keeps the registry of those who live in their division."""


def _unless_dead(bar: Callable[[Registered], str]) -> Callable[[Registered], str]:
    return lambda subject: upkeep.bar_dead(subject) or bar(subject)


def _not_held(subject: Registered) -> str:
    return "" if subject.categories else "没有可以取消的对象类别。"


def _nothing_to_end(subject: Registered) -> str:
    return "" if subject.to_end else "没有由手工登记或者导入、还在享受的救助事项。"


PERSON_VERBS = (
    Verb(
        id="found-household",
        label="建立一户",
        name="建户",
        event="household.founded",
        do=households.found_household,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("day",),
        done="已建立一户，户编号见“一户有谁”。",
        clocks="此人成为户主，户编号自动编定。",
        bars_person=_unless_dead(households.bar_member),
    ),
    Verb(
        id="join-household",
        label="加入一户",
        name="加入",
        event="household.joined",
        do=households.join_household,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("number", "relation", "day"),
        done="已加入。",
        clocks="",
        bars_person=_unless_dead(households.bar_member),
    ),
    Verb(
        id="leave-household",
        label="退出本户",
        name="退出",
        event="household.left",
        do=households.leave_household,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("cause", "day", "reason"),
        done="已退出本户，以前的记录保留。",
        clocks="去世、分户请用各自的办理。",
        bars_person=_unless_dead(households.bar_alone),
    ),
    Verb(
        id="split-household",
        label="分户",
        name="分户",
        event="household.split",
        do=households.split_household,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("along", "day", "reason"),
        done="已分户，新的户编号见“一户有谁”。",
        clocks="此人成为新户的户主；选了关系的人随同分出，其余留在原户。",
        bars_person=_unless_dead(households.bar_single),
    ),
    Verb(
        id="name-head",
        label="设为户主",
        name="设为户主",
        event="household.head_named",
        do=households.name_head,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("relation", "reason"),
        done="已设为户主。",
        clocks="关系填写原户主与此人的关系；原户主已经不在本户的，不看这一项。",
        bars_person=_unless_dead(households.bar_head),
    ),
    Verb(
        id="move",
        label="变更居住地、户籍地",
        name="变更",
        event="person.moved",
        do=upkeep.move,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("places", "day", "reason"),
        done="已变更，原来的登记保留在变更记录里。",
        clocks="只改档案；正在办理的个案仍按个案登记的居住地办理。",
        bars_person=upkeep.bar_dead,
    ),
    Verb(
        id="categorise",
        label="认定对象类别",
        name="认定",
        event="person.categorised",
        do=upkeep.categorise,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("category", "day", "clause", "reason"),
        done="已认定。",
        clocks="",
        bars_person=upkeep.bar_dead,
    ),
    Verb(
        id="uncategorise",
        label="取消对象类别",
        name="取消",
        event="person.uncategorised",
        do=upkeep.uncategorise,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("held", "day", "clause", "reason"),
        done="已取消，以前的认定保留。",
        clocks="",
        bars_person=_unless_dead(_not_held),
    ),
    Verb(
        id="amend",
        label="更正个人信息",
        name="更正",
        event="person.amended",
        do=upkeep.amend,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("field", "value", "reason"),
        done="已更正，更正前后的内容都在变更记录里。",
        clocks="各次填报的原文不变。",
        bars_person=upkeep.bar_dead,
    ),
    Verb(
        id="set-payee",
        label="登记收款账户",
        name="登记",
        event="person.payee_set",
        do=upkeep.set_payee,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("payee", "reason"),
        done="已登记收款账户，从下一份发放名册起按它发放。",
        clocks="收款人可以不是本人；以前的账户和已定稿的名册不变。",
        bars_person=upkeep.bar_dead,
    ),
    Verb(
        id="end-entitlement",
        label="终止手工登记的保障",
        name="终止",
        event="entitlement.ended",
        do=upkeep.end_entitlement,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("entitlement", "day", "reason"),
        done="已终止。",
        clocks="从所填日期起不再享受。由个案决定的，在个案中办理。",
        bars_person=_unless_dead(_nothing_to_end),
    ),
    Verb(
        id="die",
        label="登记去世",
        name="登记去世",
        event="person.died",
        do=upkeep.die,
        on="person",
        acts=ACTS,
        who="keeper",
        asks=("day", "reason"),
        done="已登记去世。仍在享受的救助事项和对象类别已终止，办理其个案的单位已收到消息。",
        clocks="仍在享受的救助事项从次日起退出，对象类别和户内关系随之终止。",
        bars_person=upkeep.bar_dead,
        careful=True,
        reason_name="消息来源",
    ),
)
"""In the order pages offer them."""
