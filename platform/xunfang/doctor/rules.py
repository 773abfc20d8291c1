"""Rules that are held back, calendars that are missing, units without people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from xunfang.actions.rulebooks import half_there
from xunfang.ailments import Ailment
from xunfang.clock import local_date
from xunfang.doctor.patient import Patient
from xunfang.rulebook.lint.review import year_missing
from xunfang.rulebook.model import Rulebook
from xunfang.rules.staffing import lacking
from xunfang.rules.units import instances, unit_label
from xunfang.store import busy_units, connection, rosters

FROM_MONTH = 10
"""From October on next year's days off may be out any day, and limits run over the turn of the year."""

_NAMED = 5


def held(patient: Patient) -> Iterator[Ailment]:
    """Jurisdictions that stand on an earlier release, or on none, because their files are not well."""
    books = patient.deployment.rulebooks
    books.renew()
    half = half_there(patient.deployment.database, patient.of)
    yield from (Ailment(each.code, f"{each.message}。", f"{each.hint}。", name) for name, each in half.items())
    for name in (name for name in patient.of if name not in half):
        problems, mend = (
            books.problems.get(name, ()),
            f"请运行 xunfang check {name} 查看，改正后运行 xunfang publish {name}。",
        )
        if name not in books.current:
            yield Ailment("RULES_UNUSABLE", "没有可用的规则，这个辖区没有服务。", mend, name)
        elif problems:
            what = f"规则文件有{len(problems)}处问题，没有启用，沿用上一次发布的规则。"
            yield Ailment("RULES_HELD", what, mend, name)


def calendars(patient: Patient) -> Iterator[Ailment]:
    """Jurisdictions whose days off are not known for this year or, from October on, for the next."""
    for rulebook in patient.rulebooks:
        if year := year_missing(rulebook, local_date(patient.at), FROM_MONTH):
            what = f"{year}年放假安排尚未录入，跨到那一年的时限都是暂定。"
            advice = (
                f"国务院办公厅公布后（一般在10月底到11月），在 calendars/{year}.toml 中填写，"
                f"published 改为 true，再运行 xunfang publish {rulebook.id}。"
            )
            yield Ailment("YEAR_WITHOUT_CALENDAR", what, advice, rulebook.id)


def empty_units(patient: Patient) -> Iterator[Ailment]:
    """Units in which nobody has an account that may be used, and how many of them hold open tasks."""
    for rulebook in patient.rulebooks:
        with connection(patient.deployment.database) as reader:
            people, busy = rosters(reader, rulebook.id), set(busy_units(reader, rulebook.id))
        empty = [unit for kind in rulebook.units for unit in instances(rulebook, kind) if unit not in people]
        if waiting := [unit for unit in empty if unit in busy]:
            what = f"{len(waiting)}个有在办任务的承办单位没有可用的账号：{_named(rulebook, waiting)}。"
            advice = "请安全管理员为这些单位建立或恢复账号，或由上级把任务转办；任务在那里没有人收得到。"
            yield Ailment("UNIT_WITHOUT_PEOPLE", what, advice, rulebook.id)
        if idle := [unit for unit in empty if unit not in busy]:
            what = f"{len(idle)}个承办单位没有可用的账号（{_by_kind(rulebook, idle)}），现在没有在办任务。"
            advice = "请安全管理员在派去任务以前建立账号；确实不用的，不必处理。"
            yield Ailment("UNIT_NOT_STAFFED_YET", what, advice, rulebook.id, notice=True)


def nobody_administers(patient: Patient) -> Iterator[Ailment]:
    """Jurisdictions in which nobody can open, change or stop an account any more, however many people work there."""
    for rulebook in patient.rulebooks:
        with connection(patient.deployment.database) as reader:
            held = {role for roles in rosters(reader, rulebook.id).values() for role in roles}
        may = [role for role in rulebook.roles.values() if "administer" in role.may]
        if may and not held & {role.id for role in may}:
            what = f"没有一个可用的{'、'.join(role.label for role in may)}账号：谁也不能开通、停用账号。"
            advice = f"请在服务器上运行 xunfang admin create {rulebook.id} 用户名 --name 姓名 --unit 单位编号。"
            yield Ailment("NOBODY_ADMINISTERS", what, advice, rulebook.id)


def lacking_people(patient: Patient) -> Iterator[Ailment]:
    """Posts of which a rule wants more holders than there are, one ailment for each rule."""
    for rulebook in patient.rulebooks:
        with connection(patient.deployment.database) as reader:
            lacks = [*lacking(rulebook, rosters(reader, rulebook.id))]
        for _, alike in groupby(lacks, key=lambda lack: (lack.role.id, lack.rule.unit)):
            found = [*alike]
            units = _named(rulebook, [lack.unit for lack in found])
            what = f"{len(found)}个单位的{found[0].role.label}不足{found[0].rule.at_least}人：{units}。"
            yield Ailment("STAFF_LACKING", what, "请安全管理员按规则配备。", rulebook.id)


def _named(rulebook: Rulebook, units: Sequence[str]) -> str:
    named = "、".join(unit_label(rulebook, unit) for unit in units[:_NAMED])
    return named if len(units) <= _NAMED else f"{named}等"


def _by_kind(rulebook: Rulebook, units: Sequence[str]) -> str:
    """Return how many of each kind there are: hundreds of villages are not named one by one."""
    kinds: Mapping[str, int] = Counter(unit.split(":", 1)[0] for unit in units)
    ones = [rulebook.units[kind].label for kind in kinds if not rulebook.units[kind].per]
    many = [f"{rulebook.units[kind].anywhere}{count}个" for kind, count in kinds.items() if rulebook.units[kind].per]
    return "、".join((*many, *ones[:_NAMED])) + ("等" if len(ones) > _NAMED else "")
