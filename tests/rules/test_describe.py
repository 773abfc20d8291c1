"""The rules in force in words: whole sentences, labels instead of ids, every clause named."""

import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from xunfang.rulebook.acts import FACT_ROOTS
from xunfang.rulebook.basis import Basis
from xunfang.rulebook.compile import compile_rulebook, jurisdictions
from xunfang.rulebook.conditions import ALWAYS, ConditionParser
from xunfang.rulebook.expressions import parse_expression
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import AnyOf, Computed, Condition, Operator, Rulebook, Sample, Stratum, Test, UnitRef
from xunfang.rulebook.softness import fixed
from xunfang.rules.describe import behind, sentence_of, sentences
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.facts import engine_fact, of_subject
from xunfang.rules.describe.lines import clauses_text, numeral, quoted_once
from xunfang.rules.describe.words import due_words, limit_words, remind_words, sample_words, unit_words
from xunfang.worktime import Every, parse_limit

FILES = read_files(Path(__file__).parents[2])
JURISDICTION = "370304-boshan"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(FILES, JURISDICTION)


def text_of(rulebook: Rulebook, id: str) -> str:
    found = sentence_of(rulebook, id)
    assert found is not None, id
    return found.text


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("medical", "救助需求含“医疗救助”的，由区医保分局主办，居住地镇（街道）协办。"
         "（依据：博政办字〔2021〕27号 二(二)3-9、二(二)3-10b）"),
        ("undetermined", "救助需求含“需求不明，需会商研判”的，由区社会救助综合服务中心提交"
         "统筹完善社会救助工作专班会议研究。（依据：博政办字〔2021〕27号 三(一)-1）"),
        ("vagrant", "对象类别含“流浪乞讨人员”的，由区民政局主办，居住地镇（街道）协办。"
         "（依据：《中华人民共和国社会救助法》第三十一条；博政办字〔2021〕27号 二(一)-1）"),
        ("clue.otherwise", "以上情形都不符合的，由居住地镇（街道）主办。（依据：博政办字〔2021〕27号 二(二)3-4）"),
        ("feedback", "“调查处理情况反馈”：自任务下达起，限5个工作日内；到期前1个工作日、到期当日、到期后1个工作日"
         "各催办一次；到期仍未办结的，由区社会救助综合服务中心督办，并发督办通知单（依据：博政办字〔2021〕27号"
         " 二(二)3-5）；到期后3个工作日仍未办结的，由区社会救助工作领导小组办公室提级办理（依据：博政办字〔2021〕27号"
         " 三(二)-2）；此后仍未办结的，每5个工作日再催办一次，直至办结。（依据：博政办字〔2021〕27号 二(二)3-7）"),
        ("report-clue", "“线索当日上报”：自“发现时间”起，限当日，到线索上报为止。"
         "（依据：博政办字〔2021〕27号 二(二)1-6）"),
        ("clue.handling.ineligible", "“调查办理”的结果“不符合条件”：须“是否符合救助条件”为否，"
         "须填“不符合条件的原因”，印发不予救助告知书，转入“告知与回访”。"
         "（依据：《中华人民共和国社会救助法》第四十五条；博政办字〔2021〕27号 二(二)3-6）"),
        ("clue.handling.emergency", "“调查办理”的结果“遭遇急难，先行救助”：须“是否遭遇急难，需先行救助”为是，"
         "同时启动“急难先行救助”流程，本环节继续办理。"
         "（依据：《中华人民共和国社会救助法》第五十条；博政办字〔2021〕27号 二(二)1-6）"),
        ("large-inpatient-bills", "区卫生健康局每月5日前，向区社会救助综合服务中心报送上月“大额住院费用人员名单”，"
         "没有的也要零报告，逢节假日不顺延。（依据：博政办字〔2021〕27号 二(二)2-¶4a、二(二)2-¶4）"),
        ("new-disabled", "区残联每周一前，向区社会救助综合服务中心报送“上周新认定残疾人员信息”，没有的也要零报告，"
         "逢节假日顺延。（依据：博政办字〔2021〕27号 二(二)2-¶3a、二(二)2-¶3）"),
        ("feedback-on-time", "5日反馈率：按单位、每月计算，环节为“调查办理”的任务中，按时办结的占比，"
         "满分10分，达到95%得满分。（依据：博政办字〔2021〕27号 一-1、三(二)-1）"),
    ],
)  # fmt: skip
def test_a_rule_reads_as_a_whole_sentence(id: str, text: str, rulebook: Rulebook) -> None:
    assert text_of(rulebook, id) == text


def test_an_own_decision_is_marked_as_local_practice(rulebook: Rulebook) -> None:
    said = "（本地做法：方案未定办结总时限，本区要求二十个工作日内办结归档）"
    assert text_of(rulebook, "case-closing").endswith(said)
    assert "限24小时内（本地做法：政策原文未写明期限）" in text_of(rulebook, "first-aid")


def test_a_part_of_a_rule_is_answered_by_the_rule(rulebook: Rulebook) -> None:
    assert sentence_of(rulebook, "feedback.escalate.1") == sentence_of(rulebook, "feedback")
    assert sentence_of(rulebook, "no-such-rule") is None


def test_feeds_speak_of_their_own_columns(rulebook: Rulebook) -> None:
    lines = {line.id: line.text for section in sentences(rulebook) if section.title == "部门数据报送"
             for line in section.lines}  # fmt: skip
    assert "只收个人负担合规费用（元）不低于20,000的" in lines["large-inpatient-bills"]
    assert "已享受的救助含“医疗救助”的不再列入" in lines["large-inpatient-bills"]
    assert "只供比对，不生成线索" in lines["new-recipients"]


WITH_RULES = [name for name in jurisdictions(FILES) if f"workflows/{name}/jurisdiction.toml" in FILES]


@pytest.mark.parametrize("jurisdiction", WITH_RULES)
def test_no_id_and_no_english_leaks(jurisdiction: str) -> None:
    for section in sentences(compile_rulebook(FILES, jurisdiction)):
        for line in section.lines:
            assert not re.search(r"[A-Za-z]{2,}|[{}_$]", line.text), line.text
            assert not re.search(r"：，|，，|；；|。。|“”|（）|、，", line.text), line.text
            assert "有关情况" not in line.text, line.text


def test_every_rule_with_a_basis_is_told_with_it(rulebook: Rulebook) -> None:
    lines = [line for section in sentences(rulebook) for line in section.lines]
    told = {line.id for line in lines}
    for kind in (
        rulebook.units, rulebook.roles, rulebook.forms, rulebook.routing, rulebook.deadlines, rulebook.flows,
        rulebook.duties, rulebook.feeds, rulebook.meetings, rulebook.notices, rulebook.ledgers, rulebook.indicators,
        rulebook.programmes,
    ):  # fmt: skip
        assert kind.keys() <= told
    for line in lines:
        assert bool(line.cites) == ("（依据：" in line.text)
        for clause in line.cites:
            assert clauses_text(rulebook, [clause]).split(" ")[-1].split("》")[-1] in line.text


def test_a_column_without_a_label_is_called_as_what_fills_it(rulebook: Rulebook) -> None:
    ledger = rulebook.ledgers["clue-ledger"]
    bare = replace(ledger, columns=tuple(replace(column, label="") for column in ledger.columns))
    told = text_of(replace(rulebook, ledgers={ledger.id: bare}), ledger.id)
    assert "列为序号、个案编号、" in told
    assert "、户籍地、居住地、联系电话、" in told
    assert f"、{rulebook.forms['investigation-feedback'].fields['findings'].title}、" in told
    assert not re.search("[a-z]", told.partition("（依据")[0])


def condition(data: dict[str, object]) -> Condition:
    return ConditionParser(lambda *problem: pytest.fail(str(problem))).parse(data, ())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"urgency": "emergency"}, "急难等级为“特急”"),
        ({"urgency": {"is_not": "ordinary"}}, "急难等级不是“一般”"),
        ({"needs": {"any": ["medical", "housing"]}}, "救助需求含“医疗救助”或“住房救助”"),
        ({"needs": {"all": ["medical", "housing"]}}, "救助需求同时含“医疗救助”和“住房救助”"),
        ({"needs": {"none": ["medical"]}}, "救助需求不含“医疗救助”"),
        ({"hardship": {"in": ["serious", "severe"]}}, "困难程度为“比较困难”或“严重困难”"),
        ({"household_size": {"at_least": 3}}, "家庭人口不低于3"),
        ({"household_size": {"at_most": 3}}, "家庭人口不高于3"),
        ({"person": {"age": {"below": 16}}}, "年龄低于16"),
        ({"found_at": {"before": date(2026, 10, 1)}}, "发现时间早于2026年10月1日"),
        ({"found_at": {"after": date(2026, 10, 1)}}, "发现时间晚于2026年10月1日"),
        ({"illness": {"known": True}}, "患病情况已经查明"),
        ({"illness": {"known": False}}, "患病情况尚未查明"),
        ({"willing": False}, "“本人是否愿意申请救助”为否"),
        ({"task": {"completed_in_time": False}}, "未按时办结"),
        (
            {"computed": {"monthly_per_capita": {"above": "$standards.subsistence"}}},
            "（近12个月家庭收入（元）÷12÷家庭人口）高于城乡低保标准（元/月）",
        ),
        (
            {"urgency": "urgent", "any_of": [{"willing": True}, {"hardship": "severe"}]},
            "急难等级为“较急”，且（“本人是否愿意申请救助”为是，或者困难程度为“严重困难”）",
        ),
    ],
)
def test_each_operator_in_words(data: dict[str, object], words: str, rulebook: Rulebook) -> None:
    assert condition_words(rulebook, condition(data)) == words


def test_every_fact_of_the_engine_has_a_name(rulebook: Rulebook) -> None:
    for root, facts in FACT_ROOTS.items():
        for fact in facts:
            assert engine_fact(f"{root}.{fact}"), f"{root}.{fact}"
            assert re.search("[\u4e00-\u9fff]", condition_words(rulebook, condition({root: {fact: {"known": True}}})))


def test_a_bare_fact_of_a_counted_thing_is_the_things_own(rulebook: Rulebook) -> None:
    bare = condition({"outcome": {"in": ["granted"]}, "any_of": [{"closed": True}, {"satisfaction": "fair"}]})
    said = condition_words(rulebook, of_subject(bare, "case"))
    assert said == "办理结果为“符合条件，落实救助”，且（办结归档，或者满意度为“基本满意”）"


def test_what_always_holds_says_nothing(rulebook: Rulebook) -> None:
    assert condition_words(rulebook, None) == ""
    assert condition_words(rulebook, AnyOf((Test("willing", Operator.IS, True),))) == "“本人是否愿意申请救助”为是"


def test_an_expression_keeps_its_brackets(rulebook: Rulebook) -> None:
    from dataclasses import replace

    form = rulebook.forms["clue-report"]
    text = "(household_income - 100) / (household_size + 1) - (household_size - 2)"
    changed = replace(form, computed=(Computed("x", parse_expression(text)),))
    book = replace(rulebook, forms={"clue-report": changed})
    said = condition_words(book, condition({"computed": {"x": {"above": 1}}}))
    income, size = "近12个月家庭收入（元）", "家庭人口"
    assert said == f"（（{income}－100）÷（{size}＋1）－（{size}－2））高于1"


@pytest.mark.parametrize(
    ("n", "text"),
    [(5, "五"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五"), (101, "一百零一"), (110, "一百一十")],
)
def test_articles_are_numbered_in_chinese(n: int, text: str) -> None:
    assert numeral(n) == text


@pytest.mark.parametrize(
    ("every", "due", "words"),
    [
        ("ten days", "last workday", "每旬最后一个工作日前"),
        ("2 weeks", "Friday", "每两周周五前"),
        ("half month", "", "每半月"),
        ("month", "last Friday", "每月最后一个周五前"),
        ("week", "Friday", "每周五前"),
    ],
)
def test_rhythms_are_told(rulebook: Rulebook, every: str, due: str, words: str) -> None:
    duty = next(iter(rulebook.duties.values()))
    day = parse_limit(f"by {due}") if due else None
    changed = replace(duty, every=Every(every), due=day, on="", of="service-centre")
    told = sentence_of(replace(rulebook, duties={duty.id: changed}), duty.id)
    assert told is not None
    assert words + "，" in told.text


def test_a_row_that_asks_nothing_is_told_as_one_for_all(rulebook: Rulebook) -> None:
    table = rulebook.routing["clue"]
    rows = tuple(replace(row, when=ALWAYS) if row.id == "medical" else row for row in table.rows)
    changed = replace(rulebook, routing={**rulebook.routing, "clue": replace(table, rows=rows)})
    told = sentence_of(changed, "medical")
    assert told
    assert told.text.startswith("一律由区医保分局主办")


@pytest.mark.parametrize(
    ("every", "due", "words"),
    [
        ("day", "", "每日18:00前"),
        ("week", "Friday", "每周五18:00前"),
        ("month", "day 5", "每月5日18:00前"),
        ("half month", "", "每半月最后一日18:00前"),
    ],
)
def test_a_time_of_day_is_told(rulebook: Rulebook, every: str, due: str, words: str) -> None:
    duty = next(iter(rulebook.duties.values()))
    day = parse_limit(f"by {due}") if due else None
    changed = replace(duty, every=Every(every), due=day, on="", of="service-centre", by=time(18))
    told = sentence_of(replace(rulebook, duties={duty.id: changed}), duty.id)
    assert told is not None
    assert words + "，" in told.text


def test_a_sample_by_stratum_is_told(rulebook: Rulebook) -> None:
    duty, clause = rulebook.duties["return-visits"], next(iter(rulebook.clauses))
    strata = (
        Stratum(Test("willing", Operator.IS, False), "all", 0, Basis((clause,))),
        Stratum(Test("household_size", Operator.AT_LEAST, 3), "", 5, duty.basis),
        Stratum(Test("case.urgency", Operator.IS, "emergency"), "0", 0, duty.basis),
    )
    sample = Sample("0.3", "month", 1, strata, (("village", 1), ("township", 3)))
    told = sentence_of(replace(rulebook, duties={duty.id: replace(duty, sample=sample)}), duty.id)
    assert told is not None
    assert told.cites == (*duty.basis.cites, clause)
    text = told.text
    assert "分层抽查：" in text
    assert "的，全部抽取（依据：" in text
    assert "的，抽取5件；" in text
    assert (
        "的，不抽取；其余的按30%的比例抽取，每月不少于1件，每个村（社区）不少于1件，每个镇（街道）不少于3件，" in text
    )


def test_a_state_says_that_its_time_does_not_count(rulebook: Rulebook) -> None:
    flow = rulebook.flows["clue"]
    states = {**flow.states, "notify": replace(flow.states["notify"], counts=False)}
    told = sentence_of(replace(rulebook, flows={**rulebook.flows, "clue": replace(flow, states=states)}), "clue.notify")
    assert told is not None
    assert "所需时间不计入全案时限" in told.text


def test_small_words(rulebook: Rulebook) -> None:
    deadline = rulebook.deadlines["feedback"]
    assert [remind_words(each) for each in deadline.remind] == ["到期前1个工作日", "到期当日", "到期后1个工作日"]
    assert [due_words(parse_limit(f"by {text}")) for text in ("day 5", "Monday", "month end", "12-31")] == [
        "5日前",
        "周一前",
        "月底前",
        "12月31日前",
    ]
    assert [due_words(parse_limit(f"by {text}")) for text in ("first workday", "last Friday of the month")] == [
        "第一个工作日前",
        "最后一个周五前",
    ]
    assert limit_words(fixed("half day")) == "半个工作日内"
    assert limit_words(fixed("local")) == "期限由下级规定"
    assert limit_words(fixed("by day 5 of next month")) == "次月5日前"
    assert sample_words("0.1", "month", 2) == "按10%的比例抽取，每月不少于2件"
    assert sample_words("all", "month", 0) == "逐件办理"
    assert unit_words(rulebook, UnitRef("township", "registration")) == "户籍地镇（街道）"


def test_a_choice_that_is_retired_is_told_as_such(rulebook: Rulebook) -> None:
    needs = rulebook.lists["need"]
    gone = replace(needs.entries["medical"], retired=date(2025, 12, 31))
    lists = {**rulebook.lists, "need": replace(needs, entries={**needs.entries, "medical": gone})}
    told = sentence_of(replace(rulebook, lists=lists), "medical")
    assert told is not None
    assert "“医疗救助（用到2025-12-31为止）”" in told.text


def test_lists_divisions_and_clauses_stand_behind_the_rules(rulebook: Rulebook) -> None:
    parts = {part.title: {line.id: line.text for line in part.lines} for part in behind(rulebook)}
    assert parts["字典"]["need"].startswith("救助需求：基本生活救助、")
    assert "小梁庄村委会" in parts["行政区划"]["370304103"]
    assert parts["政策条款"].keys() == rulebook.clauses.keys()


def test_quotation_marks_within_others_are_single_ones() -> None:
    assert quoted_once("““小额快救””的结果，“是否“三留守””为是") == "“‘小额快救’”的结果，“是否‘三留守’”为是"
    assert quoted_once("甲“乙”丙、“丁") == "甲“乙”丙、“丁"  # unpaired, it is left as it is


def test_what_people_would_take_for_one_is_told_apart() -> None:
    told = "\n".join(
        line.text for section in sentences(compile_rulebook(FILES, JURISDICTION)) for line in section.lines
    )
    assert "性别为“男”，且证件号码中的性别为“女”" in told
    assert "证件种类不是“户口簿（没有证件号码）”、“没有证件”时" in told
    assert "45个工作日内；其他情形30个工作日内" in told
    assert "““" not in told
