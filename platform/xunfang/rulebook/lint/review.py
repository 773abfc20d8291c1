"""What only a given day shows: clauses out of force or long unread, units gone, years without a calendar."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, timedelta

from xunfang.errors import Problem, Severity
from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.implication import parts_of, values_of
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.lint.receivers import receivers
from xunfang.rulebook.merge import Part
from xunfang.rulebook.model import Basis, Rulebook, Test

REVIEWED_WITHIN = timedelta(days=366)
_NAMED = 3
PUBLISHED_FROM_MONTH = 11
"""The State Council publishes next year's holidays in October or November."""


Parts = Mapping[str, Part]


def review(rulebook: Rulebook, parts: Parts, today: date) -> tuple[Problem, ...]:
    """Return what an administrator should look at on a day: warnings, those left out that its files answer.

    `parts` are the merged files that the rules were made from.
    """
    findings, cited = Findings(), _cited(rulebook)
    _documents(rulebook, cited, parts, today, findings)
    _clauses(rulebook, cited, parts, today, findings)
    receivers(rulebook, parts, today, findings)
    _rows_retired(rulebook, parts, today, findings)
    _year(rulebook, parts, today, findings)
    _standards(rulebook, parts, today, findings)
    return tuple(findings.problems)


def _documents(rulebook: Rulebook, cited: Set[str], parts: Parts, today: date, findings: Findings) -> None:
    """Documents out of force on which rules rest, or not in force yet."""
    for policy in rulebook.policies.values():
        rests = _some(sorted(id for id in cited & rulebook.clauses.keys() if rulebook.clauses[id].policy == policy.id))
        path = ("documents", policy.id)
        if rests and policy.until and policy.until < today:
            message = f"《{policy.title}》已于 {policy.until} 失效，仍有规则引用其中的 {rests}"
            findings.warning(parts["policies"], path, "CLAUSE_OUT_OF_FORCE", message, "请改引现行文件")
        elif rests and policy.in_force > today:
            message = f"《{policy.title}》自 {policy.in_force} 起施行，目前尚未生效，已有规则引用其中的 {rests}"
            findings.warning(parts["policies"], path, "CLAUSE_OUT_OF_FORCE", message, "施行前请引用现行文件")


def _some(names: Sequence[str]) -> str:
    """Return the first of some names, with how many there are where those are not all."""
    first = "、".join(names[:_NAMED])
    return f"{first}等{len(names)}条" if len(names) > _NAMED else first


def _clauses(rulebook: Rulebook, cited: Set[str], parts: Parts, today: date, findings: Findings) -> None:
    """Clauses in force on which rules rest, and which nobody has read again within a year."""
    for clause in (rulebook.clauses[name] for name in rulebook.clauses if name in cited):
        policy = rulebook.policies[clause.policy]
        in_force = policy.in_force <= today and not (policy.until and policy.until < today)
        if in_force and (not clause.reviewed or clause.reviewed + REVIEWED_WITHIN < today):
            last = f"上次对照原文核对是 {clause.reviewed}，已满一年" if clause.reviewed else "没有写明何时核对过"
            path = ("documents", policy.id, "clauses", clause.id)
            hint = "请对照原文核对，改写 reviewed 的日期"
            findings.warning(parts["policies"], path, "CLAUSE_NOT_REVIEWED", f"条款“{clause.id}”{last}", hint)


def _standards(rulebook: Rulebook, parts: Parts, today: date, findings: Findings) -> None:
    """Standards that have no amount yet: what is compared with one holds for nobody."""
    for standard in rulebook.info.standards.values():
        if standard.on(today) is None:
            first = standard.since[0].since
            message = f"“{standard.label}”自 {first} 起才有数额，在此之前与它相比的条件都不成立"
            path = ("standards", standard.id)
            findings.warning(parts["jurisdiction"], path, "STANDARD_NOT_YET", message, "请补上现行的数额和执行日期")


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


def _rows_retired(rulebook: Rulebook, parts: Parts, today: date, findings: Findings) -> None:
    """Rows that wait for choices nobody can make any more: open cases that made them may still need these."""
    gone = {
        (field.name, entry.id)
        for form in rulebook.forms.values()
        for field in form.fields.values()
        for entry in (rulebook.lists[field.list].entries.values() if field.list in rulebook.lists else ())
        if entry.retired and entry.retired < today
    }
    for table in rulebook.routing.values():
        for index, row in enumerate(table.rows):
            for test in (part for part in parts_of(row.when) if isinstance(part, Test)):
                values, path = values_of(test) or (), test.path.removeprefix("answers.")
                if values and all((path, str(value)) in gone for value in values):
                    message = f"“{row.id}”等待的选项都已停用，新的填报轮不到这一行；已经选了的在办个案还要靠它"
                    hint = "请留到没有在办个案选着这些选项，再删去这一行；现在不必改"
                    findings.warning(parts["routing"], (table.id, "rows", index), "ROW_RETIRED", message, hint)


def year_missing(rulebook: Rulebook, today: date, from_month: int = PUBLISHED_FROM_MONTH) -> int:
    """Return the year whose days off are not known and should be, next year's from a month on; 0 for none."""
    last = rulebook.calendar.last_published
    late_in_year = last == today.year and today.month >= from_month
    return last + 1 if rulebook.info.serves and (last < today.year or late_in_year) else 0


def _year(rulebook: Rulebook, parts: Parts, today: date, findings: Findings) -> None:
    if not (year := year_missing(rulebook, today)):
        return
    so_far = "跨年的时限均为暂定" if year > today.year else "这一年已经到了，时限仍都是暂定"
    message = f"{year}年放假安排尚未录入，{so_far}"
    if part := parts.get(f"calendar:{year}"):
        hint = "国务院办公厅公布后，请在这个文件中填写并把 published 改为 true"
        findings.warning(part, (), "YEAR_WITHOUT_CALENDAR", message, hint)
    else:
        file = f"workflows/{rulebook.chain[0]}/calendars/{year}.toml"
        hint = f"请新建这个文件：year = {year}、published = false；国务院办公厅公布后填写，并把 published 改为 true"
        findings.problems.append(Problem(file, 0, "", "YEAR_WITHOUT_CALENDAR", message, hint, Severity.WARNING))
