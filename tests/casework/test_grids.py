"""A level below the village: people live in a grid 网格 where there are any, and its unit takes their cases."""

from functools import cache

from casework.altered import altered, fields_of, form_like
from casework.county import START, County, typical
from xunfang.division import DivisionTree
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences
from xunfang.rules.intake import decide
from xunfang.rules.units import instances, superior_of, unit_label
from xunfang.web.forms.options import divisions

VILLAGE, UNDIVIDED = "370304102200", "370304102201"
FIRST, SECOND = f"{VILLAGE}001", f"{VILLAGE}002"
UNIT = """[grid]
label = "{division}网格"
per = "grid"
superior = "village"
may = ["complete", "submit", "assist"]
practice = "本区划分网格"

[township]
"""


@cache
def rulebook() -> Rulebook:
    place = {**fields_of("clue-report")["residence"], "x-level": "grid", "maxLength": 15}  # type: ignore[dict-item]
    form = form_like("clue-report", properties={**fields_of("clue-report"), "residence": place})
    village = f"{VILLAGE},北域城村委会,village\n"
    return altered(
        {
            "divisions.csv": (village, f"{village}{FIRST},第一网格,grid\n{SECOND},第二网格,grid\n"),
            "units.toml": ("[township]\n", UNIT),
            "routing.toml": ('lead = "township"  ', 'lead = "grid"  '),
        },
        {"forms/370304-boshan/clue-report.json": form},
    )


def lead_of(residence: str) -> str:
    county = County(rulebook())
    case = county.report(needs=["basic-living"], residence=residence)
    county.confirm(case)
    return county.task(case).unit


def test_a_unit_of_the_grid_takes_what_is_reported_from_it() -> None:
    assert lead_of(SECOND) == f"grid:{SECOND}"
    assert unit_label(rulebook(), f"grid:{SECOND}") == "第二网格网格"
    assert superior_of(rulebook(), f"grid:{SECOND}") == f"village:{VILLAGE}"
    assert instances(rulebook(), "grid") == (f"grid:{FIRST}", f"grid:{SECOND}")


def test_where_a_village_is_not_divided_it_is_chosen_itself_and_its_unit_steps_in() -> None:
    assert lead_of(UNDIVIDED) == f"village:{UNDIVIDED}"


def test_a_village_that_is_divided_does_not_answer_for_its_grids() -> None:
    decision = decide(rulebook(), "clue-report", {**typical(), "residence": VILLAGE}, START)
    assert [problem.message for problem in decision.problems] == ["“现居住地”请选到网格（村民小组）。"]
    options = {option.value for group in divisions(rulebook(), "grid") for option in group.options}
    assert {FIRST, SECOND, UNDIVIDED} <= options
    assert VILLAGE not in options


def test_the_rules_say_so_in_words() -> None:
    told = "".join(line.text for section in sentences(rulebook()) for line in section.lines)
    assert "网格（村民小组）" in told


def test_a_grid_lies_in_its_village_and_township() -> None:
    tree: DivisionTree = rulebook().divisions
    assert [tree.ancestor(SECOND, level) for level in ("village", "township", "county")] == [
        VILLAGE,
        "370304102",
        "370304",
    ]
    assert tree.label(SECOND, "370304") == "域城镇北域城村委会第二网格"
