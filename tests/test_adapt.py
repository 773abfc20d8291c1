"""docs/adapt.md leads a newcomer to a running jurisdiction: its own commands and files, followed in order in a copy."""

import contextlib
import io
import re
import shlex
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from printing.orders import FONT_DIR
from xunfang.checking import check
from xunfang.cli import main
from xunfang.division import Level
from xunfang.prove.coverage import coverage
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "adapt.md").read_text("utf-8")
LAYER = "9901-luxi"
_BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Followed:
    """What came of following the page: the folder, and for each command its status and what it printed."""

    root: Path
    told: dict[str, tuple[int, str]] = field(default_factory=dict)

    def run(self, line: str) -> None:
        command, _, target = line.partition(" > ")
        words = shlex.split(command)
        assert words[0] == "xunfang", line
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(words[1:])
        if target:
            (self.root / target).write_text(out.getvalue(), "utf-8")
        self.told[line] = (status, out.getvalue() + err.getvalue())


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    root = tmp_path_factory.mktemp("deployment")
    for folder in ("forms", "workflows", "templates"):
        shutil.copytree(ROOT / folder / "00-national", root / folder / "00-national")
    shutil.copy(ROOT / "config.toml", root)
    shutil.copytree(FONT_DIR, root / "var" / "fonts")
    done = Followed(root)
    with contextlib.chdir(root):
        for kind, path, text in _BLOCK.findall(PAGE):
            if kind == "sh":
                for line in text.strip().splitlines():
                    done.run(line)
            else:
                file = root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
    return done


@pytest.fixture(scope="module")
def rulebook(followed: Followed) -> Rulebook:
    return compile_rulebook(read_files(followed.root), LAYER)


def test_every_block_is_a_command_or_a_file() -> None:
    kinds = {(kind, bool(path)) for kind, path, _ in _BLOCK.findall(PAGE)}
    assert kinds == {("sh", False), ("toml", True), ("json", True), ("csv", True)}
    assert PAGE.count("\n```") == 2 * len(_BLOCK.findall(PAGE))


def test_every_command_of_the_page_succeeds(followed: Followed) -> None:
    assert len(followed.told) >= 12
    assert {line: told for line, told in followed.told.items() if told[0]} == {}


def test_the_check_finds_nothing_to_say_about_it(followed: Followed) -> None:
    found = check(read_files(followed.root), LAYER, date(2026, 8, 1)).warnings
    assert [str(problem) for problem in found if "yunze" in problem.file or "luxi" in problem.file] == []


def test_every_clause_is_proved_or_honestly_none_of_softwares(rulebook: Rulebook) -> None:
    found = coverage(rulebook, prove=True)
    assert found.open == ()
    assert [clause for clause, _ in found.not_software] == ["YZ-7"]
    assert found.exercised == {f"YZ-{n}" for n in range(1, 7)}


def test_the_three_shapes_are_there(rulebook: Rulebook) -> None:
    assert rulebook.chain == ("00-national", "99-yunze", LAYER)
    assert not rulebook.divisions.of_level(Level.COUNTY)  # a city without counties
    assert rulebook.divisions.ancestor("990100002201", "city") == "9901"
    assert not rulebook.calendar.day(date(2026, 8, 6)).is_workday  # an autonomous region's own holiday
    assert not rulebook.calendar.day(date(2026, 10, 1)).is_workday
    assert rulebook.duties["weather-patrol"].while_ == "extreme-weather"


def test_every_paper_of_its_scenarios_is_printed(followed: Followed, rulebook: Rulebook) -> None:
    texts = {file.stem: _text(file) for file in sorted((followed.root / "papers").glob("*.pdf"))}
    kinds = {kind for kind in rulebook.notices for name in texts if f"-{kind}" in name}
    assert {"transfer-slip", "refusal-notice"} <= kinds
    expected = [
        kind
        for scenario in rulebook.scenarios
        for step in scenario.steps
        for kind in step.get("expect", {}).get("printed", ())
    ]
    assert set(expected) <= kinds
    for name, text in texts.items():
        label = next(rulebook.notices[kind].label for kind in rulebook.notices if f"-{kind}" in name)
        assert label in text, name
        assert rulebook.info.name[:2] in text, name
        assert not re.search(r"None|\{\{|\}\}|[a-z]+-[a-z]+|undefined", text), (name, text)


def test_a_limit_in_hours_speaks_of_no_day_that_does_not_count(followed: Followed) -> None:
    hours, days = (_text(followed.root / "papers" / f"{name}.pdf") for name in (
        "help-first-1-transfer-slip-draft", "before-torch-festival-1-transfer-slip",
    ))  # fmt: skip
    assert "2小时，至2026年8月7日0时00分止。" in hours
    assert "当日不计入" not in hours
    assert "转办当日不计入；计入8月10日、11日；" in days


def _text(file: Path) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(file).pages))


def test_explaining_names_the_holiday(followed: Followed) -> None:
    explained = next(told for line, (_, told) in followed.told.items() if line.startswith("xunfang explain"))
    assert "火把节" in explained
    assert "8月11日" in explained
    assert "溪口镇" in explained or "芦荡街道" in explained


def test_the_files_on_the_page_are_already_in_style(followed: Followed) -> None:
    status, told = next(told for line, told in followed.told.items() if line.startswith("xunfang fmt"))
    assert (status, told) == (0, "已调整 0 个文件。\n")
