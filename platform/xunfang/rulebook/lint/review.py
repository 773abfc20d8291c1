"""What only a given day shows: clauses out of force or long unread, units gone, years without a calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from xunfang.errors import Problem, Severity
from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.implication import parts_of, values_of
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.lint.receivers import receivers
from xunfang.rulebook.model import Basis, Rulebook, Test

REVIEWED_WITHIN = timedelta(days=366)
PUBLISHED_FROM_MONTH = 11
"""The State Council publishes next year's holidays in October or November."""


def review(rulebook: Rulebook, today: date) -> tuple[Problem, ...]:
    """Return what an administrator should look at on a day, each as a warning with its file."""
    return (
        *_clauses(rulebook, today),
        *receivers(rulebook, today),
        *_rows_retired(rulebook, today),
        *_years(rulebook, today),
        *_standards(rulebook, today),
    )


def _of(file: str, key: str, code: str, message: str, hint: str) -> Problem:
    return Problem(file, 0, key, code, message, hint, Severity.WARNING)


def _clauses(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    cited = _cited(rulebook)
    for clause in (rulebook.clauses[name] for name in rulebook.clauses if name in cited):
        policy = rulebook.policies[clause.policy]
        file = f"workflows/{clause.layer}/policies.toml"
        if policy.until and policy.until < today:
            message = f"《{policy.title}》已于 {policy.until} 失效，仍有规则引用"
            yield _of(file, clause.id, "CLAUSE_OUT_OF_FORCE", message, "请改引现行文件")
        elif policy.in_force > today:
            message = f"《{policy.title}》自 {policy.in_force} 起施行，目前尚未生效，已有规则引用"
            yield _of(file, clause.id, "CLAUSE_OUT_OF_FORCE", message, "施行前请引用现行文件")
        elif not clause.reviewed or clause.reviewed + REVIEWED_WITHIN < today:
            message = f"条款上次核对是 {clause.reviewed}，已满一年" if clause.reviewed else "条款没有写明何时核对过"
            yield _of(file, clause.id, "CLAUSE_NOT_REVIEWED", message, "请对照原文核对，改写 reviewed 的日期")


def _standards(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    """Standards that have no amount yet: what is compared with one holds for nobody."""
    for standard in rulebook.info.standards.values():
        if standard.on(today) is None:
            first = standard.since[0].since
            message = f"“{standard.label}”自 {first} 起才有数额，在此之前与它相比的条件都不成立"
            file = f"workflows/{rulebook.id}/jurisdiction.toml"
            yield _of(file, f"standards.{standard.id}", "STANDARD_NOT_YET", message, "请补上现行的数额和执行日期")


def _cited(rulebook: Rulebook) -> set[str]:
    bases: list[Basis] = [*_bases_of_cases(rulebook)]
    for kind in (kind for kind in KINDS.values() if kind.cites):
        bases += [thing.basis for thing in getattr(rulebook, kind.id).values()]
    bases += [entry.basis for entries in rulebook.lists.values() for entry in entries.entries.values()]
    return {clause for basis in bases for clause in basis.cites}


def _bases_of_cases(rulebook: Rulebook) -> Iterator[Basis]:
    for table in rulebook.routing.values():
        yield from (row.basis for row in table.every_row)
    for deadline in rulebook.deadlines.values():
        yield deadline.basis
        yield from (case.basis for case in deadline.limits)
        yield from (escalation.basis for escalation in deadline.escalate)
    for cap in (cap for programme in rulebook.programmes.values() for cap in programme.caps):
        yield cap.basis
        yield cap.override.basis if cap.override else NO_BASIS
    for standard in rulebook.info.standards.values():
        yield from (standard.basis, *(amount.basis for amount in standard.since))
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            yield state.basis
            yield from (outcome.basis for outcome in state.outcomes.values())


def _rows_retired(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    """Rows that wait for choices nobody can make any more."""
    gone = {
        (field.name, entry.id)
        for form in rulebook.forms.values()
        for field in form.fields.values()
        for entry in (rulebook.lists[field.list].entries.values() if field.list in rulebook.lists else ())
        if entry.retired and entry.retired < today
    }
    for table in rulebook.routing.values():
        for row in table.rows:
            for test in (part for part in parts_of(row.when) if isinstance(part, Test)):
                values, path = values_of(test) or (), test.path.removeprefix("answers.")
                if values and all((path, str(value)) in gone for value in values):
                    message = f"“{row.id}”等待的选项都已停用，这一行永远轮不到"
                    file = f"workflows/{rulebook.id}/routing.toml"
                    hint = "请删去这一行，或改写条件"
                    yield _of(file, f"{table.id}.{row.id}", "ROW_NEVER_FIRES", message, hint)


def year_missing(rulebook: Rulebook, today: date, from_month: int = PUBLISHED_FROM_MONTH) -> int:
    """Return the year whose days off are not known and should be, next year's from a month on; 0 for none."""
    last = rulebook.calendar.last_published
    late_in_year = last == today.year and today.month >= from_month
    return last + 1 if rulebook.info.serves and (last < today.year or late_in_year) else 0


def _years(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    if year := year_missing(rulebook, today):
        message = f"{year}年放假安排尚未录入，跨年的时限均为暂定"
        hint = f"国务院办公厅公布后，请在 calendars/{year}.toml 中填写并把 published 改为 true"
        file = f"workflows/{rulebook.chain[0]}/calendars/{year}.toml"
        yield _of(file, "", "YEAR_WITHOUT_CALENDAR", message, hint)
