"""What a person is told: every kind of wrong entry, each at its field, in a sentence."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rules.answers import AT, clue
from rules.test_conditions import JSON
from xunfang.rulebook.model import Entry, IntakeForm, Rulebook
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers, sample_moment
from xunfang.rules.submission import cleaned, prepared, problems


def _told(rulebook: Rulebook, answers: dict[str, Any], form: str = "clue-report") -> dict[str, str]:
    found = problems(rulebook, rulebook.forms[form], cleaned(rulebook.forms[form], answers), AT)
    return {problem.field: problem.message for problem in found}


def test_a_good_clue_is_accepted(rulebook: Rulebook) -> None:
    assert _told(rulebook, clue()) == {}


UNPRINTABLE = "“{}”中的“{}”（U+{}）印不出来，请删去，或者换一个写法。"
DOUBTFUL = "“近12个月家庭收入（元）”填的“{}”看不出是多少：逗号只能三位一节，如 1,200；小数写小数点，如 1200.50。"
PHONE = (
    "联系电话应为11位手机号，带区号的固定电话（如 010-12345678，分机写作 010-12345678转123），400、800 号码，"
    "3至6位短号，+852、+853 加8位号码，或者 +886 加8至9位号码，请核对。"
)
MESSAGES: list[tuple[str, Any, str]] = [
    ("name", None, "请填写“困难群众姓名”。"),
    ("name", "", "请填写“困难群众姓名”。"),
    ("name", "李" * 51, "“困难群众姓名”过长，至多 50 个字。"),
    ("finder_role", None, "请选择“发现人身份”。"),
    ("finder_role", "mayor", "“发现人身份”的选项无效，请重新选择。"),
    ("willing", None, "请选择“本人是否愿意申请救助”。"),
    ("willing", "yes", "“本人是否愿意申请救助”请选“是”或“否”。"),
    ("needs", [], "请选择“救助需求”。"),
    ("needs", ["basic-living", "basic-living"], "“救助需求”中有重复的选项。"),
    ("needs", ["gold"], "“救助需求”的选项无效，请重新选择。"),
    ("household_size", 0, "“家庭人口”不能小于 1。"),
    ("household_size", 31, "“家庭人口”不能大于 30。"),
    ("household_size", 2.5, "“家庭人口”请填整数，如 3。"),
    ("household_size", "三", "“家庭人口”请填整数，如 3。"),
    ("household_income", -1, "“近12个月家庭收入（元）”不能小于 0。"),
    ("household_income", "两万", "“近12个月家庭收入（元）”请填数字，如 1200 或 1200.50。"),
    ("found_at", None, "请填写“发现时间”。"),
    ("found_at", "今天", "“发现时间”请填日期和时间，如 2026-03-10 09:00。"),
    ("found_at", "2026-03-10T09:11", "“发现时间”不能晚于现在。"),
    ("found_at", "1026-03-10T09:00", "“发现时间”的年份有误。"),
    ("found_at", "0001-01-01T00:00+14:00", "“发现时间”请填日期和时间，如 2026-03-10 09:00。"),
    ("id_number", "370304196805120248", "身份证号末位校验码不符，请核对是否有数字写错。"),
    ("id_number", "37030419680512024", "身份证号应为18位，现为17位，请核对。"),
    ("id_number", "370304680512024", "15位旧身份证号已停用，请填写18位身份证号。"),
    ("id_number", "37030419681312024X", "身份证号第7至14位不是有效的出生日期，请核对。"),
    ("phone", "1234567", PHONE),
    ("household_income", "1，5", DOUBTFUL.format("1，5")),
    ("household_income", "1.200,50", DOUBTFUL.format("1.200,50")),
    ("household_income", "很少", "“近12个月家庭收入（元）”请填数字，如 1200 或 1200.50。"),
    ("difficulty", "😀没有收入", UNPRINTABLE.format("困难情形", "😀", "1F600")),
    ("difficulty", "收入\ufffd", UNPRINTABLE.format("困难情形", "\ufffd", "FFFD")),
    ("name", "李\U00030edd", UNPRINTABLE.format("困难群众姓名", "\U00030edd", "30EDD")),
    ("name", "\u200b", "请填写“困难群众姓名”。"),
    ("name", "\u202d \u202c", "请填写“困难群众姓名”。"),
    ("residence", "370304102", "“现居住地”请选到村（社区）。"),
    ("residence", "110101001001", "“现居住地”不在本辖区的行政区划中，请重新选择。"),
    ("residence", 370304102200, "“现居住地”填写有误。"),
    ("photos", ["a"] * 7, "“现场照片”至多 6 项。"),
    ("hobby", "下棋", "本表没有“hobby”这一项。"),
]


@pytest.mark.parametrize(("field", "value", "message"), MESSAGES)
def test_says(rulebook: Rulebook, field: str, value: Any, message: str) -> None:
    assert _told(rulebook, clue(**{field: value})) == {field: message}


def test_full_width_digits_are_taken_as_they_are_meant(rulebook: Rulebook) -> None:
    assert _told(rulebook, clue(id_number="３７０３０４１９６８０５１２０２４９", phone="１３８００００００１１")) == {}


def test_what_is_pasted_is_kept_as_it_is_meant(rulebook: Rulebook) -> None:
    pasted = clue(
        id_number="\u202d370304 19680512 0249\u202c",
        phone="\u202d+86 138-0000-0011\u202c",
        name="李\u200b桂芬",
        difficulty="一\u0001贫\x0b如洗",
    )
    assert _told(rulebook, pasted) == {}
    kept = cleaned(rulebook.forms["clue-report"], pasted)
    told = [kept[name] for name in ("id_number", "phone", "name", "difficulty")]
    assert told == ["370304196805120249", "13800000011", "李桂芬", "一贫\n如洗"]


def test_a_phone_may_run_a_little_fast(rulebook: Rulebook) -> None:
    assert _told(rulebook, clue(found_at=f"{AT + timedelta(minutes=9):%Y-%m-%dT%H:%M}")) == {}


@pytest.mark.parametrize("value", ["20260310", "2026-W11-2", "2026-03-10T00:00", "2026-02-30", "3月10日"])
def test_a_date_is_written_one_way_only(rulebook: Rulebook, value: str) -> None:
    feedback = {"visited_on": value, "findings": "情况属实。"}
    assert set(_told(rulebook, feedback, "investigation-feedback")) == {"visited_on"}


def test_a_hidden_field_is_neither_asked_for_nor_kept(rulebook: Rulebook) -> None:
    form = rulebook.forms["clue-report"]
    assert "illness" not in cleaned(form, clue(illness="糖尿病"))
    assert _told(rulebook, clue(illness="病" * 900)) == {}


def test_a_field_that_appears_may_become_required(rulebook: Rulebook) -> None:
    assert _told(rulebook, clue(needs=["medical"])) == {"illness": "请填写“患病情况”。"}
    assert _told(rulebook, clue(needs=["medical"], illness="糖尿病")) == {}
    assert _told(rulebook, clue(urgency="emergency")) == {"danger": "请填写“紧急情况说明”。"}


def test_everything_wrong_is_said_at_once_in_the_order_of_the_form(rulebook: Rulebook) -> None:
    told = _told(rulebook, clue(willing=None, name=None, found_at="昨天", household_size=0, needs=["gold"]))
    assert list(told) == ["found_at", "name", "household_size", "needs", "willing"]


def test_a_retired_entry_is_refused_from_the_day_after(rulebook: Rulebook) -> None:
    needs = rulebook.lists["need"]

    def told(retired: date) -> dict[str, str]:
        entry = Entry("charity", "慈善帮扶", retired=retired)
        lists = {**rulebook.lists, "need": replace(needs, entries={**needs.entries, "charity": entry})}
        return _told(replace(rulebook, lists=lists), clue(needs=["charity"]))

    assert told(AT.date()) == {}
    assert told(AT.date() - timedelta(days=1)) == {"needs": "“救助需求”中的“慈善帮扶”只用到 2026-03-09，请改选。"}


def test_every_form_takes_its_own_sample(rulebook: Rulebook) -> None:
    for form in rulebook.forms.values():
        answers = sample_answers(rulebook, form)
        assert problems(rulebook, form, cleaned(form, answers), sample_moment(rulebook) + timedelta(hours=1)) == ()


@given(answers=st.dictionaries(st.sampled_from(["needs", "urgency", "willing", "found_at", "id_number"]), JSON))
def test_nothing_a_browser_may_send_raises(rulebook: Rulebook, answers: dict[str, Any]) -> None:
    assert isinstance(_told(rulebook, {**clue(), **answers}), dict)


def _forms(rulebook: Rulebook) -> list[IntakeForm]:
    return list(rulebook.forms.values())


@given(data=st.data())
def test_both_validators_agree_on_every_form(rulebook: Rulebook, data: st.DataObject) -> None:
    """jsonschema checks configuration, jsonschema-rs the answers: one must not accept what the other refuses."""
    form = data.draw(st.sampled_from(_forms(rulebook)))
    answers = dict(sample_answers(rulebook, form))
    for name in data.draw(st.lists(st.sampled_from([*form.fields, "hobby"]), max_size=4)):
        answers[name] = data.draw(JSON)
    finite = {name: value for name, value in answers.items() if not _is_odd(value)}
    expected = Draft202012Validator(dict(form.schema)).is_valid(finite)
    assert prepared(rulebook, form).validator.is_valid(finite) is expected


def _is_odd(value: Any) -> bool:
    """What JSON itself cannot carry: numbers that are none, and surrogates that no UTF-8 text holds."""
    if isinstance(value, float):
        return value != value or value in (float("inf"), float("-inf"))
    if isinstance(value, str):
        return not value.isprintable()
    if isinstance(value, dict):
        return any(_is_odd(item) or _is_odd(key) for key, item in value.items())
    return isinstance(value, list) and any(_is_odd(item) for item in value)


HALF = "\ud800"


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"urgency": HALF}, {"urgency": "“急难等级”的内容无法识别，请重新填写。"}),
        ({"needs": ["medical", f"a{HALF}"]}, {"needs": "“救助需求”的内容无法识别，请重新填写。"}),
        ({"willing": HALF, "household_size": f"3{HALF}"}, {"household_size", "willing"}),
        ({"photos": [HALF]}, {"photos": "“现场照片”的内容无法识别，请重新选择。"}),
        ({f"hob{HALF}by": "x"}, {"hobby": "本表没有“hobby”这一项。"}),
        ({"name": [HALF]}, {"name"}),
        ({"urgency": b"x", "residence": {1: 2}}, {"urgency", "residence"}),
        ({"urgency": HALF, "willing": "maybe"}, {"urgency", "willing"}),
    ],
)
def test_half_a_character_is_a_finding_wherever_it_stands(
    rulebook: Rulebook, given_: dict[str, Any], told: dict[str, str] | set[str]
) -> None:
    form = rulebook.forms["clue-report"]
    found = decide(rulebook, form.id, {**sample_answers(rulebook, form), **given_}, AT).problems
    said = {problem.field: problem.message for problem in found}
    assert said.keys() == (told if isinstance(told, set) else told.keys())
    assert isinstance(told, set) or said == told
    assert "".join([*said, *said.values()]).encode()


def test_half_a_character_in_a_text_is_taken_out(rulebook: Rulebook) -> None:
    form = rulebook.forms["clue-report"]
    decision = decide(rulebook, form.id, {**sample_answers(rulebook, form), "name": f"王{HALF}小明"}, AT)
    assert (decision.problems, decision.answers["name"]) == ((), "王小明")


def test_lists_nested_without_end_are_a_finding(rulebook: Rulebook) -> None:
    form, nested = rulebook.forms["clue-report"], list[Any]()
    for _ in range(3000):
        nested = [nested]
    found = decide(rulebook, form.id, {**sample_answers(rulebook, form), "needs": nested, "name": nested}, AT).problems
    assert {problem.field for problem in found} == {"needs", "name"}
