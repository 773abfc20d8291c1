"""What `forms` says can be chosen is what the page offers on the same day."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from xunfang import clock
from xunfang.cli.rules import _form_data
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files


def test_an_option_is_listed_to_its_last_day() -> None:
    rulebook = compile_rulebook(read_files(Path(__file__).parents[2]), "370304-boshan")
    needs, today = rulebook.lists["need"], clock.local_date(clock.now())
    last = dict(zip(needs.entries, (today - timedelta(days=1), today, today + timedelta(days=30)), strict=False))
    entries = {id: replace(entry, retired=last.get(id)) for id, entry in needs.entries.items()}
    rules = replace(rulebook, lists={**rulebook.lists, "need": replace(needs, entries=entries)})
    (field,) = (each for each in _form_data(rules, rules.forms["clue-report"])["fields"] if each["name"] == "needs")
    assert {choice["id"] for choice in field["choices"]} == entries.keys() - {next(iter(last))}
