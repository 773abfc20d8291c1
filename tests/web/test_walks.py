"""The walks of `make walks` are all there: one for each that the offices were promised, each somebody's."""

import ast
import inspect
import re
from pathlib import Path

import walks

ROOT = Path(__file__).parents[2]
PROMISED = {"visit", "list", "report", "meeting", "publication", "dashboard", "ledger"}


def logins_of(walk: object) -> set[str]:
    """Return who signs in somewhere in the module of a walk."""
    module = ast.parse(Path(inspect.getfile(walk)).read_text("utf-8"))  # type: ignore[arg-type]
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "of" and isinstance(call.args[0], ast.Constant)
    }


def test_every_promised_walk_is_walked_by_people_whom_the_demonstration_knows() -> None:
    assert walks.WALKS.keys() == PROMISED
    assert len({walk for _, walk in walks.WALKS.values()}) == len(PROMISED)
    told = "".join((ROOT / "workflows" / each / "demo.toml").read_text("utf-8") for each in walks.COUNTIES)
    known = set(re.findall(r'^login = "(.+)"$', told, re.MULTILINE))
    for _, walk in walks.WALKS.values():
        assert logins_of(walk)
        assert logins_of(walk) <= known
