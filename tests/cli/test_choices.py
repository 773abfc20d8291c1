"""What `forms` says can be chosen is what the page offers on the same day."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from xunfang import clock
from xunfang.cli.rules import _form_data
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files

TODAY = clock.local_date(clock.now())


def test_an_option_is_listed_to_its_last_day() -> None:
    rulebook = compile_rulebook(read_files(Path(__file__).parents[2]), "370304-boshan")
    needs = rulebook.lists["need"]
    last = dict(zip(needs.entries, (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=30)), strict=False))
    entries = {id: replace(entry, retired=last.get(id)) for id, entry in needs.entries.items()}
    rules = replace(rulebook, lists={**rulebook.lists, "need": replace(needs, entries=entries)})
    (field,) = (each for each in _form_data(rules, rules.forms["clue-report"])["fields"] if each["name"] == "needs")
    assert {choice["id"] for choice in field["choices"]} == entries.keys() - {next(iter(last))}
