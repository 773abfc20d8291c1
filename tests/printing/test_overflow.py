"""No word stands outside its cell or off the paper, however long the names and addresses of real people are."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from printing.orders import FONT_DIR, ROOT, small
from xunfang.confinement import Confined, Limits
from xunfang.printing.fonts import font_files, write_fontconfig
from xunfang.printing.order import plain_facts
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.sample_papers import sample_notice_facts

COUNTIES = ("370304-boshan", "141121-wenshui", "3705-dongying", "6205-tianshui", "500229221-heyu")
ADDRESS = "城南街道办事处幸福里社区居民委员会第三网格滨河小区十二号楼二单元一千二百零三室（东侧平房）"
LONG = {
    "name": "阿卜杜热合曼江买买提艾力吐尔逊居来提江古丽",
    "masked_name": "阿*******************",
    "id_number": "370304196805120248",
    "phone": "13800000000",
    "label": ADDRESS,
    "number": "博山区社会救助〔2026〕10000号",
    "hotline": "0533-88886666",
    "unit": "社会救助和养老服务工作领导小组办公室（设在区民政局）",
}
"""By the name of a fact, the longest that a real paper is likely to carry."""


@pytest.fixture(scope="module")
def ruler() -> Iterator[Confined]:
    fonts = font_files(FONT_DIR, {})

    def equip(folder: Path) -> dict[str, str]:
        source = os.pathsep.join((str(ROOT / "tests"), str(ROOT / "platform")))
        return {"FONTCONFIG_FILE": str(write_fontconfig(fonts, folder)), "PYTHONPATH": source}

    limits = Limits(memory=1_500_000_000, cpu=60, wall=120.0)
    child = Confined("printing.measuring", limits, {"fonts": {role: str(path) for role, path in fonts.items()}}, equip)
    yield child
    child.kill()


@cache
def _files() -> dict[str, str]:
    return read_files(ROOT)


def _lengthened(value: Any, key: str = "") -> Any:
    """The same facts with every name, number, address and unit as long as they come."""
    if isinstance(value, Mapping):
        return {name: _lengthened(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_lengthened(item, key) for item in value]
    return LONG[key] if key in LONG and isinstance(value, str) and value else value


def _kinds(rulebook: Rulebook) -> dict[tuple[str, str], NoticeKind]:
    """The kinds of notice with a table, of their own or their parent's, one of each template and layout."""
    found: dict[tuple[str, str], NoticeKind] = {}
    for kind in rulebook.notices.values():
        text = rulebook.templates[kind.template]
        if "<table" in text or "parent/" in text:
            found.setdefault((text, kind.layout), kind)
    return found


def _measured(ruler: Confined, kind: NoticeKind, rulebook: Rulebook) -> dict[str, Any]:
    facts = plain_facts(_lengthened(sample_notice_facts(rulebook, kind)))
    order = {"template": kind.template, "templates": dict(rulebook.templates), "layout": kind.layout, "facts": facts}
    return ruler.ask(order)[0]


@pytest.mark.parametrize("county", COUNTIES)
def test_every_paper_with_a_table_keeps_its_words_within(ruler: Confined, county: str) -> None:
    rulebook = compile_rulebook(_files(), county)
    wrong: dict[str, list[str]] = {}
    cells = 0
    for kind in _kinds(rulebook).values():
        measured = _measured(ruler, kind, rulebook)
        cells += measured["cells"]
        if measured["outside"]:
            wrong[kind.id] = measured["outside"]
    assert wrong == {}
    assert cells > 100


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<table><tr><td>13800000000</td></tr></table>", "right of its cell"),
        ("<p>甲</p>", "off the paper"),
    ],
)
def test_the_ruler_sees_what_is_too_wide(ruler: Confined, body: str, said: str) -> None:
    style = "<style>table{table-layout:fixed;width:20pt} p{margin-left:900pt}</style>"
    order = small(style + body)
    told = ruler.ask({"template": order.template, "templates": dict(order.templates), "layout": "", "facts": {}})[0]
    assert said in told["outside"][0]
