"""Before anybody needs a paper it is known whether it prints: for each mistake in a template the whole text we say.

A changed wording is a change of the product: look at it, then write the snapshots anew with

    XUNFANG_SNAPSHOTS=write pytest tests/printing/test_proofs.py
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from rulebook.mistakes import Mistake
from xunfang.printing.proofs import proofs
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample_papers import places_printing, sample_notice_facts

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).parent / "proofs"
BOSHAN = "370304-boshan"
SLIP = "templates/00-national/transfer-slip.html"
CLOSING = "templates/00-national/closing-notice.html"
OWN = "templates/370304-boshan/transfer-slip.html"
LOGO = "templates/370304-boshan/logos/county.svg"
BARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">\n<title>标志</title>\n'
NAME = "<td>{{ person.name }}</td>"
LAYERS = sorted(path.name for path in (ROOT / "workflows").iterdir())

MISTAKES = [
    Mistake("fact-misspelt", SLIP, NAME, "<td>{{ person.nmae }}</td>"),
    Mistake("fact-of-no-form", SLIP, NAME, "<td>{{ case.bank_account }}</td>"),
    Mistake("fact-in-a-loop", CLOSING, "{{ result.outcome }}", "{{ result.outcmoe }}"),
    Mistake("fact-in-a-branch", SLIP, NAME, "<td>{% if person.name == '甲' %}{{ unit.lable }}{% endif %}</td>"),
    Mistake("if-without-end", OWN, "{% extends", "{% if cites %}\n{% extends"),
    Mistake("end-without-if", SLIP, NAME, "<td>{{ person.name }}{% endif %}</td>"),
    Mistake("one-brace-missing", SLIP, NAME, "<td>{{ person.name }</td>"),
    Mistake("full-width-in-braces", SLIP, NAME, "<td>{{ person。name }}</td>"),
    Mistake("filter-unknown", SLIP, NAME, "<td>{{ person.name | upcase }}</td>"),
    Mistake("test-unknown", SLIP, NAME, "<td>{% if person.name is presnt %}{{ person.name }}{% endif %}</td>"),
    Mistake("picture-from-outside", SLIP, NAME, '<td><img src="logo.png">{{ person.name }}</td>'),
    Mistake("logo-missing", SLIP, NAME, '<td><img data-logo="county">{{ person.name }}</td>'),
    Mistake("logo-unsafe", LOGO, new=f"{BARE}<script>1</script></svg>"),
    Mistake("tag-not-allowed", SLIP, NAME, "<td>{% if not person.name %}<script>{% endif %}{{ person.name }}</td>"),
    Mistake("tag-not-closed", SLIP, NAME, "<td><b>{{ person.name }}</td>"),
    Mistake("include-missing", SLIP, NAME, '<td>{% include "namee.html" %}</td>'),
    Mistake("extends-missing", OWN, '"parent/00-national/transfer-slip.html"', '"parent/00-national/transfer.html"'),
    Mistake("empty-into-a-number", SLIP, NAME, "<td>{{ (person.age ~ '') | int + person.name }}</td>"),
    Mistake("empty-answer", SLIP, NAME, "<td>{{ case.household_size | cn_number }}</td>"),
    Mistake("fact-only-asked-about", SLIP, NAME, '<td>{% if person.nmae is given %}甲{% endif %}</td>'),
    Mistake("full-width-braces", SLIP, NAME, "<td>｛｛ person.name ｝｝</td>"),
    Mistake("braces-left-raw", SLIP, NAME, "<td>{% raw %}{{ person.name }}{% endraw %}</td>"),
    Mistake("character-of-no-font", SLIP, NAME, "<td>😀{{ person.name }}</td>"),
    Mistake("block-misspelt", OWN, "{% block promise %}", "{% block promis %}"),
    Mistake("words-outside-of-blocks", OWN, "{% block promise %}", "<p>请在三日内领取。</p>{% block promise %}"),
    Mistake("takes-itself-in", OWN, "{% block promise %}", '{% block promise %}{% include "transfer-slip.html" %}'),
    Mistake("column-misspelt", SLIP, NAME, "<td>{% for each in case.members %}{{ each.nmae }}{% endfor %}</td>"),
    Mistake("with-another-name", SLIP, NAME, "<td>{% with who = person %}{{ who.nmae }}{% endwith %}</td>"),
    Mistake("facts-printed-whole", SLIP, NAME, "<td>{{ person.residence }}</td>"),
]  # fmt: skip


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return read_files(ROOT)


def _told(files: dict[str, str]) -> str:
    return "\n".join(map(str, sorted(proofs(compile_rulebook(files, BOSHAN))))) + "\n"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_says(mistake: Mistake, files: dict[str, str]) -> None:
    told, snapshot = _told(mistake.made_in(files)), SNAPSHOTS / f"{mistake.name}.txt"
    if os.environ.get("XUNFANG_SNAPSHOTS") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot.write_text(told, "utf-8")
    assert told == snapshot.read_text("utf-8")
    assert Path(mistake.file).name in told


def test_every_snapshot_belongs_to_a_mistake() -> None:
    assert {file.stem for file in SNAPSHOTS.glob("*.txt")} == {mistake.name for mistake in MISTAKES}


def test_all_that_is_missing_is_told_at_once(files: dict[str, str]) -> None:
    for mistake in MISTAKES[:3]:
        files = mistake.made_in({**files, SLIP: files[SLIP] + "\n"} if mistake.file == SLIP else files)
        files = {**files, SLIP: files[SLIP].replace("{{ person.phone }}", "{{ person.fone }}")}
    told = _told(files)
    assert all(name in told for name in ("person.nmae", "person.fone", "result.outcmoe"))


@pytest.mark.parametrize("layer", LAYERS)
def test_every_paper_of_every_layer_would_print(layer: str, files: dict[str, str]) -> None:
    assert [str(problem) for problem in proofs(compile_rulebook(files, layer))] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_kind_of_every_layer_can_be_sampled_at_each_of_its_places(layer: str, files: dict[str, str]) -> None:
    rulebook = compile_rulebook(files, layer)
    for kind in rulebook.notices.values():
        for place in places_printing(rulebook, kind):
            facts = sample_notice_facts(rulebook, kind, place)
            assert set(_fields(rulebook, place.origin.opens_on)) <= facts["case"].keys()


def _fields(rulebook: Rulebook, forms: tuple[str, ...]) -> list[str]:
    return [name for form in forms for name in rulebook.forms[form].fields]


def test_a_paper_that_two_flows_print_is_tried_in_both(files: dict[str, str]) -> None:
    rulebook = compile_rulebook(files, "3705-dongying")
    bare = {name: replace(form, fields={k: f for k, f in form.fields.items() if k != "difficulty"})
            for name, form in rulebook.forms.items()}  # fmt: skip
    told = proofs(replace(rulebook, forms=bare))
    assert any("case.difficulty" in problem.message for problem in told)
