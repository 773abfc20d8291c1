"""What no rule can mean is a finding with its file, line and code: never a traceback, never a wait."""

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from rulebook.conftest import BOSHAN, ending
from xunfang.division import DivisionTree
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import UnreadableError, parse_document, read_files
from xunfang.rulebook.patterns import pattern_problem
from xunfang.rulebook.values import may_be_odd

FORM, DIVISIONS = f"forms/{BOSHAN}/clue-report.json", f"workflows/{BOSHAN}/divisions.csv"
UNITS, FEEDS = f"workflows/{BOSHAN}/units.toml", f"workflows/{BOSHAN}/feeds.toml"
TOML = "workflows/99-example/units.toml"


def _told(files: dict[str, str], **changed: str) -> set[tuple[str, str]]:
    with pytest.raises(RulebookError) as caught:
        compile_rulebook(files | changed, BOSHAN)
    assert all(problem.message for problem in caught.value.problems)
    return {(problem.file, problem.code) for problem in caught.value.problems}


# ----- values


@pytest.mark.parametrize(
    "number", ["nan", "inf", "-inf", "1e400", "1e16", "99999999999999999999", "0x7fffffffffffffff"]
)
def test_a_number_without_meaning_is_refused(files: dict[str, str], number: str) -> None:
    text = files[FEEDS].replace("at_least = 20000", f"at_least = {number}")
    assert (FEEDS, "NUMBER_WRONG") in _told(files, **{FEEDS: text})


@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\u200b", "\u2028", "\ufeff", "\\u202e", "\\u0000", "\\u001b"])
def test_a_character_nobody_sees_is_refused_with_its_line(files: dict[str, str], char: str) -> None:
    text = files[UNITS].replace("区委宣传部", f"区委{char}宣传部", 1)
    with pytest.raises(RulebookError) as caught:
        compile_rulebook(files | {UNITS: text}, BOSHAN)
    line = 1 + text[: text.index("宣传部")].replace("\u2028", "").count("\n")
    assert (UNITS, line, "CHARACTER_UNSEEN") in {(p.file, p.line, p.code) for p in caught.value.problems}


def test_templates_and_divisions_are_looked_at_too(files: dict[str, str]) -> None:
    template = f"templates/{BOSHAN}/transfer-slip.html"
    told = _told(
        files, **{template: files[template] + "\u202e", DIVISIONS: files[DIVISIONS] + "370304998,甲\u200b,township"}
    )
    assert {(template, "CHARACTER_UNSEEN"), (DIVISIONS, "CHARACTER_UNSEEN")} <= told


@pytest.mark.parametrize("id", ["propaganda\\n", "propaganda٣", "ｐropaganda", "propa ganda", "", "Propaganda"])
def test_an_id_is_plain_to_its_last_sign(files: dict[str, str], id: str) -> None:
    assert (UNITS, "ID_MALFORMED") in _told(files, **{UNITS: files[UNITS].replace("[propaganda]", f'["{id}"]')})


def test_digits_of_other_scripts_are_no_numbers(files: dict[str, str]) -> None:
    path = f"workflows/{BOSHAN}/deadlines.toml"
    for old, new, code in (
        ('"1 workday before"', '"٣ workday before"', "REMIND_UNREADABLE"),
        ('"1 workday before"', '"99999999999999 workday before"', "REMIND_UNREADABLE"),
        ('"5 workdays"', '"５ workdays"', "LIMIT_UNREADABLE"),
    ):
        assert (path, code) in _told(files, **{path: files[path].replace(old, new)})


# ----- forms


def _form(files: dict[str, str], **field: Any) -> dict[str, str]:
    form = json.loads(files[FORM])
    form["properties"]["household_size"] = {"title": "家庭人口", **field}
    return {FORM: json.dumps(form, ensure_ascii=False, indent=1)}


@pytest.mark.parametrize(
    "field",
    [
        {"$ref": "#/properties/name"}, {"$ref": "#"}, {"$dynamicRef": "#x"}, {"allOf": [{"type": "string"}]},
        {"anyOf": []}, {"not": {}}, {"$defs": {}}, {"type": "object"}, {"type": ["string"]}, {"if": {}},
        {"type": "array", "items": {"$ref": "#"}}, {"type": "array", "items": {"type": "array"}},
        {"patternProperties": {"^(a+)+$": {}}}, {"type": "string"}, {"type": "string", "maxLength": 10**9},
        {"type": "string", "maxLength": 0}, {"type": "string", "maxLength": 9, "minLength": -1},
        {"type": "array", "maxItems": 10**9}, {"type": "array", "items": {"type": "string", "enum": [1, {}]}},
        {"type": "number", "multipleOf": 0}, {"type": "number", "multipleOf": 1e-300},
        {"type": "number", "maximum": 10**30},
        {"type": "number", "minimum": 9, "maximum": 1}, {"const": {"a": [1]}}, {"type": "string", "enum": [["a"]]},
    ],
)  # fmt: skip
def test_a_form_is_a_small_closed_language(files: dict[str, str], field: dict[str, Any]) -> None:
    assert FORM in {file for file, _ in _told(files, **_form(files, **field))}


def test_a_doubling_of_definitions_is_refused_at_once(files: dict[str, str]) -> None:
    form = json.loads(files[FORM])
    form["$defs"] = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(24)} | {"d24": {}}
    form["allOf"] = [{"$ref": "#/$defs/d0"}]
    with ending():
        assert (FORM, "KEY_UNKNOWN") in _told(files, **{FORM: json.dumps(form, indent=1)})


def test_no_reference_is_followed_to_a_file_or_a_server(files: dict[str, str], tmp_path: Path) -> None:
    canary = tmp_path / "canary.json"
    canary.write_text('{"title": "CANARY", "type": "string", "maxLength": 3}')
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        for address in (canary.as_uri(), f"http://127.0.0.1:{listener.getsockname()[1]}/x.json", str(canary)):
            for key in ("$ref", "$schema", "$id", "$dynamicRef"):
                for changed in (
                    _form(files, **{key: address}),
                    {FORM: files[FORM].replace("{", f'{{"{key}": "{address}",', 1)},
                ):
                    with pytest.raises(RulebookError) as caught:
                        compile_rulebook(files | changed, BOSHAN)
                    assert "CANARY" not in str(caught.value)
        with pytest.raises(TimeoutError):
            listener.accept()


REFUSED = [
    "^(a+)+$", "^((a+))+$", "^((a+)b?)*$", "^(a*){5}$", "^(a|b+)*$", "^(a{99}){99}$", "^[^a]{500}$", "^a{2,}{3}$",
    "^a**$",
    "^[0-9]{x}$", "^{2}$", "^(?=a)a$", "^(?<=a)a$", "^(a)\\1$", "^\\d+$", "^\\w$", "^\\s$", "^\\p{Han}$", "^\\x41$",
    "^[[:alpha:]]$", "^[a&&b]$", "^[z-a]$", "^[]$", "^(a$", "^a)$", "^+$", "a", "^a", "a$", "^a\\$", "", "^(?i)a$",
    "^a++$",
    "^(?P<n>a)$", "^\\u0041$", "^a$b$", "^(^a)$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", REFUSED)
def test_a_pattern_that_engines_read_differently_or_slowly_is_refused(files: dict[str, str], pattern: str) -> None:
    assert pattern_problem(pattern) is not None
    told = _told(files, **_form(files, type="string", maxLength=30, pattern=pattern))
    assert {code for _, code in told} & {"PATTERN_WRONG", "PATTERN_SLOW"}


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9]{4}-(0[1-9]|1[0-2])$",
        "^[A-Z]?[0-9]+$",
        "^(甲|乙)第[0-9]{1,3}号$",
        "^(?:[0-9]{3}-)?[0-9]{8}$",
        "^[0-9.-]*$",
    ],
)
def test_ordinary_patterns_are_allowed_and_every_engine_takes_them(files: dict[str, str], pattern: str) -> None:
    from xunfang.rules.submission import prepared

    assert pattern_problem(pattern) is None
    flow = "workflows/00-national/flows/subsistence-application.toml"  # where the number stands that is text here
    posted = {flow: files[flow].replace('posts = ["household_size", "proposed_amount"]', "")}
    rulebook = compile_rulebook(files | posted | _form(files, type="string", maxLength=30, pattern=pattern), BOSHAN)
    ready = prepared(rulebook, rulebook.forms["clue-report"]).validator
    for evil in ("a" * 30, "0" * 30, "0-" * 15, "2026-01\n", "２０２６-01", "٢٠٢٦-01"):
        with ending():
            assert not ready.is_valid({"household_size": f"{evil}!"})


# ----- divisions


def test_a_division_in_two_layers_is_called_what_the_nearest_calls_it(files: dict[str, str]) -> None:
    above = {"workflows/00-national/divisions.csv": "code,name,level\n370304,博山,county\n"}
    assert compile_rulebook(files | above, BOSHAN).divisions.name("370304") == "博山区"


@pytest.mark.parametrize(
    "row", ['370304998,"甲', "370304998,甲\r乙,township", "370304998,甲,township,x", "x" * 200_000]
)
def test_a_row_that_cannot_be_read_is_a_finding(files: dict[str, str], row: str) -> None:
    assert (DIVISIONS, "DIVISIONS_WRONG") in _told(files, **{DIVISIONS: f"{files[DIVISIONS]}{row}\n"})


def test_a_hundred_thousand_divisions_are_read() -> None:
    rows = "".join(f"{code:012d},村,village\n" for code in range(100_000))
    with ending():  # it took minutes while each child copied its siblings
        assert len(DivisionTree.parse(f"code,name,level\n{rows}")) == 100_000


# ----- files


@pytest.mark.parametrize("name", ["甲 b", "a\nb", "A", "..", "x" * 90, "a.b", "-a"])
@pytest.mark.parametrize("folder", [f"forms/{BOSHAN}/{{}}.json", f"workflows/{BOSHAN}/flows/{{}}.toml"])
def test_a_file_is_named_as_an_id_is(files: dict[str, str], folder: str, name: str) -> None:
    path = folder.format(name)
    with pytest.raises(RulebookError) as caught:
        compile_rulebook(files | {path: "{}", UNITS: files[UNITS] + "x = 1\n"}, BOSHAN)
    assert (path, "NAME_MALFORMED") in {(problem.file, problem.code) for problem in caught.value.problems}


def _deployment(root: Path) -> Path:
    folder = root / "workflows" / "99-example"
    folder.mkdir(parents=True)
    (folder / "units.toml").write_text('[a]\nlabel = "甲"\n', "utf-8")
    return folder


def _codes(root: Path) -> set[str]:
    with pytest.raises(UnreadableError) as caught:
        read_files(root)
    assert str(caught.value).isprintable() or "\n" in str(caught.value)
    str(caught.value).encode()
    return {problem.code for problem in caught.value.problems}


def test_a_link_that_leads_outside_is_not_followed(tmp_path: Path) -> None:
    folder = _deployment(tmp_path / "d")
    secret = tmp_path / "secret.toml"
    secret.write_text("CANARY = 1")
    (folder / "roles.toml").symlink_to(secret)
    assert _codes(tmp_path / "d") == {"FILE_OUTSIDE"}


def test_a_link_to_a_folder_outside_or_in_a_circle_gives_nothing(tmp_path: Path) -> None:
    folder = _deployment(tmp_path / "d")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "roles.toml").write_text("CANARY = 1")
    (folder / "flows").symlink_to(tmp_path / "other")
    (folder / "calendars").symlink_to(folder)
    assert set(read_files(tmp_path / "d")) == {"workflows/99-example/units.toml"}


def test_a_broken_link_a_pipe_and_a_folder_named_like_a_file_are_left_alone(tmp_path: Path) -> None:
    folder = _deployment(tmp_path)
    (folder / "roles.toml").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "lists.toml")
    (folder / "duties.toml").mkdir()
    assert set(read_files(tmp_path)) == {"workflows/99-example/units.toml"}


@pytest.mark.parametrize("name", [b"\xff\xfe.toml", "甲\n.toml".encode(), "\u202elmot.toml".encode()])
def test_a_name_that_cannot_be_shown_is_a_finding(tmp_path: Path, name: bytes) -> None:
    folder = _deployment(tmp_path)
    with open(os.path.join(os.fsencode(folder), name), "w"):  # noqa: PTH118, PTH123 - a name that is no text
        pass
    assert _codes(tmp_path) == {"NAME_MALFORMED"}


def test_a_file_that_the_system_will_not_hand_out_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _deployment(tmp_path)

    def refused(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert _codes(tmp_path) == {"FILE_UNREADABLE"}


HEAVY = {
    "40-kb-dotted-key": "a" + ".a" * 20_000 + " = 1",
    "dotted-key-over-quotes": '"a"' + ' . "a"' * 300 + " = 1",
    "dotted-keys-of-many-lines": "\n".join(f"a{n}.b.c.d.e.f.g.h = 1" for n in range(5_000)),
    "many-tables": "\n".join(f"[a{n}]" for n in range(20_000)),
    "many-rows": "[[a]]\nb = 1\n" * 15_000,
    "20-000-deep": "a = " + "[\n" * 20_000,
    "deep-inline": "a = " + "{a = " * 20_000,
    "5000-digits": "a = " + "1" * 5_000,
    "5000-digits-over-lines": 'a = """\\\n' + ("1" * 1_000 + "\\\n") * 5 + '"""',
    "open-quotes": 'a = """' + "x\n" * 50_000,
    "quotes-of-quotes": 'a = ["' + '", "' * 900,
    "backslashes": 'a = "' + "\\\\" * 900 + '"',
    "comments": "#\n" * 100_000,
    "blank": " \n" * 100_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_files_are_read_or_refused(name: str) -> None:
    with ending(), contextlib.suppress(UnreadableError):
        parse_document(TOML, HEAVY[name])


ODD = [
    "nan",
    "-nan",
    "inf",
    "+inf",
    "1e16",
    "-1E16",
    "1_000_000_000_000_000_1",
    "10000000000000001",
    "0xffffffffffffff",
]
ODD += ["0xffffffffffffff", "0o7777777777777777777", "0b" + "1" * 60, "1.5e300"]
ODD += ['"\\u200b"', '"\\b"', '"\\f"', '"\\U0000200b"', '"\u202e"']


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("text", ["x = {}", "x=[1, {}]", 'y = "9"\nx = {}', "x = {{ a = {} }}", "x.y={}"])
def test_a_value_that_no_rule_can_mean_is_seen_wherever_it_stands(value: str, text: str) -> None:
    assert may_be_odd(text.format(value))
    with pytest.raises(UnreadableError) as caught:
        parse_document("x.toml", text.format(value))
    assert caught.value.problem.code in {"NUMBER_WRONG", "CHARACTER_UNSEEN"}


@pytest.mark.parametrize("text", ["x = 1", 'x = "110101199003071233"', "x = 2026-10-01", 'x = "information"'])
def test_most_texts_need_no_second_look(text: str) -> None:
    assert not may_be_odd(text)
