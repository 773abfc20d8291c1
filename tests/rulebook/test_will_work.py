# ruff: noqa: E501 - a mistake is read best on one line
"""What passes the check works: rules that are written well and mean nothing, each with the whole text of what we say.

The changes are made in county/. A changed wording is a change of the product: look at it, then write the snapshots anew

    XUNFANG_SNAPSHOTS=write pytest tests/rulebook/test_will_work.py
"""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from rulebook.mistakes import ALL_CLOSED, MEDICAL_AID, PROGRAMMES, F, Mistake, W, capped, strata
from rulebook.test_lint import BOSHAN, FILES, row, told
from xunfang.errors import Problem, RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.lint.standing import standing_aside

SNAPSHOTS = Path(__file__).parent / "will_work"
CLUE = f"{W}/flows/clue.toml"
INELIGIBLE = "when.eligible = false"
AID = f"{W}/flows/emergency-aid.toml"
ROWS = f"{W}/routing.toml"
BELOW_ANOTHER = "layer-below-a-served-one"
LAST = '[[clue.rows]]\nid = "undetermined"'
FEEDBACK = '[[feedback.escalate]]\nafter = "0 workdays"'


def rows(*made: str) -> tuple[str, str]:
    """The change that puts rows before the last one of the county's table."""
    return LAST, "\n\n".join((*made, LAST))


def pattern(text: str) -> tuple[str, str, str]:
    """The change that holds a name of at most 50 characters against a pattern."""
    return f"{F}/clue-report.json", '"finder_name": {', f'"finder_name": {{"pattern": "{text}", '


def history(text: str) -> tuple[str, str]:
    """The change that lets the flow count something, and an outcome ask for it."""
    head = '[states.handling.outcomes.ineligible]\nlabel = "不符合条件"'
    return head, f"[history.nobody]\n{text}\n\n{head}\nwhen.history.nobody.at_least = 2"


SENT_BACK = 'label = "退回补办"\noutcomes = ["notify.again"]'
GOES_BACK = Mistake(
    "",
    CLUE,
    "outcomes.done.label",
    'outcomes.again.label = "退回补办"\noutcomes.again.to = "handling"\noutcomes.done.label',
)


def limits(when: str) -> tuple[str, str]:
    """The change that gives a shorter limit under a condition."""
    return FEEDBACK, f'[[feedback.limits]]\n{when}\nlimit = "3 workdays"\n\n{FEEDBACK}'


DUTIES = f"{W}/duties.toml"
MEETINGS = f"{W}/meetings.toml"
INDICATORS = f"{W}/indicators.toml"
DISASTERS = "[disasters]"


def yearly(every: str, due: str) -> tuple[str, str]:
    """The change that adds a recurring duty."""
    made = f'[extra]\nof = "service-centre"\nto = "leading-group-office"\nevery = "{every}"\ndue = "{due}"\npractice = "试验"'
    return DISASTERS, f"{made}\n\n{DISASTERS}"


def rhythms(*made: str) -> tuple[str, str]:
    """The change that lets some be visited more often."""
    return VISITED, f"{VISITED}rhythms = [{', '.join(made)}]\n"


VISITED = 'satisfied_by = "visit"\n'
COLD_WAVE = '[cold-wave]\nlabel = "寒潮"\nlevels = ["red"]\nlabels = { red = "红色预警" }\nby = ["civil-affairs"]\npractice = "试验"\n'
WATCHED = "\n\n".join(
    f'[watch-{n}]\nof = "village"\nevery = "month"\nfor.categories.any = ["{word}"]\nsatisfied_by = "visit"\npractice = "试验"'
    for n, word in enumerate(["vagrant", "subsistence"])
)
NATION = "workflows/00-national"
YEARLY = capped("at_most = 1")


TEN_EACH_MONTH = '[checks]\nlabel = "抽查"\nof = "township"\nto = "service-centre"\nevery = "month"\nform = "monthly-report"\nquota = { counts = "households_visited", at_least = 10, in_all = 40, within = "quarter" }\npractice = "全国统一"\n'
EACH_WEEK = '[week]\nlabel = "周报"\nof = "village"\nevery = "week"\nby = "17:00"\npractice = "全国统一"\n'
DAILY = '[daily]\nlabel = "日报"\nof = "village"\nwhile = "cold-wave"\nevery = "day"\ninstead_of = "week"\n'


def below(text: str) -> Mistake:
    """The county's word on the cap that the nation sets."""
    return Mistake("", f"{W}/programmes.toml", new=f"[medical-aid.caps.once]\n{text}\n")


FASTER = '[urgent]\nlabel = "急办"\nfrom = "task.opened"\nlimit = "5 workdays"\nextend = { by = "leader", to = "8 workdays" }\nlimits = [{ when.urgency = "emergency", limit = "24 hours" }]\npractice = "全国统一"\n'
VILLAGE_ROLE = '[grid-worker]\nlabel = "网格员"\nmay = ["submit"]\nstaffed = [{ in = "village", at_least = 1, practice = "全国统一" }]\n'
SAMPLED = '[spot-check]\nof = "service-centre"\non = "case.archived"\nform = "visit"\nsample = { ratio = 0.3, minimum = 1, at_least.village = 2 }\npractice = "试验"\n'


def drawing(sample: str, basis: str = "") -> Mistake:
    """The county's word on what the nation samples."""
    return Mistake("", DUTIES, DISASTERS, f"[spot-check]\nsample = {{ {sample} }}\n{basis}\n\n{DISASTERS}")


CASES = [
    # Facts that are not there by then
    Mistake("outcome-asks-the-case-for-needs", CLUE, INELIGIBLE, 'when.case.needs.any = ["medical"]'),
    Mistake("outcome-asks-the-clue", CLUE, INELIGIBLE, 'when.clue.source = "hotline"'),
    Mistake("outcome-asks-the-task", CLUE, INELIGIBLE, 'when.task.unit = "civil-affairs"'),
    Mistake("row-asks-the-unit", ROWS, *rows(row("x", 'when.unit.id = "civil-affairs"'))),
    Mistake("row-asks-a-later-form", ROWS, *rows(row("x", "when.eligible = true"))),
    Mistake("limit-asks-the-case-for-needs", f"{W}/deadlines.toml", *limits('when.case.needs.any = ["medical"]')),
    Mistake("field-asks-the-person", f"{F}/clue-report.json", '"x-when": {"willing": true}', '"x-when": {"person.age": {"at_least": 60}}'),
    Mistake("field-shown-by-itself", f"{F}/clue-report.json", '"willing": {', '"willing": {"x-when": {"willing": true}, '),
    # Values that a fact never has
    Mistake("option-after-case-misspelt", f"{W}/deadlines.toml", *limits('when.case.urgency = "emergncy"')),
    Mistake("flow-misspelt", f"{W}/deadlines.toml", *limits('when.case.flow = "cleu"')),
    Mistake("number-as-text", ROWS, *rows(row("x", 'when.household_size.in = ["3"]'))),
    Mistake("text-before-a-day", ROWS, *rows(row("x", "when.name.before = 2026-01-01"))),
    Mistake("township-for-a-village", ROWS, *rows(row("x", 'when.residence = "370304103"'))),
    Mistake("township-for-its-villages", ROWS, *rows(row("x", 'when.residence = "370304001"'))),
    Mistake("option-by-its-label", f"{W}/deadlines.toml", *limits('when.case.urgency = "特急"')),
    Mistake("name-for-a-code", ROWS, *rows(row("x", 'when.residence.in = ["白塔镇"]'))),
    Mistake("code-of-nowhere", ROWS, *rows(row("x", 'when.residence = "370304999200"'))),
    # Values that no fact can have at once
    Mistake("any-and-none", ROWS, *rows(row("x", 'when.needs.any = ["medical"]\nwhen.needs.none = ["medical"]'))),
    Mistake("two-options-at-once", CLUE, INELIGIBLE, 'when.case.urgency.in = ["emergency"]\nwhen.any_of = [{ case.urgency = "ordinary" }]'),
    Mistake("flow-that-nobody-starts", CLUE, 'starts = ["emergency-aid"] ', "", also=(Mistake("", AID, 'outcomes.given.to = "account"', 'outcomes.given.to = "account"\noutcomes.given.when.person.age.at_least = 60'),)),
    Mistake("between-two-whole-numbers", ROWS, *rows(row("x", "when.household_size.above = 2\nwhen.household_size.below = 3"))),
    Mistake("below-the-least", ROWS, *rows(row("x", "when.household_income.below = 0"))),
    Mistake("days-the-wrong-way-round", ROWS, *rows(row("x", "when.found_at.before = 2026-01-01\nwhen.found_at.after = 2026-05-01"))),
    Mistake("either-way-impossible", CLUE, INELIGIBLE, "when.eligible = false\nwhen.any_of = [{ eligible = true }]"),
    Mistake("always", f"{F}/clue-report.json", '"x-when": {"willing": true}', '"x-when": {"any_of": [{"willing": true}, {"willing": false}]}'),
    # Answers that nobody can give, or that are not what they are taken for
    Mistake("required-while-hidden", CLUE, 'requires = ["refusal_reason"]', 'requires = ["programme"]', also=(Mistake("", CLUE, 'requires = ["declined_note"]', 'requires = ["declined_note", "refusal_reason"]'),)),
    Mistake("grants-what-is-no-programme", CLUE, 'grants = "$answers.programme"', 'grants = "$answers.findings"'),
    Mistake("grants-an-option-that-is-no-programme", f"{NATION}/lists.toml", "[programme.medical-aid]\n", '[programme.bread]\nlabel = "发面包"\n\n[programme.medical-aid]\n'),
    Mistake("outcome-for-the-content-only", CLUE, 'outcomes.done.label', 'outcomes.done.when.satisfaction.in = ["satisfied"]\noutcomes.done.label'),
    Mistake("required-only-while-hidden", f"{F}/clue-report.json", '"x-required-when": {"needs": {"any": ["medical"]}}', '"x-required-when": {"needs": {"none": ["medical"]}}'),
    Mistake("contradiction-told-where-nobody-looks", f"{F}/clue-report.json", '"properties": {', '"x-contradictions": [{"id": "hidden", "when": {"willing": false, "urgency": "emergency"}, "says": "不符。", "at": "applying_ability"}], "properties": {'),
    Mistake("contradiction-with-an-outcome", f"{F}/investigation-feedback.json", '"properties": {', '"x-contradictions": [{"id": "never", "when": {"task.outcome": "ineligible", "eligible": false}, "says": "不符。", "at": "eligible"}], "properties": {'),
    Mistake("no-day-between", f"{F}/clue-report.json", '"format": "date-time"', '"format": "date-time", "x-not-before": "2026-05-01", "x-not-after": "2026-04-01"', also=(Mistake("", f"{F}/investigation-feedback.json", '"format": "date"', '"format": "date", "x-not-before": "2029-01-01", "x-not-after": "today"'), Mistake("", f"{F}/notify-and-survey.json", '"format": "date"', '"format": "date", "x-not-before": "today", "x-not-after": "2026-12-31"'))),
    Mistake("numbers-open-to-all", f"{F}/clue-report.json", '"format": "resident-id", "maxLength": 18, "x-sensitive": "identity"', '"format": "resident-id", "maxLength": 18', also=(Mistake("", f"{F}/clue-report.json", '"format": "phone", "maxLength": 20, "x-sensitive": "phone", "x-section": "discovery"', '"format": "phone", "maxLength": 20, "x-section": "discovery"'),)),
    Mistake("number-of-a-person-that-is-none", f"{F}/clue-report.json", '"format": "resident-id", ', ""),
    Mistake("column-shown-by-itself", f"{F}/clue-report.json", '"properties": {', '"properties": {"kin": {"title": "亲属", "type": "array", "maxItems": 9, "x-row": "人", "x-serves": ["task:handling"], "items": {"type": "object", "properties": {"age": {"title": "年龄", "type": "integer", "minimum": 0, "maximum": 120}, "school": {"title": "学校", "type": "string", "maxLength": 20, "x-when": {"age": {"above": 200}}}, "note": {"title": "说明", "type": "string", "maxLength": 20, "x-when": {"note": {"known": true}}}}}}, '),
    Mistake("text-as-if-it-had-options", ROWS, *rows(row("x", 'when.difficulty.any = ["火灾"]'), row("y", "when.name = true"), row("z", 'when.difficulty = "火灾"'), row("w", "when.found_at = 2026-01-01"))),
    Mistake("confirmed-by-nobody-ever", ROWS, 'confirm_unless.urgency = "emergency"', "confirm_unless.name.known = true"),
    Mistake("lead-that-assists-itself", ROWS, 'assist = ["township"]', 'assist = ["medical-insurance-bureau"]'),
    Mistake("deadline-of-a-case-for-a-task", CLUE, 'deadline = "feedback"', 'deadline = "case-closing"', also=(Mistake("", CLUE, 'case_deadline = "case-closing"', 'case_deadline = "feedback"'),)),
    Mistake("deadline-from-what-comes-later", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"\nlimit = "5 workdays"\nfrom = "task.opened"', 'label = "调查处理情况反馈"\nlimit = "5 workdays"\nfrom = "answers.visited_on"', also=(Mistake("", f"{W}/deadlines.toml", 'from = "answers.found_at"', 'from = "answers.visited_on"'),)),
    # Fields that nobody can fill in
    Mistake("paper-number-too-short", f"{F}/clue-report.json", '"format": "resident-id", "maxLength": 18', '"format": "resident-id", "maxLength": 15'),
    Mistake("telephone-too-short", f"{F}/clue-report.json", '"format": "phone", "maxLength": 20, "x-sensitive": "phone", "x-section": "discovery"', '"format": "phone", "maxLength": 8, "x-sensitive": "phone", "x-section": "discovery"'),
    Mistake("moment-too-short", f"{F}/clue-report.json", '"format": "date-time"', '"format": "date-time", "maxLength": 10'),
    Mistake("pattern-longer-than-its-field", *pattern("^(A|BB)[0-9]{48}x+y*(ab)?z$"), also=(Mistake("", f"{F}/complaint.json", '"ticket": {', '"ticket": {"pattern": "^(AB|C)[0-9]{4}(x|yy)?.$", "minLength": 10, '),)),
    Mistake("option-longer-than-its-field", f"{F}/clue-report.json", '"x-list": "health"', '"x-list": "health", "type": "string", "maxLength": 5'),
    Mistake("options-that-are-no-month", f"{F}/clue-report.json", '"x-list": "hardship"', '"x-list": "hardship", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"'),
    Mistake("more-than-there-are", f"{F}/clue-report.json", '"minItems": 1, "maxItems": 15', '"minItems": 40, "maxItems": 50'),
    # Rows together
    Mistake("row-without-when", ROWS, 'when.needs.any = ["education"]\n', ""),
    Mistake("exactly-a-thousand-is-nobodys", ROWS, *rows(row("low", "when.household_income.below = 1000"), row("high", "when.household_income.above = 1000", "fire-rescue"))),
    Mistake("exactly-a-thousand-is-two-units", ROWS, *rows(row("low", "when.household_income.at_most = 1000"), row("high", "when.household_income.at_least = 1000", "fire-rescue"))),
    Mistake("a-size-left-out", ROWS, *rows(row("low", "when.household_size.at_most = 2"), row("high", "when.household_size.at_least = 4", "fire-rescue"))),
    Mistake("exactly-the-standard", ROWS, *rows(row("low", 'when.computed.monthly_per_capita.below = "$standards.subsistence"'), row("high", 'when.computed.monthly_per_capita.above = "$standards.subsistence"', "fire-rescue"))),
    Mistake("between-two-incomes", ROWS, *rows(row("low", "when.household_income.at_most = 999"), row("high", "when.household_income.at_least = 1000", "fire-rescue"))),
    Mistake("between-two-shares", ROWS, *rows(row("low", "when.computed.monthly_per_capita.at_most = 999"), row("high", "when.computed.monthly_per_capita.at_least = 1000", "fire-rescue"))),
    Mistake("exactly-a-thousand-is-the-firsts", ROWS, *rows(row("low", "when.household_income.at_most = 1000"), row("high", "when.household_income.at_least = 1000", "fire-rescue")), also=(Mistake("", ROWS, 'hit = "collect"', 'hit = "first"'),)),
    Mistake("between-six-and-seven-times", ROWS, *rows(row("low", 'when.household_income.at_most = "6 * $standards.subsistence on found_at"'), row("high", 'when.household_income.above = "7 * $standards.subsistence on found_at"', "fire-rescue"))),
    Mistake("exactly-six-times-is-two-units", ROWS, *rows(row("low", 'when.household_income.at_most = "6 * $standards.subsistence"'), row("high", 'when.household_income.at_least = "6 * $standards.subsistence"', "fire-rescue"))),
    Mistake("above-six-times-and-below-three", ROWS, *rows(row("x", 'when.household_income.above = "6 * $standards.subsistence"\nwhen.household_income.below = "3 * $standards.subsistence"'))),
    Mistake("limit-above-six-times-and-below-three", f"{W}/deadlines.toml", *limits('when.household_income.above = "6 * $standards.subsistence"\nwhen.household_income.below = "3 * $standards.subsistence"')),
    Mistake("standard-on-no-day", ROWS, *rows(row("x", 'when.household_income.above = "6 * $standards.subsistence on household_size"'))),
    Mistake("standard-on-a-later-day", ROWS, *rows(row("x", 'when.household_income.above = "6 * $standards.subsistence on notified_on"'))),
    Mistake("times-of-a-place", ROWS, *rows(row("x", 'when.household_income.above = "6 * $residence"'))),
    Mistake("answer-of-a-day", ROWS, *rows(row("x", 'when.household_income.above = "$household_size on found_at"'))),
    Mistake("standard-twice-from-a-day", f"{W}/jurisdiction.toml", "date = 2026-01-01", "date = 2025-01-01"),
    Mistake("standard-of-nothing", f"{W}/jurisdiction.toml", "value = 1010", "value = 0"),
    # Histories
    Mistake("history-of-nothing", CLUE, *history('label = "入户未遇"')),
    Mistake("history-of-an-outcome-misspelt", CLUE, *history('label = "入户未遇"\noutcomes = ["handling.emergensy"]')),
    Mistake("history-of-a-state-misspelt", CLUE, *history('label = "入户未遇"\noutcomes = ["handlin.emergency"]')),
    Mistake("history-of-what-is-not-told", CLUE, *history('label = "失业"\nwhile.jobless = true')),
    Mistake("history-of-what-can-never-be", CLUE, *history('label = "几口人"\nwhile = { household_size.above = 2, household_size.below = 3 }')),
    Mistake("history-lasting-within", CLUE, *history('label = "不愿"\nwithin = "30 days"\nwhile.willing = false')),
    Mistake("history-within-a-month", CLUE, *history('label = "入户未遇"\noutcomes = ["handling.emergency"]\nwithin = "1 month"')),
    Mistake("history-nobody-asks", CLUE, "[states.dispatch]", '[history.nobody]\nlabel = "先行救助"\noutcomes = ["handling.emergency"]\n\n[states.dispatch]'),
    Mistake("history-that-ends-it", CLUE, *history('label = "已告知"\noutcomes = ["notify.done"]')),
    Mistake("history-of-another-flow", CLUE, INELIGIBLE, "when.history.nobody.at_least = 2"),
    Mistake("limit-asks-what-one-flow-counts", CLUE, *history(SENT_BACK), also=(Mistake("", f"{W}/deadlines.toml", *limits("when.history.nobody.at_least = 1")), Mistake("", AID, 'deadline = "account-of-first-aid"', 'deadline = "feedback"'), GOES_BACK)),
    # Caps
    Mistake("cap-of-what-nobody-grants", PROGRAMMES, MEDICAL_AID, capped('at_most = 100\nsum = "amount"').replace("medical-aid", "unheard-of-aid"), also=(Mistake("", f"{W}/feeds.toml", '["medical-aid"]', '["education-aid"]'),) * 3),
    Mistake("cap-on-what-no-form-tells", PROGRAMMES, MEDICAL_AID, capped('at_most = 100\nsum = "total"')),
    Mistake("cap-on-what-is-no-number", PROGRAMMES, MEDICAL_AID, capped('at_most = 100\nsum = "findings"')),
    Mistake("cap-for-what-nobody-told", PROGRAMMES, MEDICAL_AID, capped('at_most = 1\nsame = ["reasons"]')),
    Mistake("cap-whose-reason-is-nowhere", PROGRAMMES, MEDICAL_AID, capped('at_most = 1\noverride = { by = "clerk", reason = "why", practice = "试验" }')),
    Mistake("cap-passed-by-who-completes-nothing", PROGRAMMES, MEDICAL_AID, capped('at_most = 1\noverride = { by = "leader", reason = "findings", practice = "试验" }')),
    # Samples
    Mistake("strata-swallowed", DUTIES, ALL_CLOSED, strata('{ when.willing = true, ratio = 0.5 }, { when = { willing = true, household_size.at_least = 3 }, ratio = "all" }')),
    Mistake("stratum-shared-by-two", DUTIES, ALL_CLOSED, strata('{ when.needs.any = ["medical"], ratio = 0.5 }, { when.willing = false, count = 3 }, { when.any_of = [{ willing = false }, { needs.any = ["medical"], household_size.at_least = 3 }], ratio = "all" }')),
    Mistake("stratum-of-contradictions", DUTIES, ALL_CLOSED, strata('{ when = { household_size.above = 2, household_size.below = 3 }, ratio = 0.5 }')),
    Mistake("stratum-of-contradictions-of-some", DUTIES, ALL_CLOSED, f"for.willing = true\n{strata('{ when = { household_size.above = 2, household_size.below = 3 }, ratio = 0.5 }')}"),
    Mistake("stratum-outside-its-duty", DUTIES, ALL_CLOSED, f"for.willing = true\n{strata('{ when.willing = false, count = 3 }')}"),
    Mistake("stratum-asks-the-unit", DUTIES, ALL_CLOSED, strata('{ when.unit.id = "civil-affairs", ratio = 0.5 }, { when.task.unit = "civil-affairs", ratio = 0.5 }, { when.household_size.in = ["3"], count = 1 }')),
    Mistake("ratios-in-per-cent", DUTIES, ALL_CLOSED, strata('{ when.willing = false, ratio = 50 }, { when.willing = true, ratio = "三成" }', "-0.1")),
    Mistake("sample-of-each-grid", DUTIES, ALL_CLOSED, "sample = { ratio = 0.3, at_least.grid = 1 }"),
    Mistake("sample-of-nothing", DUTIES, ALL_CLOSED, strata("{ when.willing = false, ratio = 0.0 }", "0")),
    # Below another layer
    Mistake("cap-raised", PROGRAMMES, MEDICAL_AID, YEARLY, also=(below("at_most = 2"),)),
    Mistake("cap-raised-in-multiples", PROGRAMMES, MEDICAL_AID, capped('at_most = "6 * $standards.subsistence"\nsum = "amount"'), also=(below('at_most = "6.5 * $standards.subsistence"'),)),
    Mistake("cap-raised-above-so-many-times", PROGRAMMES, MEDICAL_AID, capped('at_most = "6 * $standards.subsistence"\nsum = "amount"'), also=(below("at_most = 6361"),)),
    Mistake("cap-over-half-a-year", PROGRAMMES, MEDICAL_AID, YEARLY, also=(below('within = "6 months"'),)),
    Mistake("cap-forgets-at-new-year", PROGRAMMES, MEDICAL_AID, capped("at_most = 1", within="6 months"), also=(below('within = "year"'),)),
    Mistake("cap-for-each-cause-and-name", PROGRAMMES, MEDICAL_AID, capped('at_most = 1\nsame = ["needs"]'), also=(below('same = ["needs", "name"]'),)),
    Mistake("cap-in-a-flow-misspelt", PROGRAMMES, MEDICAL_AID, capped('at_most = 1\nflows = ["cleu"]')),
    Mistake("cap-in-a-flow-that-grants-nothing", PROGRAMMES, MEDICAL_AID, capped('at_most = 1\nflows = ["clue", "emergency-aid"]')),
    Mistake("due-by-later-than-above", f"{NATION}/duties.toml", new=EACH_WEEK, also=(Mistake("", DUTIES, DISASTERS, f'[week]\nby = "17:30"\n\n{DISASTERS}'),)),
    Mistake("nobody-or-else-but-above", f"{NATION}/duties.toml", new=f'{EACH_WEEK}or_else = "township"\n', also=(Mistake("", DUTIES, DISASTERS, f'[week]\nremove = ["or_else"]\n\n{DISASTERS}'),)),
    Mistake("instead-of-what-is-above", f"{NATION}/duties.toml", new=EACH_WEEK, also=(Mistake("", f"{W}/alerts.toml", new=COLD_WAVE), Mistake("", f"{NATION}/roles.toml", 'may = ["', 'may = ["declare", "'), Mistake("", DUTIES, DISASTERS, f'{DAILY}practice = "试验"\n\n{DISASTERS}'))),
    Mistake("quota-that-each-period-fills", DUTIES, 'form = "monthly-report"\n', 'form = "monthly-report"\nquota = { counts = "households_visited", at_least = 10, in_all = 50, within = "year" }\n'),
    Mistake("quota-less-than-above", f"{NATION}/duties.toml", new=TEN_EACH_MONTH, also=(Mistake("", f"{W}/duties.toml", DISASTERS, f'[checks.quota]\nat_least = 8\nwithin = "year"\n\n{DISASTERS}'),)),
    Mistake("quota-taken-away", f"{NATION}/duties.toml", new=TEN_EACH_MONTH, also=(Mistake("", f"{W}/duties.toml", DISASTERS, f'[checks]\nremove = ["quota"]\n\n{DISASTERS}'),)),
    Mistake("cap-in-fewer-flows", PROGRAMMES, MEDICAL_AID, YEARLY, also=(below('flows = ["clue"]'),)),
    Mistake("cap-for-each-cause", PROGRAMMES, MEDICAL_AID, YEARLY, also=(below('same = ["needs"]'),)),
    Mistake("cap-that-somebody-passes", PROGRAMMES, MEDICAL_AID, YEARLY, also=(below('override = { by = "clerk", reason = "findings", practice = "试验" }'),)),
    Mistake("sample-smaller", f"{NATION}/duties.toml", new=SAMPLED, also=(drawing("ratio = 0.2, minimum = 1"),)),
    Mistake("fewer-of-each-village", f"{NATION}/duties.toml", new=SAMPLED, also=(drawing("ratio = 0.3, minimum = 1, at_least.village = 1"),)),
    Mistake("cap-taken-away", PROGRAMMES, MEDICAL_AID, YEARLY, also=(Mistake("", f"{W}/programmes.toml", new='[medical-aid.caps]\nremove = ["once"]\n'),)),
    Mistake("sample-taken-away", f"{NATION}/duties.toml", new=SAMPLED, also=(Mistake("", DUTIES, DISASTERS, f'[spot-check]\nremove = ["sample"]\n\n{DISASTERS}'),)),
    Mistake("duty-taken-away", f"{NATION}/duties.toml", new=SAMPLED, also=(Mistake("", DUTIES, "# Who owes what", 'remove = ["spot-check"]\n# Who owes what'),)),
    Mistake("row-of-limits-left-out", f"{NATION}/deadlines.toml", new=FASTER, also=(Mistake("", f"{W}/deadlines.toml", "[notify]\n", '[urgent]\nlimits = [{ when.urgency = "urgent", limit = "2 workdays" }]\n\n[notify]\n'),)),
    Mistake("extension-without-bound", f"{NATION}/deadlines.toml", new=FASTER, also=(Mistake("", f"{W}/deadlines.toml", "[notify]\n", '[urgent]\nremove = ["extend"]\n\n[notify]\n'),)),
    Mistake("fewer-wanted-in-each-village", f"{NATION}/roles.toml", new=f"{FILES[f'{NATION}/roles.toml']}\n{VILLAGE_ROLE}", also=(Mistake("", f"{W}/roles.toml", new='[grid-worker]\nstaffed = []\n'),)),
    Mistake("taken-away-by-no-clause", PROGRAMMES, MEDICAL_AID, YEARLY, also=(Mistake("", f"{W}/programmes.toml", new='[medical-aid.caps]\nremove.once.cites = ["BS-九"]\n'),)),
    # What a dispatch, a wait, a duty or a form says in vain
    Mistake("dispatch-with-a-form", CLUE, 'routes_by = "clue"', 'routes_by = "clue"\nform = "investigation-feedback"\nwaits = "3 days"\nper_route = true'),
    Mistake("wait-that-prints", CLUE, 'deadline = "notify"\nprints = ["closing-notice"]\n', 'deadline = "notify"\nwaits = "7 days"\noutcomes.done.prints = ["closing-notice"]\noutcomes.done.starts = ["emergency-aid"]\n'),
    Mistake("duty-of-a-task", DUTIES, DISASTERS, f'[extra]\nof = "service-centre"\nevery = "month"\nfor.task.unit = "civil-affairs"\npractice = "试验"\n\n{DISASTERS}'),
    Mistake("duty-in-vain", DUTIES, DISASTERS, f'[extra]\nof = "service-centre"\nevery = "month"\non = "event"\nat_least = 3\nprefill = "clue-ledger"\ncovers = "previous day"\ncollects = "another"\npractice = "试验"\n\n[another]\nof = "service-centre"\non = "event"\ndue = "day 5"\ncollects = "extra"\npractice = "试验"\n\n[third]\nof = "service-centre"\nevery = "week"\nlimit = "3 workdays"\nfrom = "answers.occurred_on"\npractice = "试验"\n\n{DISASTERS}'),
    Mistake("duty-on-the-first-monday-of-a-week", DUTIES, *yearly("week", "first Monday")),
    Mistake("duty-daily-on-a-workday", DUTIES, *yearly("day", "first workday")),
    Mistake("collected-on-the-same-day", DUTIES, 'every = "month"\ndue = "day 10"', 'every = "month"\ndue = "day 5"'),
    Mistake("duty-longer-than-the-clause", DUTIES, 'limit = "3 workdays"', 'limit = "200 hours"'),
    Mistake("hours-longer-than-the-clause", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "400 hours"'),
    Mistake("feed-keeps-by-the-case", f"{W}/feeds.toml", "keep_when.amount.at_least = 20000", 'keep_when.case.urgency = "emergency"'),
    Mistake("contradiction-always", f"{F}/clue-report.json", '"properties": {', '"x-contradictions": [{"id": "always", "when": {"any_of": [{"willing": true}, {"willing": false}]}, "says": "不符。", "at": "willing"}], "properties": {'),
    Mistake("contradiction-never", f"{F}/clue-report.json", '"properties": {', '"x-contradictions": [{"id": "never", "when": {"household_size": {"above": 2, "below": 3}}, "says": "不符。", "at": "willing"}], "properties": {'),
    Mistake("field-wanted-by-itself", f"{F}/clue-report.json", '"willing": {', '"willing": {"x-required-when": {"willing": true}, '),
    Mistake("compared-with-itself", ROWS, *rows(row("x", 'when.household_income.above = "$household_income"'))),
    Mistake("older-than-anybody", ROWS, *rows(row("x", "when.person.age.at_least = 200"))),
    Mistake("limit-behind-another", f"{W}/deadlines.toml", FEEDBACK, f'[[feedback.limits]]\nwhen.urgency = "emergency"\nlimit = "24 hours"\n\n[[feedback.limits]]\nwhen.urgency = "emergency"\nwhen.willing = true\nlimit = "2 hours"\n\n{FEEDBACK}'),
    Mistake("extended-beyond-the-case", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"', 'label = "调查处理情况反馈"\nextend = { by = "leader", to = "100 workdays" }'),
    Mistake("from-a-moment-until-it", f"{W}/deadlines.toml", 'until = "clue.submitted"', 'until = "answers.found_at"'),
    Mistake("no-divisions", f"{W}/divisions.csv", new="code,name,level\n"),
    Mistake("two-villages-of-one-name", f"{W}/divisions.csv", "370304001200,", "370304001999,公平庄居委会,village\n370304001200,"),
    Mistake("unit-of-no-font", f"{W}/units.toml", 'label = "区委宣传部"', 'label = "区委宣传部😀"'),
    Mistake("place-of-no-font", f"{W}/divisions.csv", "域城镇", "域城镇😀"),
    Mistake("levels-of-one-name", f"{W}/alerts.toml", new=COLD_WAVE.replace('["red"]', '["yellow", "red"]').replace('red = "红色预警"', 'red = "红色预警", yellow = "红色预警"'), also=(Mistake("", f"{NATION}/roles.toml", 'may = ["', 'may = ["declare", "'),)),
    Mistake("labels-twice", CLUE, 'label = "不符合条件"', 'label = "符合条件，落实救助"', also=(Mistake("", AID, 'label = "急难先行救助"', 'label = "困难线索办理"'), Mistake("", f"{W}/deadlines.toml", 'label = "个案办结"', 'label = "调查处理情况反馈"'), Mistake("", f"{F}/clue-report.json", '"title": "发现人姓名"', '"title": "困难群众 姓名"'), Mistake("", CLUE, 'label = "告知与回访"', 'label = "调查 办理"'), Mistake("", f"{F}/complaint.json", '"title": "', f'"title": "{json.loads(FILES[f"{F}/clue-report.json"])["title"]}", "description": "'), Mistake("", PROGRAMMES, 'label = "医疗救助"', 'label = "教育救助"'))),
    # Units and duties that nothing comes to
    Mistake("collects-what-others-receive", DUTIES, 'of = "service-centre"\nto = "leading-group-office"\ncollects', 'of = "civil-affairs"\nto = "leading-group-office"\ncollects'),
    Mistake("collects-what-is-never-handed-in", DUTIES, 'collects = "township-monthly"', 'collects = "patrol"', also=(Mistake("", DUTIES, DISASTERS, f'[total]\nof = "service-centre"\nevery = "month"\ncollects = "fires"\npractice = "试验"\n\n{DISASTERS}'),)),
    Mistake("one-name-for-many-units", f"{W}/units.toml", 'label = "{division}社会救助服务点"', 'label = "社会救助服务点"'),
    Mistake("word-for-a-unit-nowhere", f"{W}/units.toml", "[fire-rescue]\n", '[township.instances.370304999]\nduty_phone = "0533-0000007"\n\n[fire-rescue]\n'),
    # Places, times, endings, things said twice
    Mistake("residence-left-open", f"{F}/clue-report.json", '"name", "residence", "needs"', '"name", "needs"'),
    Mistake("township-without-villages", f"{W}/divisions.csv", "370304001,城东街道,township\n", "370304001,城东街道,township\n370304777,经济开发区,township\n"),
    Mistake("reminded-twice-at-once", f"{W}/deadlines.toml", 'remind = ["1 workday before", "at due", "1 workday after"]', 'remind = ["1 workday before", "1 workdays before", "at due", "0 hours after"]'),
    Mistake("escalated-to-itself", f"{W}/deadlines.toml", 'after = "1 workday"\nto = "leading-group-office"', 'after = "1 workday"\nto = "service-centre"'),
    Mistake("labels-of-blanks", f"{W}/units.toml", 'label = "区委宣传部"', 'label = " "', also=(Mistake("", CLUE, 'label = "不符合条件"', 'label = "　"'), Mistake("", f"{F}/clue-report.json", '"title": "发现人姓名"', '"title": "  "'), Mistake("", AID, 'label = "急难先行救助"', 'label = " "'), Mistake("", f"{W}/meetings.toml", 'labels.refuse = "不予救助"', 'labels.refuse = " "'), Mistake("", f"{W}/ledgers.toml", '"clue.found_at" = "发现日期"', '"clue.found_at" = " "'))),
    Mistake("township-gone", f"{W}/divisions.csv", "370304001,城东街道,township\n", ""),
    Mistake("alert-nobody-declares", f"{W}/alerts.toml", "", '[cold-wave]\nlabel = "寒潮"\nlevels = ["red"]\nlabels = { red = "红色预警" }\nby = ["village"]\npractice = "试验"\n'),
    Mistake("leap-day", DUTIES, *yearly("year", "02-29")),
    Mistake("monthly-on-a-weekday", DUTIES, *yearly("month", "Monday")),
    Mistake("half-yearly-on-a-date", DUTIES, *yearly("half-year", "06-30")),
    Mistake("daily-on-a-day", DUTIES, *yearly("day", "day 3")),
    Mistake("weekly-at-month-end", DUTIES, *yearly("week", "month end")),
    Mistake("due-when-nobody-is-there", DUTIES, *yearly("month", 'day 10"\nby = "20:00')),
    Mistake("earlier-than-its-period", DUTIES, *yearly("month", 'day 1"\non_holiday = "previous')),
    Mistake("on-duty-behind-another", f"{W}/jurisdiction.toml", "[soft]", '[[off_hours]]\nunit = "service-centre"\npractice = "值班表"\n\n[[off_hours]]\nduring = ["weekend", "holiday"]\nunit = "civil-affairs"\npractice = "值班表"\n\n[soft]'),
    Mistake("on-duty-on-paper", f"{W}/jurisdiction.toml", "[soft]", '[[off_hours]]\nunit = "volunteer-team"\npractice = "值班表"\n\n[soft]'),
    Mistake("on-duty-for-a-unit-gone", f"{W}/units.toml", "[fire-rescue]\n", '[fire-rescue]\nuntil = 2026-01-01\n', also=(Mistake("", f"{W}/jurisdiction.toml", "[soft]", '[[off_hours]]\nunit = "fire-rescue"\npractice = "值班表"\n\n[soft]'),)),
    Mistake("rhythm-nowhere", DUTIES, *rhythms('{ every = "day", places = ["370399"] }')),
    Mistake("rhythm-no-stricter", DUTIES, *rhythms('{ every = "quarter", at_least = 2, season = { from = "06-01", to = "09-30" } }')),
    Mistake("rhythm-for-all", DUTIES, *rhythms('{ every = "day" }')),
    Mistake("rhythms-nobody-can-compare", DUTIES, *rhythms('{ every = "week", places = ["370304102"] }', '{ every = "month", at_least = 6, places = ["370304103"] }')),
    Mistake("reminded-before-it-begins", f"{W}/deadlines.toml", '"1 workday before", "at due", "1 workday after"', '"9 workdays before", "at due"'),
    Mistake("longer-than-the-clause", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "8 workdays"'),
    Mistake("longer-than-the-case", f"{W}/deadlines.toml", 'limit = "20 workdays"', 'limit = "4 workdays"'),
    Mistake("deemed-what-nobody-filled-in", CLUE, 'join = "all"', 'join = "all"\non_breach = "ineligible"'),
    Mistake("deemed-and-only-recorded", CLUE, 'join = "all"', 'join = "all"\non_breach = "emergency"'),
    Mistake("deemed-where-nothing-is-due", CLUE, 'deadline = "notify"', 'on_breach = "done"'),
    Mistake("deemed-where-somebody-confirms", CLUE, 'unit = "service-centre"\nroutes_by = "clue"', 'unit = "service-centre"\non_breach = "dispatched"\nroutes_by = "clue"'),
    Mistake("may-be-set-longer-than-above", f"{NATION}/deadlines.toml", new='[feedback]\nlimit = "5 workdays"\n', also=(Mistake("", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"\nlimit = "5 workdays"', 'label = "调查处理情况反馈"\nset_by = { answer = "visited_on", at_most = "10 workdays" }'),)),
    Mistake("may-answer-more-than-counts", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"', 'label = "调查处理情况反馈"\nset_by = { answer = "household_size", at_most = "10 workdays" }'),
    Mistake("one-after-the-other-longer-than-the-case", f"{W}/deadlines.toml", 'limit = "20 workdays"', 'limit = "7 workdays"'),
    Mistake("within-what-no-flow-goes-by", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"', 'label = "调查处理情况反馈"\nwithin = "report-clue"'),
    Mistake("two-units-of-one-name", f"{W}/units.toml", 'label = "区委宣传部"', 'label = "区民政局"'),
    Mistake("two-options-of-one-name", f"{W}/lists.toml", 'label = "人文关怀"', 'label = "心理疏导"'),
    Mistake("printed-twice", CLUE, 'prints = ["transfer-slip"]', 'prints = ["transfer-slip", "transfer-slip"]'),
    Mistake("flow-starts-itself", CLUE, 'starts = ["emergency-aid"]', 'starts = ["emergency-aid", "clue"]'),
    Mistake("flow-without-way-to-its-end", CLUE, 'outcomes.done.to = "archived"', 'outcomes.done.to = "handling"'),
    Mistake("flow-without-number", CLUE, 'number = "博救〔{year}〕{n}号"\n', ""),
    Mistake("number-without-year", f"{W}/notices.toml", "博社救转〔{year}〕{n}号", "博社救转{n}号"),
    # Rows, choices and categories that nobody takes
    Mistake("row-behind-another", ROWS, 'hit = "collect"', 'hit = "first"', also=(Mistake("", ROWS, *rows(row("later", 'when.needs.any = ["medical"]'))),)),
    Mistake("rows-in-each-others-way", ROWS, 'hit = "collect"', 'hit = "first"'),
    Mistake("choice-of-nobody", f"{NATION}/lists.toml", "[need.medical]\n", '[need.legal-aid]\nlabel = "法律援助"\n\n[need.medical]\n'),
    Mistake("choice-retired", f"{NATION}/lists.toml", "[need.medical]\n", "[need.medical]\nretired = 2025-12-31\n"),
    Mistake("categories-nobody-visits", DUTIES, 'satisfied_by = "visit"\n', "", also=(Mistake("", DUTIES, DISASTERS, f"{WATCHED}\n\n{DISASTERS}"),)),
    Mistake(
        "extension-by-two-hands", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"', 'label = "调查处理情况反馈"\nextend = { by = "leader", to = "8 workdays", practice = "试验" }',
        also=(Mistake("", f"{W}/deadlines.toml", 'label = "个案办结"', 'label = "个案办结"\nextend = { by = "supervisor", to = "30 workdays", practice = "试验" }'), Mistake("", f"{NATION}/roles.toml", 'may = ["urge", "supervise", "print"]', 'may = ["urge", "supervise", "print", "approve-extension"]')),
    ),
    Mistake("wait-that-nothing-cuts-short", CLUE, '[states.archived]', '[states.posted]\nlabel = "公示"\nwaits = "7 days"\noutcomes.over.label = "期满无异议"\noutcomes.over.to = "archived"\noutcomes.objected.label = "有异议"\noutcomes.objected.to = "notify"\npractice = "试验"\n\n[states.archived]', also=(Mistake("", CLUE, 'outcomes.done.to = "archived"', 'outcomes.done.to = "posted"'),)),
    Mistake("objection-to-nowhere", CLUE, '[states.notify]\n', '[states.notify]\ninterrupted_by = "objection"\n'),
    Mistake("terms-that-no-task-has", CLUE, "per_route = true ", 'unit = "service-centre"', also=(Mistake("", ROWS, *rows(row("x", 'when.needs.any = ["unclear"]\ndeadline = "feedback"'))), Mistake("", CLUE, 'join = "all"\n', ""))),
    Mistake("row-beside-one-of-the-same-lead", ROWS, *rows(row("twin", "when.household_size.at_least = 5", "medical-insurance-bureau")), also=(Mistake("", ROWS, 'hit = "collect"', 'hit = "first"'),)),
    Mistake("nobody-hands-in", f"{NATION}/roles.toml", new=FILES[f"{NATION}/roles.toml"].replace('"complete", ', "").replace('"submit", ', "")),
    # Units and clauses of other days
    Mistake("unit-gone", f"{W}/units.toml", "[fire-rescue]\n", "[fire-rescue]\nuntil = 2026-01-01\n"),
    Mistake("unit-to-come", f"{W}/units.toml", "[housing-bureau]\n", "[housing-bureau]\nsince = 2027-01-01\n"),
    Mistake("unit-nowhere", ROWS, 'lead = "civil-affairs"', 'lead = "ward"', also=(Mistake("", f"{W}/units.toml", "[fire-rescue]\n", '[ward]\nlabel = "{division}片区"\nper = "township"\n\n[fire-rescue]\n'),)),
    Mistake("unit-too-fine", ROWS, 'otherwise.lead = "township"', 'otherwise.lead = "village"', also=tuple(Mistake("", f"{F}/{form}.json", '"x-level": "village"', '"x-level": "township"') for form in ("clue-report", "hotline-call", "feed-row"))),
    Mistake("clause-out-of-force", f"{W}/policies.toml", "in_force = 2021-05-20", "in_force = 2021-05-20\nuntil = 2025-12-31"),
    Mistake("clause-not-in-force-yet", f"{W}/policies.toml", "in_force = 2021-05-20", "in_force = 2027-05-20"),
    Mistake("clause-never-read-again", f"{W}/policies.toml", '5个工作日内向区社会救助综合服务中心反馈调查处理情况"\nreviewed = 2026-11-21', '5个工作日内向区社会救助综合服务中心反馈调查处理情况"'),
    Mistake("standard-only-later", f"{W}/jurisdiction.toml", "date = 2025-01-01", "date = 2027-01-01", also=(Mistake("", f"{W}/jurisdiction.toml", "date = 2026-01-01", "date = 2028-01-01"),)),
    Mistake("year-without-days-off", f"{NATION}/calendars/2026.toml"),
    # What nothing uses
    Mistake("duty-done-by-nothing", f"{W}/duties.toml", 'on = "case.archived"\n', 'on = "person.category_added"\n'),
    Mistake("duty-noted-and-drawn", f"{W}/duties.toml", 'on = "case.archived"\n', 'on = "event"\n'),
    Mistake("duty-drawn-of-what-nobody-draws", f"{W}/duties.toml", 'on = "case.archived"\nlimit = "30 days"\n' + ALL_CLOSED, 'on = "notice.issued"\nlimit = "30 days"\nsample = { ratio = 0.5, per = "month", minimum = 1 }'),
    Mistake("deadline-that-nothing-goes-by", CLUE, 'deadline = "notify"\n', "", also=(Mistake("", f"{W}/lists.toml", "[", '[pets.cat]\nlabel = "猫"\n\n['), Mistake("", f"{W}/roles.toml", new='[onlooker]\nlabel = "观察员"\nmay = []\n'), Mistake("", f"{F}/pets.json", new='{"title": "宠物登记表", "type": "object", "x-practice": "试验", "properties": {"found_on": {"title": "登记日期", "type": "string", "format": "date", "x-serves": ["task:handling"]}}}'))),
    Mistake("unit-on-paper-that-nothing-names", f"{W}/units.toml", "[fire-rescue]\n", '[bank]\nlabel = "代发银行"\nexternal = true\n\n[fire-rescue]\n'),
    # Meetings
    Mistake("quorum-in-words", MEETINGS, 'quorum = "half"', 'quorum = "三分之二"'),
    Mistake("quorum-of-five", MEETINGS, 'quorum = "half"', 'quorum = "halfs"', also=(Mistake("", MEETINGS, '[joint-meeting]', '[other]\nlabel = "另一个会"\nconvenes = "township"\nquorum = "5"\npractice = "试验"\n\n[joint-meeting]'),)),
    Mistake("quorum-of-nobody", MEETINGS, "members = [", 'minutes = "transfer-slip" # ['),
    Mistake("decisions-without-a-name", MEETINGS, 'labels.refuse = "不予救助"\n', "", also=(Mistake("", MEETINGS, 'labels.assign = "确定主办单位"\n', ""),)),
    Mistake("meeting-that-decides-nothing", MEETINGS, 'decides = ["assign", "one-case-one-plan", "refuse"]\nlabels.assign = "确定主办单位"\nlabels.one-case-one-plan = "一事一议"\nlabels.refuse = "不予救助"\n', ""),
    Mistake("decision-that-no-outcome-is", CLUE, '[states.notify]\n', '[states.notify]\nmeeting = "joint-meeting"\noutcomes.done.on_decision = ["assign"]\n'),
    Mistake("meeting-convened-by-each-village", MEETINGS, 'convenes = "service-centre"', 'convenes = "village"', also=tuple(Mistake("", f"{F}/{form}.json", '"x-level": "village"', '"x-level": "township"') for form in ("clue-report", "hotline-call", "feed-row"))),
    # Lists of departments
    Mistake("feed-opens-what-starts-nothing", f"{W}/feeds.toml", 'opens = "feed-row"', 'opens = "online-plea"'),
    Mistake("feed-without-a-column", f"{W}/feeds.toml", 'columns.occurred_on = ["发布日期", "求助时间"]\n', "# 求助日期另报\n", also=(Mistake("", f"{W}/feeds.toml", 'match = "name"', 'match = "id_number"'), Mistake("", f"{W}/feeds.toml", 'columns.id_number = ["身份证号", "公民身份号码", "身份证号码"]\n', "# 不报身份证号\n"))),
    Mistake("feed-heads-twice", f"{W}/feeds.toml", 'columns.phone = ["联系电话", "电话"]', 'columns.phone = ["联系电话", "姓 名", "联系电话"]'),
    # What is counted and listed
    Mistake("counted-option-misspelt", INDICATORS, 'satisfaction.in = ["satisfied", "fair"]', 'satisfaction.in = ["satisfied", "fiar"]'),
    Mistake("counted-option-by-its-label", INDICATORS, 'satisfaction.in = ["satisfied", "fair"]', 'satisfaction.in = ["满意"]'),
    Mistake("counted-yes-in-words", INDICATORS, "part.where.reported_in_time = true", "part.where.reported_in_time = 1", also=(Mistake("", INDICATORS, 'part.where.closed = true', 'part.where.opened_at.after = 2026-05-01\npart.where.opened_at.before = 2026-01-01\npart.where.task.amount.at_least = 5\npart.where.task.amount.at_most = 3'),)),
    Mistake("counted-time-to-the-minute", INDICATORS, 'whole = { of = "task", where.state = "notify" }', 'whole = { of = "task", where = { state = "notify", completed_at = "2026-01-01" } }'),
    Mistake("counted-in-full", INDICATORS, "part.where.closed = true", 'part.where.flow.in = ["clue", "emergency-aid"]'),
    Mistake("counted-never", INDICATORS, "part.where.closed = true", 'part.where.flow = "emergency-aid"'),
    Mistake("points-in-per-cent", INDICATORS, "full_at = 0.95", "full_at = 95", also=(Mistake("", INDICATORS, "points = 10, full_at = 1.0", "points = 0, full_at = 0"), Mistake("", INDICATORS, "full_at = 0.9 ", "full_at = 950 "))),
    Mistake("listed-category-misspelt", f"{W}/ledgers.toml", 'of = "person"', 'of = "person"\nwhere.category.any = ["subsistance"]', also=(Mistake("", f"{W}/ledgers.toml", 'where.flow = "clue"', 'where.flow = "clue"\nwhere.clue.needs.any = ["食品"]\nwhere.person.sex = "M"'),)),
    Mistake("columns-of-one-head", f"{W}/ledgers.toml", '"task.due_at" = "办理时限"', '"task.due_at" = "核实 日期"', also=(Mistake("", f"{W}/ledgers.toml", '"clue.source" = "线索来源"\n', ""), Mistake("", f"{W}/ledgers.toml", '"clue.channel" = "受理渠道"', '"clue.channel" = "线索来源"'))),
    # Limits and papers that do not do what they seem to
    Mistake("limit-in-one-case-only", f"{W}/deadlines.toml", 'limit = "5 workdays"\n', 'limits = [{ when.urgency = "emergency", limit = "24 hours" }]\n'),
    Mistake("counts-where-no-clock-runs", CLUE, 'label = "归档"\n', 'label = "归档"\ncounts = false\npractice = "试验"\n'),
    Mistake("paper-of-no-step", CLUE, 'prints = ["transfer-slip"]\n', ""),
    Mistake("one-number-for-many-units", f"{W}/notices.toml", 'seal = "service-centre"', 'seal = "township"'),
    Mistake("state-nobody-comes-to", CLUE, 'to = "archived"', 'to = "notify"'),
    Mistake("dispatch-where-nobody-may", CLUE, 'unit = "service-centre"', 'unit = "village"'),
    # Dispatches
    Mistake("second-way-out-of-a-dispatch", CLUE, 'outcomes.dispatched.to = "handling"', 'outcomes.dispatched.to = "handling"\noutcomes.straight.to = "notify"'),
    Mistake("dispatch-asks-in-vain", CLUE, 'outcomes.dispatched.to = "handling"', 'outcomes.dispatched.to = "handling"\noutcomes.dispatched.prints = ["transfer-slip"]'),
]  # fmt: skip

CLOSING = '[case-closing]\nlabel = "办结"\nlimit = "10 workdays"\nfrom = "case.opened"\npractice = "全国统一"\n'
SLOWER = [
    ("slower-row", 'when.urgency = "emergency"\nlimit = "60 workdays"', 1),
    ("slower-row-with-its-own-clause", 'when.urgency = "emergency"\nlimit = "60 workdays"\ncites = ["BS-三(一)-1"]', 0),
    ("faster-row", 'when.urgency = "emergency"\nlimit = "2 workdays"', 0),
]  # fmt: skip


def below_the_nation(text: str) -> dict[str, str]:
    """The county's files with a deadline of the nation and one row over it."""
    own = FILES[f"{W}/deadlines.toml"]
    start, end = own.index("[case-closing]"), own.index("[[case-closing.escalate]]")
    made = f"[case-closing]\n\n[[case-closing.limits]]\n{text}\n\n"
    return {**FILES, f"{W}/deadlines.toml": own[:start] + made + own[end:], f"{NATION}/deadlines.toml": CLOSING}


@pytest.mark.parametrize(("name", "text", "found"), SLOWER, ids=[name for name, *_ in SLOWER])
def test_a_row_may_only_be_faster_without_a_clause_of_its_own(name: str, text: str, found: int) -> None:
    codes = [problem.code for problem in told(below_the_nation(text))]
    assert codes == ["PROMISE_SLOWER"] * found


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("[soft]", '[soft]\npromptly = "10 workdays"\n[x]', "soft.promptly"),
        ("[soft]", '[soft]\nimmediately = "1000 workdays"\n[x]', "soft.immediately"),
        ("[soft]", '[office]\nhours = ["08:30-12:00", "13:30-22:00"]\n\n[soft]', "office.hours"),
    ],
)
def test_soft_words_and_office_hours_may_only_be_faster(old: str, new: str, key: str) -> None:
    text = FILES[f"{W}/jurisdiction.toml"]
    if new.startswith("[soft]"):
        word = new.split("\n")[1]
        name = word.split(" ")[0]
        lines = [word if line.startswith(f"{name} =") else line for line in text.splitlines()]
        text = "\n".join(lines)
    else:
        text = text.replace(old, new, 1)
    problems = told({**FILES, f"{W}/jurisdiction.toml": text})
    assert [(problem.code, problem.key) for problem in problems] == [("PROMISE_SLOWER", key)]


def test_an_office_that_closes_later_may_cite_why() -> None:
    own = '[office]\nhours = ["08:30-12:00", "13:30-22:00"]\ncites = ["BS-二(二)3-7"]\n\n[soft]'
    text = FILES[f"{W}/jurisdiction.toml"].replace("[soft]", own, 1)
    assert told({**FILES, f"{W}/jurisdiction.toml": text}) == []


def _said(mistake: Mistake) -> str:
    return _text(told(mistake.made_in(FILES)))


def _text(problems: Iterable[Problem]) -> str:
    return "\n".join(f"{problem.severity}: {problem}" for problem in sorted(set(problems))) + "\n"


@pytest.mark.parametrize("mistake", CASES, ids=lambda mistake: mistake.name)
def test_says(mistake: Mistake) -> None:
    _is_said(mistake.name, _said(mistake))


def below_another() -> list[Problem]:
    """What is told of the county where only the province above it is served."""
    return list(standing_aside(compile_rulebook(FILES, BOSHAN), {"37-shandong"}))


def test_says_of_a_layer_below_a_served_one() -> None:
    _is_said(BELOW_ANOTHER, _text(below_another()))


def _is_said(name: str, said: str) -> None:
    snapshot = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("XUNFANG_SNAPSHOTS") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot.write_text(said, "utf-8")
    assert said == snapshot.read_text("utf-8")
    assert said.strip()


def test_every_snapshot_belongs_to_a_case() -> None:
    assert {file.stem for file in SNAPSHOTS.glob("*.txt")} == {BELOW_ANOTHER, *(mistake.name for mistake in CASES)}


def _named(name: str) -> dict[str, str]:
    return next(mistake for mistake in CASES if mistake.name == name).made_in(FILES)


def _mark(warning: Problem) -> str:
    return warning.hint.rsplit("#", 1)[1][:6]


def test_a_warning_is_answered_in_the_file_until_its_subject_changes() -> None:
    files, deadlines = _named("longer-than-the-clause"), f"{W}/deadlines.toml"
    (warning,) = told(files)
    mark = _mark(warning)
    answered = {
        **files,
        deadlines: files[deadlines].replace("8 workdays", f'8 workdays"\naccepted = "区长办公会定 #{mark}', 1),
    }
    assert told(answered) == []
    changed = {**answered, deadlines: answered[deadlines].replace('"8 workdays', '"9 workdays', 1)}
    (again,) = told(changed)
    assert again.code == "LIMIT_BEYOND_CLAUSE"
    assert "内容变了，请再看一遍" in again.hint
    unmarked = {**files, deadlines: files[deadlines].replace("8 workdays", '8 workdays"\naccepted = "区长办公会定', 1)}
    (still,) = told(unmarked)
    assert f'accepted = "区长办公会定 #{mark}"' in still.hint


UNREAD = '5个工作日内向区社会救助综合服务中心反馈调查处理情况"'
NEXT_YEAR = f"{NATION}/calendars/2027.toml"
OF_A_DAY = [
    # name, the file, the end of a line of what the warning is about, a change of it
    ("unit-gone", DUTIES, 'of = "fire-rescue"', ('of = "fire-rescue"\n', 'of = "fire-rescue"\nzero_report = true\n')),
    ("unit-to-come", ROWS, 'lead = "housing-bureau"', ('when.needs.any = ["housing"]', 'when.needs.any = ["housing", "medical"]')),
    ("unit-nowhere", ROWS, 'lead = "ward"', ('when.categories.any = ["vagrant"]', 'when.categories.any = ["subsistence"]')),
    ("clause-out-of-force", f"{W}/policies.toml", "in_force = 2021-05-20", ("until = 2025-12-31", "until = 2025-12-30")),
    ("clause-not-in-force-yet", f"{W}/policies.toml", "in_force = 2027-05-20", ("in_force = 2027-05-20", "in_force = 2027-05-21")),
    ("clause-never-read-again", f"{W}/policies.toml", UNREAD, ("5个工作日内向区", "7个工作日内向区")),
    ("choice-retired", ROWS, 'when.needs.any = ["medical"]', ('assist = ["township"]', "assist = []")),
    ("standard-only-later", f"{W}/jurisdiction.toml", 'practice = "示例数值，部署时填写当地标准"', ("2027-01-01", "2027-02-01")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "line", "change"), OF_A_DAY, ids=[name for name, *_ in OF_A_DAY])
def test_a_warning_of_a_day_is_answered_until_its_subject_changes(
    name: str, file: str, line: str, change: tuple[str, str]
) -> None:
    files = _named(name)
    (warning,) = told(files)
    answered = {**files, file: files[file].replace(line, f'{line}\naccepted = "看过 #{_mark(warning)}"', 1)}
    assert told(answered) == []
    assert change[0] in answered[file]
    (again,) = told({**answered, file: answered[file].replace(*change, 1)})
    assert again.code == warning.code
    assert "内容变了，请再看一遍" in again.hint


def test_that_a_year_is_not_published_yet_is_answered_in_the_file_of_the_year() -> None:
    november = date(2026, 11, 10)
    files = {path: text for path, text in FILES.items() if path != NEXT_YEAR}
    (missing,) = told(files, november)
    assert "请新建这个文件：year = 2027、published = false" in missing.hint
    begun = {**files, NEXT_YEAR: "year = 2027\npublished = false\n"}
    (warning,) = told(begun, november)
    answered = {**begun, NEXT_YEAR: f'{begun[NEXT_YEAR]}accepted = "等通知 #{_mark(warning)}"\n'}
    assert told(answered, november) == []
    (again,) = told(answered, date(2027, 3, 1))  # the year has come, and its days off are still not known
    assert "仍都是暂定" in again.message


def test_a_unit_of_each_village_needs_a_village() -> None:
    coarse = {path: text.replace('"x-level": "village"', '"x-level": "township"') for path, text in FILES.items()}
    found = told({**coarse, ROWS: coarse[ROWS].replace('otherwise.lead = "township"', 'otherwise.lead = "village"')})
    assert {problem.code for problem in found} == {"UNIT_TOO_FINE"}
    assert "只填到乡级" in found[0].message


def test_what_was_released_stays_usable_when_a_check_comes_later() -> None:
    files = next(mistake for mistake in CASES if mistake.name == "flow-starts-itself").made_in(FILES)
    with pytest.raises(RulebookError):
        compile_rulebook(files, BOSHAN)
    assert compile_rulebook(files, BOSHAN, released=True).flows["clue"].states["handling"].outcomes["emergency"].starts


SOUND = [
    Mistake("offered-by-the-nation", f"{NATION}/deadlines.toml", new=FASTER.replace("urgent", "unheard-of"), also=(Mistake("", f"{NATION}/units.toml", "[village]\n", '[bank]\nlabel = "代发银行"\nexternal = true\n\n[village]\n'), Mistake("", f"{NATION}/lists.toml", "[need.medical]\n", '[pets.cat]\nlabel = "猫"\n\n[need.medical]\n'), Mistake("", "forms/00-national/pets.json", new='{"title": "宠物登记表", "type": "object", "x-practice": "试验", "properties": {"found_on": {"title": "登记日期", "type": "string", "format": "date", "x-serves": ["task:handling"]}}}'))),
    Mistake("unit-on-paper-that-is-informed", f"{W}/units.toml", "[fire-rescue]\n", '[bank]\nlabel = "代发银行"\nexternal = true\n\n[fire-rescue]\n', also=(Mistake("", f"{W}/deadlines.toml", 'act = "supervise"\nnotice', 'act = "supervise"\ninforms = ["bank"]\nnotice'),)),
    Mistake("list-of-one-field", f"{W}/lists.toml", "[", '[pets.cat]\nlabel = "猫"\n\n[', also=(Mistake("", f"{F}/clue-report.json", '"finder_name": {', '"pet": {"title": "宠物", "x-list": "pets", "x-serves": ["task:handling"]}, "finder_name": {'),)),
    Mistake("used-by-a-row", ROWS, *rows(row("x", 'when.categories.any = ["vagrant"]\ndeadline = "extra"')), also=(Mistake("", f"{W}/deadlines.toml", "[notify]\n", '[extra]\nlabel = "另定"\nlimit = "5 workdays"\nfrom = "task.opened"\npractice = "试验"\n\n[notify]\n'),)),
    Mistake("pattern-as-long-as-its-field", *pattern("^(A|BB)[0-9]{47}x+y*(ab)?z$"), also=(Mistake("", f"{F}/complaint.json", '"ticket": {', '"ticket": {"pattern": "^(AB|C)[0-9]{4,}(x|yy)?.$", "minLength": 10, '),)),
    Mistake("counted-after-two-tasks", INDICATORS, "part.where.closed = true", 'part.where.task.state = "notify"', also=(Mistake("", INDICATORS, 'whole = { of = "case", where.flow = "clue" }\npart.where.task', 'whole = { of = "case", where = { flow = "clue", task.state = "handling" } }\npart.where.task'), Mistake("", INDICATORS, "full_at = 0.9 ", "full_at = 1 "))),
    Mistake("contradiction-with-the-outcome", f"{F}/investigation-feedback.json", '"properties": {', '"x-contradictions": [{"id": "granted", "when": {"task.outcome": "granted", "eligible": false}, "says": "不符。", "at": "eligible"}], "properties": {'),
    Mistake("due-in-the-afternoon", DUTIES, *yearly("month", 'day 10"\nby = "17:30')),
    Mistake("earlier-within-its-period", DUTIES, *yearly("month", 'day 2"\non_holiday = "previous')),
    Mistake("history-that-comes-again", CLUE, *history(SENT_BACK), also=(GOES_BACK,)),
    Mistake("limit-asks-what-its-flow-counts", CLUE, *history(SENT_BACK), also=(GOES_BACK, Mistake("", f"{W}/deadlines.toml", *limits("when.history.nobody.at_least = 1")))),
    Mistake("unit-seasons-alone", f"{W}/units.toml", "[fire-rescue]\n", '[fire-rescue]\noffice.seasons = [{ from = "06-01", to = "08-31", hours = ["09:00-12:00", "14:00-17:00"] }]\n'),
    Mistake("instead-of-what-is-above-by-clause", f"{NATION}/duties.toml", new=EACH_WEEK, also=(Mistake("", f"{W}/alerts.toml", new=COLD_WAVE), Mistake("", f"{NATION}/roles.toml", 'may = ["', 'may = ["declare", "'), Mistake("", DUTIES, DISASTERS, f'{DAILY}cites = ["BS-三(一)-1"]\n\n{DISASTERS}'))),
    Mistake("quota-that-the-last-period-fills", DUTIES, 'form = "monthly-report"\n', 'form = "monthly-report"\nquota = { counts = "households_visited", at_least = 10, in_all = 150, within = "year" }\n'),
    Mistake("quota-more-than-above", f"{NATION}/duties.toml", new=TEN_EACH_MONTH, also=(Mistake("", f"{W}/duties.toml", DISASTERS, f'[checks.quota]\nat_least = 12\nin_all = 45\n\n{DISASTERS}'),)),
    Mistake("duty-on-a-day", DUTIES, *yearly("half-year", "day 10")),
    Mistake("on-duty-by-turns", f"{W}/jurisdiction.toml", "[soft]", '[[off_hours]]\nduring = ["weekend", "holiday"]\nunit = "service-centre"\nrole = "duty-officer"\npractice = "值班表"\n\n[[off_hours]]\nunit = "civil-affairs"\npractice = "值班表"\n\n[soft]'),
    Mistake("rhythms-in-order", DUTIES, *rhythms('{ every = "week", places = ["370304102"] }', '{ every = "day", season = { from = "06-01", to = "09-30" } }', '{ every = "month", at_least = 2, places = ["370304103"] }')),
    Mistake("cap-lower", PROGRAMMES, MEDICAL_AID, capped("at_most = 3"), also=(below('at_most = 2\nwithin = "12 months"'),)),
    Mistake("cap-less-than-so-many-times", PROGRAMMES, MEDICAL_AID, capped('at_most = "6 * $standards.subsistence"\nsum = "amount"'), also=(below("at_most = 6360"),)),
    Mistake("cap-raised-by-clause", PROGRAMMES, MEDICAL_AID, YEARLY, also=(below('at_most = 2\nwithin = "6 months"\nsame = ["needs"]\ncites = ["BS-三(一)-1"]'),)),
    Mistake("cap-passed-by-clause", PROGRAMMES, MEDICAL_AID, YEARLY, also=(below('override = { by = "clerk", reason = "findings", cites = ["BS-三(一)-1"] }'),)),
    Mistake("cap-of-ones-own", f"{W}/programmes.toml", new='[medical-aid.caps.own]\nlabel = "一年一次"\nat_most = 1\nwithin = "year"\nsame = ["needs"]\noverride = { by = "clerk", reason = "findings", practice = "试验" }\npractice = "试验"\n'),
    Mistake("sample-larger", f"{NATION}/duties.toml", new=SAMPLED, also=(drawing('ratio = "all", minimum = 2, at_least.village = 3'),)),
    Mistake("sample-smaller-by-clause", f"{NATION}/duties.toml", new=SAMPLED, also=(drawing("ratio = 0.2", 'cites = ["BS-三(一)-1"]'),)),
    Mistake("strata-apart", DUTIES, ALL_CLOSED, strata('{ when.willing = false, ratio = 0.0 }, { when.household_size.at_least = 3, count = 3 }, { when.willing = true, ratio = "all" }', "0")),
    Mistake("strata-of-which-one-takes-a-part", DUTIES, ALL_CLOSED, strata('{ when.willing = false, ratio = 0.5 }, { when.any_of = [{ willing = false }, { household_size.at_least = 3 }], ratio = "all" }')),
    Mistake("one-of-each-village", DUTIES, ALL_CLOSED, "sample = { ratio = 0, at_least.village = 1 }"),
    Mistake("duty-at-year-end", DUTIES, *yearly("year", "12-31")),
    Mistake("longer-by-practice", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "8 workdays"\npractice = "本区另定"'),
    Mistake("village", ROWS, *rows(row("x", 'when.residence = "370304001200"'))),
    Mistake("edges-meet", ROWS, *rows(row("low", "when.household_income.below = 1000"), row("high", "when.household_income.at_least = 1000", "fire-rescue"))),
    Mistake("whole-numbers-meet", ROWS, *rows(row("low", "when.household_size.at_most = 2"), row("high", "when.household_size.at_least = 3", "fire-rescue"))),
    Mistake("any-and-another-none", ROWS, *rows(row("x", 'when.needs.any = ["medical", "housing"]\nwhen.needs.none = ["medical"]'))),
    Mistake("one-of-two-ways", CLUE, INELIGIBLE, "when.any_of = [{ eligible = false }, { willing = false }]", also=(Mistake("", CLUE, 'requires = ["refusal_reason"]', "requires = []"),)),
    Mistake("urgency-of-the-case", f"{W}/deadlines.toml", *limits('when.case.urgency = "emergency"')),
    Mistake("within-the-case", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "5 workdays"\nwithin = "case-closing"'),
    Mistake("alert-somebody-declares", f"{W}/alerts.toml", new=COLD_WAVE, also=(Mistake("", f"{NATION}/roles.toml", 'may = ["', 'may = ["declare", "'),)),
    Mistake("whole-years-meet", ROWS, *rows(row("low", "when.computed.age.at_most = 17"), row("high", "when.computed.age.at_least = 18", "fire-rescue"))),
    Mistake("flow-knows-what-started-it", AID, 'outcomes.given.to = "account"', 'outcomes.given.to = "account"\noutcomes.given.when.person.age.at_least = 60'),
    Mistake("categories-sorted-beside-a-duty-for-all", DUTIES, DISASTERS, f"{WATCHED}\n\n{DISASTERS}"),
    Mistake("outcome-of-a-row-with-its-form", CLUE, INELIGIBLE, f'{INELIGIBLE}\nwhen.case.urgency = "emergency"', also=(Mistake("", ROWS, 'lead = "medical-insurance-bureau"', 'lead = "medical-insurance-bureau"\nform = "investigation-feedback"'),)),
    Mistake("age-of-the-person", ROWS, *rows(row("x", "when.person.age.at_least = 60"))),
    Mistake("deadline-from-what-was-told-before", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"\nlimit = "5 workdays"\nfrom = "task.opened"', 'label = "调查处理情况反馈"\nlimit = "5 workdays"\nfrom = "answers.found_at"'),
    Mistake("category-that-its-list-works-out", ROWS, *rows(row("x", 'when.person.category.any = ["vagrant"]')), also=(Mistake("", f"{W}/lists.toml", "[category.vagrant]\n", "[category.vagrant]\nwhen.person.age.at_least = 60\n"),)),
]  # fmt: skip


@pytest.mark.parametrize("mistake", SOUND, ids=lambda mistake: mistake.name)
def test_is_silent_on_what_works(mistake: Mistake) -> None:
    assert _said(mistake) == "\n"
