"""Times that mean nothing: days a period does not have, hours when nobody is there, limits beyond their clause."""

import re
from collections.abc import Iterable, Iterator

from xunfang.rulebook.clause_numbers import COUNTED, lengths_in
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.due_days import outside_words
from xunfang.rulebook.lint.lengths import is_longer
from xunfang.rulebook.model import Basis, Duty
from xunfang.rulebook.office_hours import EVERY_DAY
from xunfang.rulebook.positions import Path
from xunfang.worktime import Every, Limit, LimitKind

_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_NTH = re.compile(r"(?:first|second|third|fourth|last) [A-Z][a-z]+day")
_DAY = re.compile(r"day ([0-9]{1,3})")
_DATE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")
_LONGEST = {
    "week": 7, "2 weeks": 14, "ten days": 11, "half month": 16, "month": 31, "quarter": 92, "half-year": 184,
    "year": 366,
}  # fmt: skip
SPOKEN_PERIODS = {
    "day": "每天", "week": "每周", "2 weeks": "每两周", "ten days": "每旬", "half month": "每半月", "month": "每月",
    "quarter": "每季度", "half-year": "每半年", "year": "每年",
}  # fmt: skip
_INSTEAD = {
    "day": "不用写 due，即当天",
    "week": '写 due = "Monday"',
    "2 weeks": '写 due = "day 14"（两周的第14天）或 "period end"',
    "ten days": '写 due = "day 5"（一旬的第5天）或 "period end"',
    "half month": '写 due = "day 10"（半月的第10天）或 "period end"',
    "month": '写 due = "day 5" 或 "month end"',
    "quarter": '写 due = "day 10"（季度的第10天）或 "quarter end"',
    "half-year": '写 due = "day 10"（半年的第10天）或 "period end"',
    "year": '写 due = "12-31" 或 "year end"',
}
_ENDS = {"month": "month end", "quarter": "quarter end", "year": "year end"}
_SHOWN = 40


def lint(draft: Draft) -> None:
    """Note duties and limits whose times cannot be meant."""
    for duty in draft.rules.duties.values():
        text = str(draft.entry("duties", duty.id).get("due", ""))
        why = f"due = “{text}”{said}" if duty.every and (said := _never_due(duty.every, text)) else ""
        if duty.every and not why and _NTH.fullmatch(text) and duty.every in (Every.DAY, Every.WEEK):
            why = f"due = “{text}”是一个月里的第几个，{SPOKEN_PERIODS[duty.every]}一次的不能这样写"
        if duty.every == Every.DAY and text and not why:
            why = f"due = “{text}”不起作用，每天一次的当天到期"
        if duty.every and (why := why or (outside_words(duty.due, duty.every) if duty.due else "")):
            hint = f"{SPOKEN_PERIODS[duty.every]}一次的，{_INSTEAD[duty.every]}"
            draft.error("duties", (duty.id, "due"), "DUE_MEANINGLESS", why, hint)
        _when_nobody_is_there(draft, duty)
        _nothing_before_it(draft, duty)
    for part, path, limit, basis in _limits(draft):
        _beyond_the_clause(draft, part, path, limit, basis)


def _never_due(every: Every, text: str) -> str:
    """Return why a duty's due day means nothing in its period, "" for one that does."""
    if not text or text == "period end" or text == _ENDS.get(every):
        return ""
    if text in _ENDS.values():
        return f"与{SPOKEN_PERIODS[every]}一次不相配"
    if _WEEKDAY.fullmatch(text):
        return "" if every == "week" else f"是星期几，{SPOKEN_PERIODS[every]}一次的不能这样写，会被当作第几天"
    if (day := _DAY.fullmatch(text)) and every in _LONGEST:
        return "" if 1 <= int(day[1]) <= _LONGEST[every] else f"超出了{SPOKEN_PERIODS[every]}的天数"
    if (day := _DATE.fullmatch(text)) and every == "year":
        return "在平年没有这一天" if (int(day[1]), int(day[2])) == (2, 29) else ""
    return f"是每年一个日子，{SPOKEN_PERIODS[every]}一次的，其余各期都会落在别的期里" if _DATE.fullmatch(text) else ""


def _when_nobody_is_there(draft: Draft, duty: Duty) -> None:
    """Note a duty that is due at a time at which the office of its unit is closed, at some time of the year."""
    unit = draft.rules.units.get(duty.of)
    office = (unit.office if unit else None) or draft.rules.info.office
    by = duty.by
    day = next((day for day in EVERY_DAY if by and not office.opens_on(day) < by <= office.closes_on(day)), None)
    if by is None or day is None:
        return
    season = f"{found.name}的" if (found := office.season_on(day)) else ""
    hours = f"{office.opens_on(day):%H:%M}至{office.closes_on(day):%H:%M}"
    message = f"{by:%H:%M}到期，而{season}办公时间是{hours}，到期时没有人在岗"
    hint = "请改在办公时间以内；确由值班人员报送的，确认如此"
    draft.findings.warning(draft.parts["duties"], (duty.id, "by"), "DUE_OFF_HOURS", message, hint)


def _nothing_before_it(draft: Draft, duty: Duty) -> None:
    """Note a duty that is moved forward off a holiday and is due on the first day of its period anyway."""
    if duty.on_holiday == "previous" and duty.every and _is_the_first(duty.every, duty.due):
        message = "到期日就是一期的第一日，放假时不能提前到上一期，“逢节假日提前”不起作用"
        hint = '请改写 on_holiday = "next"（顺延）或 "keep"（不变）'
        draft.findings.warning(draft.parts["duties"], (duty.id, "on_holiday"), "HOLIDAY_MOVES_NOTHING", message, hint)


def _is_the_first(every: Every, day: Limit | None) -> bool:
    if every is Every.DAY or day is None:
        return every is Every.DAY
    if day.kind is LimitKind.WEEKDAY:
        return day.amount == 0 and every in (Every.WEEK, Every.TWO_WEEKS)
    return day.kind in (LimitKind.MONTH_DAY, LimitKind.YEAR_DAY) and day.amount == 1 and day.month in (0, 1)


def _limits(draft: Draft) -> Iterator[tuple[str, Path, Limit, Basis]]:
    """Yield every limit of deadlines and duties, with its part and place, and what it rests on."""
    for deadline in draft.rules.deadlines.values():
        rows = draft.entry("deadlines", deadline.id).get("limits", ())
        for index, case in enumerate(deadline.limits):
            if case.limit.counts:
                path = (deadline.id, "limits", index, "limit") if index < len(rows) else (deadline.id, "limit")
                yield "deadlines", path, case.limit.counts, case.basis
    for duty in draft.rules.duties.values():
        if duty.limit and duty.limit.counts:
            yield "duties", (duty.id, "limit"), duty.limit.counts, duty.basis


def _beyond_the_clause(draft: Draft, part: str, path: Path, limit: Limit, basis: Basis) -> None:
    said = [*_numbers(draft, basis.cites)]
    alike = [each for each in said if each[1].kind is limit.kind] or said
    if basis.practice or limit.kind not in COUNTED or not alike:
        return
    if all(is_longer(draft, limit, other) for _, other in alike):
        clause, longest = max(alike, key=lambda each: each[1].amount)
        message = f"期限是{limit.text}，所引“{clause}”写的是{longest.text}，放宽了"
        hint = f"请照条款写；另有依据的，把那一条也写进 cites；原文：{_begun(draft.rules.clauses[clause].text)}"
        draft.findings.warning(draft.parts[part], path, "LIMIT_BEYOND_CLAUSE", message, hint)


def _begun(text: str) -> str:
    return f"{text[:_SHOWN]}……" if len(text) > _SHOWN else text


def _numbers(draft: Draft, cites: Iterable[str]) -> Iterator[tuple[str, Limit]]:
    """Yield each number of workdays, days or hours that cited clauses name, as a limit, with the clause."""
    for clause in cites:
        if clause in draft.rules.clauses:
            yield from ((clause, said) for said in lengths_in(draft.rules.clauses[clause].text))
