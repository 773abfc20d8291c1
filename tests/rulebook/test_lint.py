# ruff: noqa: E501 - a mistake is read best on one line
"""Each check fires on a rule that cannot work and is silent on the county as it stands."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from xunfang.errors import Problem, RulebookError
from xunfang.rulebook.compile import compile_rulebook, merged_parts
from xunfang.rulebook.files import read_files
from xunfang.rulebook.lint.review import review

FILES = read_files(Path(__file__).parent / "county")
BOSHAN = "370304-boshan"
W = f"workflows/{BOSHAN}"
N = "workflows/00-national"
TODAY = date(2026, 8, 1)
FIRST = 'hit = "first"'
FIRST_ROW = '[[clue.rows]]\nid = "medical"'


@dataclass(frozen=True)
class Case:
    """A change of the county's files, and the code that tells it."""

    code: str
    says: str
    changes: tuple[tuple[str, str, str], ...]  # file, old, new; without old, new is put at the end

    def files(self) -> dict[str, str]:
        files = dict(FILES)
        for file, old, new in self.changes:
            assert old in files.get(file, ""), (file, old)
            files[file] = files[file].replace(old, new, 1) if old else f"{files.get(file, '')}\n{new}\n"
        return files


def case(code: str, says: str, *changes: tuple[str, str, str]) -> Case:
    return Case(code, says, changes)


def row(name: str, when: str, lead: str = "civil-affairs") -> str:
    return f'[[clue.rows]]\nid = "{name}"\n{when}\nlead = "{lead}"\npractice = "试验"'


def told(files: dict[str, str], today: date = TODAY) -> list[Problem]:
    try:
        rulebook = compile_rulebook(files, BOSHAN)
    except RulebookError as error:
        return list(error.problems)
    return [*rulebook.warnings, *review(rulebook, merged_parts(files, BOSHAN), today)]


def test_a_standard_without_an_amount_yet() -> None:
    day_before = [each for each in told(FILES, date(2024, 12, 31)) if each.code == "STANDARD_NOT_YET"]
    assert ["2025-01-01" in each.message for each in day_before] == [True]
    assert "STANDARD_NOT_YET" not in {each.code for each in told(FILES, date(2025, 1, 1))}


HIT = (f"{W}/routing.toml", 'hit = "collect"', FIRST)
CASES = [
    case(
        "ROW_NEVER_FIRES",
        "自相矛盾",
        (f"{W}/routing.toml", 'when.categories.any = ["vagrant"]', 'when.household_size.at_least = 5\nwhen.household_size.below = 3'),
    ),
    case(
        "ROW_NEVER_FIRES",
        "自相矛盾",
        (f"{W}/routing.toml", 'when.categories.any = ["vagrant"]', 'when.urgency.in = ["ordinary"]\nwhen.any_of = [{ urgency = "emergency" }]'),
    ),
    case(
        "ROW_RETIRED",
        "在办个案还要靠它",
        (f"{N}/lists.toml", "[need.medical]\n", "[need.medical]\nretired = 2025-12-31\n"),
    ),
    case("ROW_SHADOWED", "“later”永远轮不到", HIT, (f"{W}/routing.toml", "", row("later", 'when.needs.any = ["medical"]'))),
    case("ROW_SHADOWED", "前面的“all”没有条件，一律符合", HIT, (f"{W}/routing.toml", FIRST_ROW, f"{row('all', '')}\n\n{FIRST_ROW}")),
    case("OTHERWISE_NEVER", "“all”没有条件，一律分派", (f"{W}/routing.toml", "", row("all", ""))),
    case("ROW_OVERLAPS", "可能同时符合", HIT),
    case("CHOICE_UNCOVERED", "没有任何一行分派", (f"{N}/lists.toml", "", '[need.legal-aid]\nlabel = "法律援助"')),
    case("STATE_NO_EXIT", "没有任何出口", (f"{W}/flows/clue.toml", 'outcomes.done.label = "已告知并回访"\noutcomes.done.to = "archived"\n', "")),
    case("NOTICE_UNUSED", "没有任何环节印发", (f"{W}/flows/clue.toml", 'prints = ["transfer-slip"]\n', "")),
    case(
        "LIMIT_NOT_ALWAYS",
        "各种情形之外没有期限",
        (f"{W}/deadlines.toml", 'limit = "5 workdays"\n', 'limits = [{ when.urgency = "emergency", limit = "24 hours" }]\n'),
    ),
    case("LOCAL_NUMBER_MISSING", "须由本级定下数字", (f"{W}/jurisdiction.toml", 'promptly = "3 workdays"', 'promptly = "local"')),
    case("LIMIT_UNREADABLE", "无法识别", (f"{W}/jurisdiction.toml", 'promptly = "3 workdays"', 'promptly = "3个工作日"')),
    case(
        "LOCAL_NUMBER_MISSING",
        "抽查比例",
        (f"{W}/duties.toml", "", '[spot-check]\nof = "service-centre"\non = "case.archived"\nsample.ratio = "local"\npractice = "试验"'),
    ),
    case(
        "CATEGORY_UNCOVERED",
        "没有任何走访、核查任务覆盖",
        (f"{W}/duties.toml", 'satisfied_by = "visit"\n', ""),
        (
            f"{W}/duties.toml",
            "",
            "\n".join(
                f'[watch-{n}]\nof = "village"\nevery = "month"\nfor.categories.any = ["{word}"]\nsatisfied_by = "visit"\npractice = "试验"'
                for n, word in enumerate(["vagrant", "subsistence"])
            ),
        ),
    ),
    case("NUMBER_SHARED", "不含单位名称", (f"{W}/notices.toml", 'seal = "service-centre"', 'seal = "township"')),
    case("UNIT_GONE", "已撤销", (f"{W}/units.toml", "[fire-rescue]\n", "[fire-rescue]\nuntil = 2026-01-01\n")),
    case("UNIT_GONE", "尚未成立", (f"{W}/units.toml", "[housing-bureau]\n", "[housing-bureau]\nsince = 2027-01-01\n")),
    case(
        "UNIT_NOWHERE",
        "没有对应的单位",
        (f"{W}/units.toml", "", '[ward]\nlabel = "{division}片区"\nper = "township"'),
        (f"{W}/routing.toml", 'lead = "civil-affairs"', 'lead = "ward"'),
    ),
    case("CLAUSE_OUT_OF_FORCE", "已于 2025-12-31 失效", (f"{W}/policies.toml", "in_force = 2021-05-20", "in_force = 2021-05-20\nuntil = 2025-12-31")),
    case("CLAUSE_OUT_OF_FORCE", "尚未生效", (f"{W}/policies.toml", "in_force = 2021-05-20", "in_force = 2027-05-20")),
    case("BASIS_MISSING", "没有依据", (f"{W}/routing.toml", "", row("bare", 'when.needs.any = ["medical"]').replace('practice = "试验"', ""))),
    case(
        "CONDITION_ON_LATER_FIELD",
        "排在后面的字段",
        (f"forms/{BOSHAN}/clue-report.json", '"found_at": {', '"found_at": {"x-when": {"willing": true}, '),
    ),
    case(
        "PROMISE_SLOWER",
        "放宽",
        (f"{N}/deadlines.toml", "", '[case-closing]\nlabel = "个案办结"\nlimit = "10 workdays"\nfrom = "case.opened"\npractice = "试验"'),
    ),
    case(
        "REMIND_BEFORE_START",
        "期限为30分钟，“1 workday before”的催办总在开始计时之前",
        (f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "30 minutes"'),
    ),
    case(
        "PROMISE_SLOWER",
        "允许延长到的“30 workdays”放宽为“45 workdays”",
        (f"{N}/deadlines.toml", "", '[case-closing]\nlabel = "个案办结"\nlimit = "20 workdays"\nextend = { by = "leader", to = "30 workdays" }\nfrom = "case.opened"\npractice = "试验"'),
        (f"{W}/deadlines.toml", '[case-closing]\n', '[case-closing]\nextend = { by = "leader", to = "45 workdays" }\n'),
    ),
    case(
        "PROMISE_SLOWER",
        "改为不计入期限",
        (f"{N}/flows/clue.toml", "", 'label = "线索"\nstart = "dispatch"\n[states.dispatch]\nlabel = "拟办"\nroutes_by = "clue"\ncites = ["社会救助法§50"]'),
        (f"{W}/flows/clue.toml", 'cites = ["BS-二(二)3-1", "BS-二(二)3-4"]\n', "counts = false\n"),
    ),
    case("COUNTS_USELESS", "不起作用", (f"{W}/flows/clue.toml", 'label = "归档"\n', 'label = "归档"\ncounts = false\npractice = "试验"\n')),
    case("STATE_UNREACHED", "走不到", (f"{W}/flows/clue.toml", 'to = "archived"', 'to = "notify"')),
    case(
        "HOLDER_WITHOUT_VERB",
        "没有权限 confirm-dispatch",
        (f"{W}/flows/clue.toml", 'unit = "service-centre"', 'unit = "village"'),
    ),
    case(
        "NAME_UNKNOWN",
        "没有名为",
        (f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurence"'),
    ),
]  # fmt: skip


def test_the_county_as_it_stands_is_told_nothing() -> None:
    assert [str(problem) for problem in told(FILES)] == []


@pytest.mark.parametrize("broken", CASES, ids=[f"{n}-{case.code}" for n, case in enumerate(CASES)])
def test_a_rule_that_cannot_work_is_told(broken: Case) -> None:
    problems = [problem for problem in told(broken.files()) if problem.code == broken.code]
    assert problems, [str(problem) for problem in told(broken.files())]
    assert any(broken.says in problem.message for problem in problems)
    assert all(problem.hint for problem in problems)
    assert all(problem.file.endswith((".toml", ".json")) for problem in problems)


def test_a_soft_word_without_a_readable_number_is_told_with_all_else() -> None:
    soft = (f"{W}/jurisdiction.toml", 'promptly = "3 workdays"', 'promptly = "3个工作日"')
    lead = (f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurence"')
    assert {problem.code for problem in told(case("", "", soft, lead).files())} == {"LIMIT_UNREADABLE", "NAME_UNKNOWN"}


def test_a_special_case_before_the_general_one_is_how_first_is_meant() -> None:
    table = (
        '[clue]\nlabel = "表"\nhit = "first"\nconfirm = "leader"\notherwise.lead = "township"\notherwise.practice = "试验"\n'
        + row("special", 'when.needs.any = ["medical"]\nwhen.urgency = "emergency"', "medical-insurance-bureau")
        + "\n"
        + row("general", 'when.needs.any = ["medical"]')
    )
    files = {**FILES, f"{W}/routing.toml": table, f"{N}/routing.toml": ""}
    assert not {problem.code for problem in told(files)} & {"ROW_SHADOWED", "ROW_OVERLAPS"}


def test_a_clause_is_to_be_read_again_within_a_year_if_a_rule_rests_on_it() -> None:
    later = told(FILES, date(2028, 1, 10))
    unread = {problem.key for problem in later if problem.code == "CLAUSE_NOT_REVIEWED"}
    assert "documents.BS.clauses.BS-二(二)3-7" in unread
    assert not unread & {"documents.BS.clauses.BS-三(一)-2"}  # no software carries it out, so no rule cites it
    never = case(
        "",
        "",
        (f"{W}/policies.toml", '5个工作日内向区社会救助综合服务中心反馈调查处理情况"\nreviewed = 2026-11-21', '"'),
    )
    assert any("没有写明何时核对过" in problem.message for problem in told(never.files()))


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 10, 31), ""), (date(2026, 11, 1), "2027"), (date(2028, 3, 1), "2027")]
)
def test_a_year_without_a_calendar_is_told_from_the_november_before(today: date, year: str) -> None:
    years = [problem for problem in told(FILES, today) if problem.code == "YEAR_WITHOUT_CALENDAR"]
    assert [problem.message[:4] for problem in years] == ([year] if year else [])


def test_a_unit_with_an_only_one_above_it_may_be_missing_somewhere() -> None:
    ward = '[ward]\nlabel = "{division}片区"\nper = "township"\nsuperior = "service-centre"'
    files = case(
        "", "", (f"{W}/units.toml", "", ward), (f"{W}/routing.toml", 'lead = "civil-affairs"', 'lead = "ward"')
    )
    assert told(files.files()) == []


def test_a_layer_that_serves_nobody_may_leave_numbers_open() -> None:
    open_number = 'name = "山东省"\nserves = false\n[soft]\nquickly = "local"\n'
    assert compile_rulebook({**FILES, "workflows/37-shandong/jurisdiction.toml": open_number}, "37-shandong")


def test_a_unit_named_by_its_label_is_answered_with_its_id() -> None:
    change = case("", "", (f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "区民政局"'))
    (problem,) = [problem for problem in told(change.files()) if "区民政局" in problem.message]
    assert "“区民政局”的编号是 civil-affairs" in problem.hint


def test_a_unit_named_by_nearly_its_label_is_answered_with_label_and_id() -> None:
    change = case("", "", (f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "区医疗保障局"'))
    (problem,) = [problem for problem in told(change.files()) if "区医疗保障局" in problem.message]
    assert problem.hint == "是否想写“区医保分局”？它的编号是 medical-insurance-bureau"


def test_a_duty_that_nobody_can_hand_in_is_warned_about() -> None:
    files = {
        path: text.replace('"complete", ', "").replace('"submit", ', "") if path.endswith("roles.toml") else text
        for path, text in FILES.items()
    }
    found = [problem for problem in told(files) if problem.code == "HOLDER_WITHOUT_VERB"]
    assert any(problem.file.endswith("duties.toml") and "谁也报送不了" in problem.message for problem in found)
    assert not [problem for problem in told(FILES) if problem.code == "HOLDER_WITHOUT_VERB"]


def test_a_county_without_anybody_to_complete_is_refused() -> None:
    files = {
        path: text.replace('"complete", ', "") if path.endswith("roles.toml") else text for path, text in FILES.items()
    }
    found = [problem for problem in told(files) if problem.code == "HOLDER_WITHOUT_VERB"]
    assert found
    assert all("没有任何角色有权限 complete" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ('when.needs.any = ["medical"]', 'when."救助需求".any = ["medical"]', "needs"),
        ('when.needs.any = ["medical"]', 'when.needs.any = ["医疗救助"]', "medical"),
    ],
)
def test_a_field_or_option_named_by_its_label_is_answered_with_its_id(old: str, new: str, id: str) -> None:
    (problem,) = told(case("", "", (f"{W}/routing.toml", old, new)).files())
    assert f"的编号是 {id}，请写编号" in problem.hint
