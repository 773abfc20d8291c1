"""The checks are checked: a finding that no longer comes, or a function of them that does nothing, is missed by a test.

Here the entries of the checks and a share of their functions are switched off; `make lint-mutants` does it for each.
"""

import importlib
import pkgutil
import re
from pathlib import Path

from rulebook.lint_mutants import Mutant, codes_in, missed_by, mutants, right, watched
from rulebook.mistakes import MISTAKES
from rulebook.test_will_work import SOUND
from xunfang import printing, rulebook

HERE = Path(__file__).parent
SNAPSHOTS = (HERE / "snapshots", HERE / "will_work", HERE / "successions", HERE.parent / "printing" / "proofs")
SHARE = 12
FEW = ("the county as it stands", *(one.name for one in MISTAKES[::20]))


def _codes(package: str, path: list[str]) -> set[str]:
    names = [each.name for each in pkgutil.walk_packages(path, f"{package}.")]
    return {code for name in names for code in codes_in(importlib.import_module(name))}


def _findings() -> set[str]:
    """Return every code under which something wrong with rules or templates is told."""
    printed = _codes(printing.__name__, list(printing.__path__))
    of_templates = {code for code in printed if code.startswith(("TEMPLATE_", "LOGO_"))}
    return _codes(rulebook.__name__, list(rulebook.__path__)) | of_templates


def _told_in(folder: Path) -> set[str]:
    texts = (file.read_text("utf-8") for file in folder.glob("*.txt"))
    return {code for text in texts for code in re.findall(r"\[([A-Z][A-Z0-9_]+)\]", text)}


def test_every_finding_is_told_in_a_snapshot() -> None:
    told = set().union(*map(_told_in, SNAPSHOTS))
    assert len(_findings()) > 100
    assert sorted(_findings() - told) == []
    assert sorted(told - _findings()) == []


def _chosen() -> list[Mutant]:
    entries = [mutant for mutant in mutants() if mutant.name in {"lint", "review"}]
    return list(dict.fromkeys([*entries, *mutants()[::SHARE]]))


def test_a_check_that_is_switched_off_is_missed() -> None:
    assert len(mutants()) > 150
    assert [str(mutant) for mutant in _chosen() if not missed_by(mutant)] == []


def test_nothing_is_told_of_what_works_while_all_checks_are_on() -> None:
    assert right("the county as it stands") == ()
    assert all(right(sound.name) == () for sound in SOUND)


def test_whoever_watches_the_checks_changes_nothing_of_what_they_tell() -> None:
    assert {name: watched(name)[0] for name in FEW} == {name: right(name) for name in FEW}
