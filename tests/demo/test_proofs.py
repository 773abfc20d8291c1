"""Whether the invented month plays is known at check time, with the line of what does not."""

from datetime import datetime
from pathlib import Path

import pytest

from xunfang.clock import SHANGHAI
from xunfang.demo.proofs import demo_problems
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files

ROOT = Path(__file__).parents[2]
FILES = read_files(ROOT)
BOSHAN = "370304-boshan"
NOW = datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)
DEMOS = sorted(path.parent.name for path in (ROOT / "workflows").glob("*/demo.toml"))


def told(file: str, old: str, new: str) -> list[str]:
    files = {**FILES, file: FILES[file].replace(old, new, 1)}
    assert files[file] != FILES[file]
    return [str(problem) for problem in demo_problems(files, compile_rulebook(files, BOSHAN), NOW)]


@pytest.mark.parametrize("layer", DEMOS)
def test_every_month_would_play(layer: str) -> None:
    assert demo_problems(FILES, compile_rulebook(FILES, layer), NOW) == ()


def test_a_field_newly_required_is_told_at_each_report_that_lacks_it() -> None:
    found = told(f"forms/{BOSHAN}/clue-report.json", '"needs", "willing"]', '"needs", "willing", "remarks"]')
    assert len(found) > 1
    line = FILES[f"workflows/{BOSHAN}/demo.toml"][: FILES[f"workflows/{BOSHAN}/demo.toml"].index("[[cases]]")].count(
        "\n"
    )
    assert found[0].startswith(f"workflows/{BOSHAN}/demo.toml:{line + 1}  [DEMO_UNUSABLE] 演示个案“kidney-stones-paid”")
    assert "请填写“备注”" in found[0]


def test_people_and_outcomes_that_are_not_there_are_told() -> None:
    demo = f"workflows/{BOSHAN}/demo.toml"
    assert "没有的账号“nobody”" in told(demo, 'by = "anshang"', 'by = "nobody"')[0]
    assert "“clerc”在规则中没有" in told(demo, 'roles = ["clerk"]', 'roles = ["clerc"]')[0]
    assert "没有的表单“clue-reports”" in told(demo, 'form = "clue-report"', 'form = "clue-reports"')[0]
