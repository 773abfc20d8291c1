# ruff: noqa: E501 - a mistake is read best on one line
"""What passes the check works: rules that are written well and mean nothing, each with the whole text of what we say.

The changes are made in county/. A changed wording is a change of the product: look at it, then write the snapshots anew

    XUNFANG_SNAPSHOTS=write pytest tests/rulebook/test_will_work.py
"""

import os
from pathlib import Path

import pytest

from rulebook.mistakes import F, Mistake, W
from rulebook.test_lint import BOSHAN, FILES, row, told
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook

SNAPSHOTS = Path(__file__).parent / "will_work"
CLUE = f"{W}/flows/clue.toml"
INELIGIBLE = "when.eligible = false"
ROWS = f"{W}/routing.toml"
LAST = '[[clue.rows]]\nid = "undetermined"'
FEEDBACK = '[[feedback.escalate]]\nafter = "0 workdays"'


def rows(*made: str) -> tuple[str, str]:
    """The change that puts rows before the last one of the county's table."""
    return LAST, "\n\n".join((*made, LAST))


def limits(when: str) -> tuple[str, str]:
    """The change that gives a shorter limit under a condition."""
    return FEEDBACK, f'[[feedback.limits]]\n{when}\nlimit = "3 workdays"\n\n{FEEDBACK}'


DUTIES = f"{W}/duties.toml"
DISASTERS = "[disasters]"


def yearly(every: str, due: str) -> tuple[str, str]:
    """The change that adds a recurring duty."""
    made = f'[extra]\nof = "service-centre"\nto = "leading-group-office"\nevery = "{every}"\ndue = "{due}"\npractice = "试验"'
    return DISASTERS, f"{made}\n\n{DISASTERS}"


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
    Mistake("name-for-a-code", ROWS, *rows(row("x", 'when.residence.in = ["白塔镇"]'))),
    Mistake("code-of-nowhere", ROWS, *rows(row("x", 'when.residence = "370304999200"'))),
    # Values that no fact can have at once
    Mistake("any-and-none", ROWS, *rows(row("x", 'when.needs.any = ["medical"]\nwhen.needs.none = ["medical"]'))),
    Mistake("between-two-whole-numbers", ROWS, *rows(row("x", "when.household_size.above = 2\nwhen.household_size.below = 3"))),
    Mistake("below-the-least", ROWS, *rows(row("x", "when.household_income.below = 0"))),
    Mistake("days-the-wrong-way-round", ROWS, *rows(row("x", "when.found_at.before = 2026-01-01\nwhen.found_at.after = 2026-05-01"))),
    Mistake("either-way-impossible", CLUE, INELIGIBLE, "when.eligible = false\nwhen.any_of = [{ eligible = true }]"),
    Mistake("always", f"{F}/clue-report.json", '"x-when": {"willing": true}', '"x-when": {"any_of": [{"willing": true}, {"willing": false}]}'),
    # Rows together
    Mistake("exactly-a-thousand-is-nobodys", ROWS, *rows(row("low", "when.household_income.below = 1000"), row("high", "when.household_income.above = 1000", "fire-rescue"))),
    Mistake("exactly-a-thousand-is-two-units", ROWS, *rows(row("low", "when.household_income.at_most = 1000"), row("high", "when.household_income.at_least = 1000", "fire-rescue"))),
    Mistake("a-size-left-out", ROWS, *rows(row("low", "when.household_size.at_most = 2"), row("high", "when.household_size.at_least = 4", "fire-rescue"))),
    Mistake("exactly-the-standard", ROWS, *rows(row("low", 'when.computed.monthly_per_capita.below = "$standards.subsistence"'), row("high", 'when.computed.monthly_per_capita.above = "$standards.subsistence"', "fire-rescue"))),
    Mistake("between-six-and-seven-times", ROWS, *rows(row("low", 'when.household_income.at_most = "6 * $standards.subsistence on found_at"'), row("high", 'when.household_income.above = "7 * $standards.subsistence on found_at"', "fire-rescue"))),
    Mistake("exactly-six-times-is-two-units", ROWS, *rows(row("low", 'when.household_income.at_most = "6 * $standards.subsistence"'), row("high", 'when.household_income.at_least = "6 * $standards.subsistence"', "fire-rescue"))),
    Mistake("above-six-times-and-below-three", ROWS, *rows(row("x", 'when.household_income.above = "6 * $standards.subsistence"\nwhen.household_income.below = "3 * $standards.subsistence"'))),
    Mistake("standard-on-no-day", ROWS, *rows(row("x", 'when.household_income.above = "6 * $standards.subsistence on household_size"'))),
    Mistake("standard-on-a-later-day", ROWS, *rows(row("x", 'when.household_income.above = "6 * $standards.subsistence on notified_on"'))),
    Mistake("times-of-a-place", ROWS, *rows(row("x", 'when.household_income.above = "6 * $residence"'))),
    Mistake("answer-of-a-day", ROWS, *rows(row("x", 'when.household_income.above = "$household_size on found_at"'))),
    Mistake("standard-twice-from-a-day", f"{W}/jurisdiction.toml", "date = 2026-01-01", "date = 2025-01-01"),
    Mistake("standard-of-nothing", f"{W}/jurisdiction.toml", "value = 1010", "value = 0"),
    # Places, times, endings, things said twice
    Mistake("township-gone", f"{W}/divisions.csv", "370304001,城东街道,township\n", ""),
    Mistake("leap-day", DUTIES, *yearly("year", "02-29")),
    Mistake("monthly-on-a-weekday", DUTIES, *yearly("month", "Monday")),
    Mistake("half-yearly-on-a-date", DUTIES, *yearly("half-year", "06-30")),
    Mistake("daily-on-a-day", DUTIES, *yearly("day", "day 3")),
    Mistake("weekly-at-month-end", DUTIES, *yearly("week", "month end")),
    Mistake("reminded-before-it-begins", f"{W}/deadlines.toml", '"1 workday before", "at due", "1 workday after"', '"9 workdays before", "at due"'),
    Mistake("longer-than-the-clause", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "8 workdays"'),
    Mistake("longer-than-the-case", f"{W}/deadlines.toml", 'limit = "20 workdays"', 'limit = "4 workdays"'),
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
    # Dispatches
    Mistake("second-way-out-of-a-dispatch", CLUE, 'outcomes.dispatched.to = "handling"', 'outcomes.dispatched.to = "handling"\noutcomes.straight.to = "notify"'),
    Mistake("dispatch-asks-in-vain", CLUE, 'outcomes.dispatched.to = "handling"', 'outcomes.dispatched.to = "handling"\noutcomes.dispatched.prints = ["transfer-slip"]'),
]  # fmt: skip

NATION = "workflows/00-national"
CLOSING = '[case-closing]\nlabel = "办结"\nlimit = "10 workdays"\nfrom = "case.opened"\npractice = "全国统一"\n'
SLOWER = [
    ("slower-row", 'when.urgency = "emergency"\nlimit = "60 workdays"', 1),
    ("slower-row-with-its-own-clause", 'when.urgency = "emergency"\nlimit = "60 workdays"\ncites = ["BS-三(一)-1"]', 0),
    ("faster-row", 'when.urgency = "emergency"\nlimit = "2 workdays"', 0),
]  # fmt: skip


def _below_the_nation(text: str) -> dict[str, str]:
    """The county's files with a deadline of the nation and one row over it."""
    own = FILES[f"{W}/deadlines.toml"]
    start, end = own.index("[case-closing]"), own.index("[[case-closing.escalate]]")
    made = f"[case-closing]\n\n[[case-closing.limits]]\n{text}\n\n"
    return {**FILES, f"{W}/deadlines.toml": own[:start] + made + own[end:], f"{NATION}/deadlines.toml": CLOSING}


@pytest.mark.parametrize(("name", "text", "found"), SLOWER, ids=[name for name, *_ in SLOWER])
def test_a_row_may_only_be_faster_without_a_clause_of_its_own(name: str, text: str, found: int) -> None:
    codes = [problem.code for problem in told(_below_the_nation(text))]
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
    return "\n".join(f"{problem.severity}: {problem}" for problem in sorted(set(told(mistake.made_in(FILES))))) + "\n"


@pytest.mark.parametrize("mistake", CASES, ids=lambda mistake: mistake.name)
def test_says(mistake: Mistake) -> None:
    said, snapshot = _said(mistake), SNAPSHOTS / f"{mistake.name}.txt"
    if os.environ.get("XUNFANG_SNAPSHOTS") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot.write_text(said, "utf-8")
    assert said == snapshot.read_text("utf-8")
    assert said.strip()


def test_every_snapshot_belongs_to_a_case() -> None:
    assert {file.stem for file in SNAPSHOTS.glob("*.txt")} == {mistake.name for mistake in CASES}


def test_a_warning_is_answered_in_the_file_until_its_subject_changes() -> None:
    gap = next(mistake for mistake in CASES if mistake.name == "longer-than-the-clause")
    files, deadlines = gap.made_in(FILES), f"{W}/deadlines.toml"
    (warning,) = told(files)
    mark = warning.hint.rsplit("#", 1)[1][:6]
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
    Mistake("duty-on-a-day", DUTIES, *yearly("half-year", "day 10")),
    Mistake("duty-at-year-end", DUTIES, *yearly("year", "12-31")),
    Mistake("longer-by-practice", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "8 workdays"\npractice = "本区另定"'),
    Mistake("village", ROWS, *rows(row("x", 'when.residence = "370304001200"'))),
    Mistake("edges-meet", ROWS, *rows(row("low", "when.household_income.below = 1000"), row("high", "when.household_income.at_least = 1000", "fire-rescue"))),
    Mistake("whole-numbers-meet", ROWS, *rows(row("low", "when.household_size.at_most = 2"), row("high", "when.household_size.at_least = 3", "fire-rescue"))),
    Mistake("any-and-another-none", ROWS, *rows(row("x", 'when.needs.any = ["medical", "housing"]\nwhen.needs.none = ["medical"]'))),
    Mistake("one-of-two-ways", CLUE, INELIGIBLE, "when.any_of = [{ eligible = false }, { willing = false }]"),
    Mistake("urgency-of-the-case", f"{W}/deadlines.toml", *limits('when.case.urgency = "emergency"')),
    Mistake("age-of-the-person", ROWS, *rows(row("x", "when.person.age.at_least = 60"))),
]  # fmt: skip


@pytest.mark.parametrize("mistake", SOUND, ids=lambda mistake: mistake.name)
def test_is_silent_on_what_works(mistake: Mistake) -> None:
    assert _said(mistake) == "\n"
