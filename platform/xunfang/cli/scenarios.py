"""The command test: the scenarios beside the rules, decided and then played on an installation of their own."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from xunfang.actions.papers import NoticeOrder, PrintedPaper
from xunfang.app import press_of
from xunfang.checking import compile_all, rule_files
from xunfang.cli.engine_looks import not_lived
from xunfang.cli.engine_scenarios import can_be_played, disagreements, print_papers
from xunfang.cli.rules import rulebook_of
from xunfang.errors import Refused
from xunfang.prove.scenarios import Failure, run
from xunfang.rulebook.compile import jurisdictions
from xunfang.rulebook.model import Rulebook, Scenario
from xunfang.settings import read_settings


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    test = commands.add_parser("test", help="运行规则旁边的情景")
    test.add_argument("jurisdiction", nargs="?")
    test.add_argument("--papers", type=Path, help="把情景中印发的文书都印出来，放到这个文件夹")
    test.set_defaults(run=_test)


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario that was run: what failed, and whether the engine had anything to do."""

    scenario: Scenario
    failures: tuple[Failure, ...]
    on_engine: bool


def played(rulebook: Rulebook) -> Iterator[Played]:
    """Run the scenarios of a jurisdiction: each is decided, and if that holds, played on the engine."""
    for scenario in rulebook.scenarios:
        failures, on_engine = run(rulebook, scenario), False
        if not failures and can_be_played(scenario):
            failures, on_engine = disagreements(rulebook, scenario), True
        yield Played(scenario, failures, on_engine)


def _test(given: argparse.Namespace) -> int:
    done: list[Played] = []
    unlived: set[str] = set()
    unprinted = 0
    for rulebook in _books(given):
        for one in played(rulebook):
            done.append(one)
            unlived |= not_lived(rulebook, one.scenario)
            _tell(rulebook, one)
            if given.papers and not one.failures:
                unprinted += _print_into(given, rulebook, one.scenario)
    failed, lived = sum(bool(one.failures) for one in done), sum(one.on_engine for one in done)
    told = f"情景共 {len(done)} 个，符合 {len(done) - failed} 个，不符 {failed} 个"
    print(f"{told}；其中 {lived} 个又在真实系统上走了一遍。")
    if unlived:
        print(f"只按规则推、没有与运行的系统对照的：{'、'.join(sorted(unlived))}。")
    return 1 if failed or unprinted else 0


def _books(given: argparse.Namespace) -> Iterable[Rulebook]:
    if given.jurisdiction:
        return (rulebook_of(given),)
    files = rule_files(given.config.resolve().parent)
    return compile_all(files, tuple(jurisdictions(files))).values()


def _tell(rulebook: Rulebook, one: Played) -> None:
    print(f"{'✗' if one.failures else '✓'} {rulebook.id}  {one.scenario.label}")
    for failure in one.failures:
        print(f"    {failure}")


def _print_into(given: argparse.Namespace, rulebook: Rulebook, scenario: Scenario) -> int:
    """Print what a scenario prints, into the folder that was named; returns how many papers could not be printed."""
    settings, numbers, failed = read_settings(given.config), count(1), 0

    def press(order: NoticeOrder) -> PrintedPaper:
        nonlocal failed
        label = order.facts["notice"]["label"] + ("（草稿）" if order.mark else "")
        file = given.papers / _name(scenario, next(numbers), order)
        try:
            paper = press_of(settings, order)
        except Refused as error:
            failed += 1
            print(f"    ✗ {label}：{error.message}")
            raise
        file.write_bytes(paper.pdf)
        print(f"    {label}：{paper.pages} 页，{file}")
        return paper

    given.papers.mkdir(parents=True, exist_ok=True)
    print_papers(rulebook, scenario, press)
    return failed


def _name(scenario: Scenario, number: int, order: NoticeOrder) -> str:
    return f"{scenario.id}-{number}-{order.facts['notice']['kind']}{'-draft' if order.mark else ''}.pdf"
