"""The command that runs scenarios: test."""

import argparse
from typing import Any

from xunfang.checking import compile_all, rule_files
from xunfang.cli.engine_looks import not_lived
from xunfang.cli.engine_scenarios import can_be_played, disagreements
from xunfang.cli.rules import rulebook_of
from xunfang.prove.scenarios import run as run_scenario
from xunfang.rulebook.compile import jurisdictions


def add_commands(commands: Any) -> None:
    """Add this group's command to the command line."""
    test = commands.add_parser("test", help="运行规则旁边的情景")
    test.add_argument("jurisdiction", nargs="?")
    test.set_defaults(run=_test)


def _test(given: argparse.Namespace) -> int:
    files = rule_files(given.config.resolve().parent)
    chains = jurisdictions(files)
    books = [rulebook_of(given)] if given.jurisdiction else compile_all(files, tuple(chains)).values()
    passed = failed = played = 0
    unlived: set[str] = set()
    for rulebook in books:
        for scenario in rulebook.scenarios:
            failures = run_scenario(rulebook, scenario)
            if not failures and can_be_played(scenario):
                played += 1
                failures = disagreements(rulebook, scenario)
            unlived |= not_lived(scenario)
            passed, failed = passed + (not failures), failed + bool(failures)
            print(f"{'✗' if failures else '✓'} {rulebook.id}  {scenario.label}")
            for failure in failures:
                print(f"    {failure}")
    print(f"情景共 {passed + failed} 个，符合 {passed} 个，不符 {failed} 个；其中 {played} 个又在真实系统上走了一遍。")
    if unlived:
        print(f"只按规则推、系统还没有办理的：{'、'.join(sorted(unlived))}。")
    return 1 if failed else 0
