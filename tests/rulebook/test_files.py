"""Files from hostile or careless hands: refused quickly, in words, never with a traceback."""

from pathlib import Path

import pytest

from rulebook.conftest import ending
from xunfang.rulebook.files import MAX_DEPTH, UnreadableError, parse_document, read_files

TOML, JSON = "workflows/99-example/units.toml", "forms/99-example/a.json"
HOSTILE = {
    "nested-toml": (TOML, "a = " + "[" * 20_000 + "]" * 20_000, "LINE_TOO_LONG"),
    "nested-toml-over-lines": (TOML, "a = " + "[\n" * 20_000 + "]\n" * 20_000, "FILE_HOSTILE"),
    "nested-json": (JSON, "[\n" * 20_000 + "]\n" * 20_000, "FILE_HOSTILE"),
    "nested-inline-tables": (TOML, "a = " + "{b = " * 60 + "1" + "}" * 60, "FILE_HOSTILE"),
    "dotted-key": (TOML, ".".join("a" * 1 for _ in range(900)) + " = 1", "LINE_TOO_LONG"),
    "dotted-header": (TOML, "[" + ".".join("a" for _ in range(900)) + "]", "LINE_TOO_LONG"),
    "quoted-dotted-key": (TOML, ".".join('"a=b"' for _ in range(300)) + " = 1", "LINE_TOO_LONG"),
    "huge-integer": (TOML, "a = " + "9" * 1_900, "NUMBER_WRONG"),
    "far-too-many-digits": (TOML, "a = " + "9" * 5_000, "LINE_TOO_LONG"),
    "json-nan": (JSON, '{"a": NaN}', "FILE_HOSTILE"),
    "json-infinity": (JSON, '{"a": -Infinity}', "FILE_HOSTILE"),
    "json-list": (JSON, "[]", "FILE_SHAPE"),
    "json-key-twice": (JSON, '{\n"a": 1,\n"a": 2}', "KEY_TWICE"),
    "json-nothing": (JSON, "", "FILE_SYNTAX"),
    "json-cut-off": (JSON, '{"a": ', "FILE_SYNTAX"),
    "toml-control-character": (TOML, 'a = "\x00"', "FILE_SYNTAX"),
    "toml-key-twice": (TOML, "a = 1\na = 2", "FILE_SYNTAX"),
    "large": (TOML, "# 注释\n" * 60_000, "FILE_TOO_LARGE"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    path, text, code = HOSTILE[name]
    with ending(), pytest.raises(UnreadableError) as caught:
        parse_document(path, text)
    assert caught.value.problem.code == code
    assert caught.value.problem.file == path


def test_a_file_just_within_the_bounds_is_read() -> None:
    depth = MAX_DEPTH
    assert parse_document(TOML, "a = " + "[" * depth + "]" * depth).data


def _write(root: Path, name: str, content: bytes) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_a_byte_order_mark_from_notepad_does_no_harm(tmp_path: Path) -> None:
    _write(tmp_path, TOML, b"\xef\xbb\xbfname = 1\n")
    assert read_files(tmp_path) == {TOML: "name = 1\n"}


def test_gbk_and_oversized_files_are_all_named_at_once(tmp_path: Path) -> None:
    _write(tmp_path, TOML, 'label = "区民政局"'.encode("gbk"))
    _write(tmp_path, JSON, b" " * 300_000)
    _write(tmp_path, "templates/99-example/a.html", b"<p></p>")
    with pytest.raises(UnreadableError) as caught:
        read_files(tmp_path)
    assert {(problem.file, problem.code) for problem in caught.value.problems} == {
        (TOML, "FILE_NOT_UTF8"),
        (JSON, "FILE_TOO_LARGE"),
    }
    assert "编码选 UTF-8" in str(caught.value)


def test_other_files_beside_the_rules_are_left_alone(tmp_path: Path) -> None:
    _write(tmp_path, "workflows/99-example/说明.docx", b"\xff\xfe")
    assert read_files(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [('a = 1\nb = "二\nc = 3', 2), ("a = 1\nb = [1,\n2\n", 3), ("a = 1\nb\n", 2), ("[a]\n[b]\n[a]\n", 3)],
)
def test_the_line_is_named(text: str, line: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse_document(TOML, text)
    assert caught.value.problem.line == line
