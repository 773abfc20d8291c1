"""The change sheet: each kind of change in a whole sentence, and nothing of a change passes unseen."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook, files_of
from xunfang.rulebook.files import read_files
from xunfang.rules.changes import ChangeLine, ChangeSheet, Edition, sheet
from xunfang.rules.changes.marking import marked
from xunfang.rules.changes.paper_texts import text_changes, whole_text

ROOT = Path(__file__).parents[2]
COUNTY = "370304-boshan"
OWN = f"workflows/{COUNTY}"


@cache
def now() -> Edition:
    files = read_files(ROOT)
    return Edition(compile_rulebook(files, COUNTY), files, "第1版")


def edited(path: str, was: str, to: str) -> Edition:
    """Return the shipped rules with a text in one file written anew."""
    files = now().files
    assert was in files[path], was
    return with_file(path, files[path].replace(was, to, 1))


def with_file(path: str, text: str) -> Edition:
    files = {**now().files, path: text}
    return Edition(compile_rulebook(files, COUNTY), files, "第2版")


def told(found: ChangeSheet) -> list[tuple[str, str, str, str]]:
    """Return what the lines of a sheet say that were changed themselves."""
    return [(line.key, line.how, line.before, line.after) for group in found.groups for line in group.lines]


def only(found: ChangeSheet) -> ChangeLine:
    (line,) = (line for group in found.groups for line in group.lines)
    return line


def test_nothing_parts_rules_from_themselves() -> None:
    found = sheet(now(), now())
    assert found.same
    assert (found.groups, found.follows, found.papers) == ((), (), ())


def test_a_row_of_a_routing_table_is_told_where_it_is_new_and_where_it_is_gone() -> None:
    rows = (
        '\n[[clue.rows]]\nid = "ramp"\nwhen.difficulty.known = true\nlead = "disabled-federation"\n'
        'cites = ["BS-二(二)3-9"]\n'
    )
    path = f"{OWN}/routing.toml"
    new = with_file(path, now().files[path] + rows)
    line = only(sheet(now(), new))
    assert (line.key, line.how, line.before) == ("routing:ramp", "new", "")
    assert line.after == "困难情形已经查明的，由区残联主办。"
    assert line.basis == "博政办字〔2021〕27号 二(二)3-9"
    assert [ground.title for ground in line.grounds] == [now().rules.policies["BS"].title]
    assert line.grounds[0].text == now().rules.clauses["BS-二(二)3-9"].text
    gone = only(sheet(new, now()))
    assert (gone.key, gone.how, gone.after, gone.before) == ("routing:ramp", "gone", "", line.after)
    assert gone.grounds == line.grounds


def test_a_limit_that_was_shortened() -> None:
    new = edited(f"{OWN}/deadlines.toml", 'limit = "1 workday"', 'limit = "4 hours"')
    line = only(sheet(now(), new))
    assert (line.key, line.how) == ("deadlines:dispatch", "changed")
    assert line.before.startswith("“拟办分派”：自任务下达起，限1个工作日内；到期当日催办一次；")
    assert line.after == line.before.replace("限1个工作日内", "限4小时内")
    assert [spot.told for spot in line.spots] == ["“期限”由“1 workday”改为“4 hours”"]
    assert (line.spots[0].file, line.spots[0].line) == (f"{OWN}/deadlines.toml", 10)
    before, after = marked(line.before, line.after)
    assert [text for text, differs in before if differs] == ["1个工作日"]
    assert [text for text, differs in after if differs] == ["4小时"]


def test_a_field_that_has_become_required() -> None:
    path = f"forms/{COUNTY}/clue-report.json"
    found = sheet(now(), edited(path, '"needs", "willing"]', '"needs", "willing", "phone"]'))
    line = only(found)
    assert (line.key, line.how, line.about) == ("forms:clue-report.phone", "changed", "《困难线索登记表》")
    rest = "，在“困难群众”部分，按电话号码加密保存，填写提示为“填本人或能联系上本人的电话”。"
    assert line.before == f"“联系电话”：填电话号码，选填{rest}"
    assert line.after == f"“联系电话”：填电话号码，必填{rest}"
    (form,) = found.forms
    assert [field.name for field in form.fields] == list(now().rules.forms["clue-report"].fields)
    assert [(field.name, field.said) for field in form.fields if not field.same] == [("phone", "改动")]


def test_a_field_that_is_gone_stands_in_the_form_where_it_stood() -> None:
    path = f"forms/{COUNTY}/clue-report.json"
    text = re.search(r'    "remarks": .*\n', now().files[path])
    assert text
    first = re.search(r'    "photos": .*,\n', now().files[path])
    assert first
    new = edited(path, first[0] + text[0], first[0].rstrip(",\n") + "\n")
    (form,) = sheet(now(), new).forms
    assert (form.fields[-1].name, form.fields[-1].said, form.fields[-1].after) == ("remarks", "取消", "")
    (form,) = sheet(new, now()).forms
    assert (form.fields[-1].said, form.differing) == ("新增", 1)


def test_a_sentence_of_a_template() -> None:
    path = f"templates/{COUNTY}/closing-notice.html"
    found = sheet(now(), edited(path, "主动发现、及时救助。", "主动发现、尽快救助。"))
    line = only(found)
    assert line.about == f"《办结告知书》（{path}）"
    assert (line.before.count("及时救助。"), line.after.count("尽快救助。")) == (1, 1)
    assert "〔服务热线〕" in line.after
    assert [(paper.id, paper.before, paper.after) for paper in found.papers] == [("closing-notice", True, True)]


def test_a_column_of_a_paper_that_is_wider() -> None:
    path = "templates/00-national/circular.html"
    line = only(sheet(now(), edited(path, '<col class="b">', '<col class="c">')))
    assert (line.before, line.after) == ("“逾期件数”一列的宽度：20%", "“逾期件数”一列的宽度：30%")
    assert path in line.about


def test_an_option_that_was_retired() -> None:
    path = "workflows/00-national/lists.toml"
    new = edited(path, 'label = "女"\n', 'label = "女"\nretired = 2027-01-01\n')
    assert ("lists:sex.female", "changed", "“性别”有选项“女”。", "“性别”有选项“女（用到2027-01-01为止）”。") in told(
        sheet(now(), new)
    )


def test_what_a_role_may_do() -> None:
    path = "workflows/00-national/roles.toml"
    head = re.search(r'\[auditor\]\nlabel = "[^"]+"\nmay = \["audit"\]', now().files[path])
    assert head, now().files[path]
    new = edited(path, head[0], head[0].replace('["audit"]', '["operate"]'))
    label = now().rules.roles["auditor"].label
    line = only(sheet(now(), new))
    assert (line.before, line.after) == (f"{label}可以查阅留痕。", f"{label}可以维护系统。")


def test_what_only_follows_from_a_name_stands_apart() -> None:
    new = edited(f"forms/{COUNTY}/clue-report.json", '"title": "困难线索登记表"', '"title": "困难群众登记表"')
    found = sheet(now(), new)
    assert [line.key for group in found.groups for line in group.lines] == ["forms:clue-report"]
    follows = [line for group in found.follows for line in group.lines]
    assert {line.how for line in follows} == {"follows"}
    assert "flows:clue" in {line.key for line in follows}
    assert found.count("follows") == len(follows)


def test_another_basis_is_told_though_the_sentence_is_the_same() -> None:
    path = f"{OWN}/deadlines.toml"
    line = only(sheet(now(), edited(path, 'cites = ["BS-二(二)1-6"]', 'cites = ["BS-二(二)3-4"]')))
    assert line.before == line.after
    assert (line.was_resting, line.basis) == ("博政办字〔2021〕27号 二(二)1-6", "博政办字〔2021〕27号 二(二)3-4")


def test_what_no_sentence_tells_is_told_with_its_file_and_key() -> None:
    path = f"forms/{COUNTY}/clue-report.json"
    line = only(sheet(now(), edited(path, '"x-widget": "radio", ', "")))
    assert line.about == f"{path} 第11行　properties.sex.x-widget" or line.about.startswith(path)
    assert (line.how, line.before, line.after) == ("gone", "页面上的样子：radio", "")
    assert line.belongs.startswith("“性别”：选一项，")


def test_the_order_of_things_is_told_and_a_comment_too() -> None:
    text = now().files[f"{OWN}/deadlines.toml"]
    comment = only(sheet(now(), with_file(f"{OWN}/deadlines.toml", f"# 说明\n{text}")))
    assert comment.key == f"others:{OWN}/deadlines.toml"
    assert comment.after.startswith("文件内容有改动，但没有一条规则、一项取值随之改变")
    whole = only(sheet(now(), with_file(f"{OWN}/policies/BS.txt", "另一份原文")))
    assert (whole.about, whole.after) == (
        "《博山区健全完善社会救助主动发现机制工作方案》全文", "政策原文有改动，条款和规则不变。",
    )  # fmt: skip
    first, second = re.findall(r'    "(?:sex|document)": .*\n', now().files[f"forms/{COUNTY}/clue-report.json"])
    moved = edited(f"forms/{COUNTY}/clue-report.json", first + second, second + first)
    line = only(sheet(now(), moved))
    assert line.about.endswith("properties　先后次序")
    assert "困难群众姓名、性别、证件种类、证件号码" in line.before
    assert "困难群众姓名、证件种类、性别、证件号码" in line.after


def test_two_sentences_that_have_nothing_in_common_are_not_marked() -> None:
    assert marked("甲乙丙丁", "戊己庚辛") == ((("甲乙丙丁", False),), (("戊己庚辛", False),))
    assert marked("", "新") == ((), (("新", False),))


def test_a_template_is_read_without_a_word_of_its_language() -> None:
    text = (
        "<p>户&#160;籍{% if case.willing is string %}{{ case.willing }}"
        "{% elif case.willing is boolean and not case.willing %}不愿{% endif %}</p>"
        "<p>{% if task.opened_at[:10] not in deadline.counted %}次日起算{% endif %}</p>"
    )
    rules = now().rules
    willing = rules.forms["clue-report"].fields["willing"].title
    assert whole_text(rules, text).split("\n") == [
        f"户 籍〔如果{willing}填的是文字：〕〔{willing}〕〔如果{willing}为“否”：〕不愿〔完〕",
        "〔如果交办时间的日期不在计入的日子：〕次日起算〔完〕",
    ]


def test_a_template_that_tears_its_brackets_open_is_read_all_the_same() -> None:
    rules = now().rules
    pairs = list(text_changes(rules, rules, "<p>甲</p>", "{{ " * 2000 + "<style <p>乙</p> {# "))
    assert pairs[0][0] == "甲"


_VALUE = re.compile(r'(?<==)( *)("[^"\n]{2,}"|\d+|true|false)(?= *(?:#.*)?$)', re.MULTILINE)
_JSON_VALUE = re.compile(r'("(?:title|x-hint|maxLength|maximum|minimum)": )("[^"\n]+"|\d+)')


@settings(max_examples=6)
@given(st.data())
def test_every_value_that_changes_shows_up_in_some_line(data: st.DataObject) -> None:
    files = files_of(now().files, now().rules.chain)
    paths = sorted(path for path in files if path.endswith((".toml", ".json")) and "/scenarios/" not in path)
    path = data.draw(st.sampled_from(paths))
    pattern = _JSON_VALUE if path.endswith(".json") else _VALUE
    places = list(pattern.finditer(files[path]))
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    was = place[2]
    to = f'{was[:-1]}改"' if was.startswith('"') else {"true": "false", "false": "true"}.get(was, f"{was}1")
    try:
        new = with_file(path, files[path][: place.start(2)] + to + files[path][place.end(2) :])
    except RulebookError:
        return
    lines = sheet(now(), new).lines
    spots = [spot for line in lines for spot in line.spots if spot.file == path]
    line_of = files[path].count("\n", 0, place.start(2)) + 1
    named = [line for line in lines if line.key == f"others:{path}"]
    assert named or any(abs(spot.line - line_of) <= 12 for spot in spots), (path, line_of, lines)
    assert len({line.key for line in lines}) == len(lines)
    assert sheet(replace(new, title=""), now()).same is False
