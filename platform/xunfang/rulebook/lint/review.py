"""What only a given day shows: clauses out of force or long unread, units gone, years without a calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from xunfang.errors import Problem, Severity
from xunfang.rulebook.model import Rulebook

REVIEWED_WITHIN = timedelta(days=366)


def review(rulebook: Rulebook, today: date) -> tuple[Problem, ...]:
    """Return what an administrator should look at on a day, each as a warning with its file."""
    return (*_clauses(rulebook, today), *_units(rulebook, today), *_years(rulebook, today))


def _warning(rulebook: Rulebook, file: str, key: str, code: str, message: str, hint: str) -> Problem:
    return Problem(f"workflows/{rulebook.id}/{file}", 0, key, code, message, hint, Severity.WARNING)


def _clauses(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    for clause in rulebook.clauses.values():
        policy = rulebook.policies[clause.policy]
        if policy.until and policy.until < today:
            message = f"《{policy.title}》已于 {policy.until} 失效，仍有规则引用"
            yield _warning(rulebook, "policies.toml", clause.id, "CLAUSE_OUT_OF_FORCE", message, "请改引现行文件")
        elif clause.reviewed and clause.reviewed + REVIEWED_WITHIN < today:
            message = f"条款上次核对是 {clause.reviewed}，已满一年"
            hint = "请对照原文核对，改写 reviewed 的日期"
            yield _warning(rulebook, "policies.toml", clause.id, "CLAUSE_NOT_REVIEWED", message, hint)


def _units(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    gone = {unit.id for unit in rulebook.units.values() if unit.until and unit.until < today}
    for table in rulebook.routing.values():
        for row in (*table.rows, *([table.otherwise] if table.otherwise else [])):
            if row.lead and row.lead.unit in gone:
                label = rulebook.units[row.lead.unit].label
                message = f"主办单位“{label}”已撤销，分到这一行的个案无人承办"
                yield _warning(rulebook, "routing.toml", f"{table.id}.{row.id}", "UNIT_GONE", message, "请改派现有单位")


def _years(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    last = rulebook.calendar.last_published
    if last <= today.year and today.month >= 11 and rulebook.info.serves:
        message = f"{last + 1}年放假安排尚未录入，跨年的时限均为暂定"
        hint = f"国务院办公厅公布后，请在 calendars/{last + 1}.toml 中填写并把 published 改为 true"
        file = f"workflows/{rulebook.chain[0]}/calendars/{last + 1}.toml"
        yield Problem(file, 0, "", "YEAR_WITHOUT_CALENDAR", message, hint, Severity.WARNING)
