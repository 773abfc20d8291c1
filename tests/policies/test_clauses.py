"""Every clause a county claims to carry out stands word for word in the document it comes from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / "workflows"
DOCUMENTS = {
    "BS": (("370304-boshan",), 61),
    "WS": (("141121-wenshui",), 44),
    "DY": (("3705-dongying",), 45),
    "TS": (("62-gansu", "6205-tianshui"), 54),
    "HY": (("500229221-heyu",), 55),
}
"""Each document's id, the layers that carry it out, and how many obligations it was found to state."""


def plain(text: str) -> str:
    """Return a text without white space and marks of layout: a page break may fall inside a clause."""
    return re.sub(r"[\s*#]", "", text)


def clauses_of(document: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for layer in DOCUMENTS[document][0]:
        data = tomllib.loads((WORKFLOWS / layer / "policies.toml").read_text(encoding="utf-8"))
        for said in data["documents"].values():
            found |= said["clauses"]
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_clause_is_verbatim(document: str) -> None:
    folders = [WORKFLOWS / layer / "policies" for layer in DOCUMENTS[document][0]]
    whole = "".join(
        plain(file.read_text(encoding="utf-8")) for folder in folders for file in sorted(folder.glob("*.txt"))
    )
    invented = [clause for clause, said in clauses_of(document).items() if plain(str(said["text"])) not in whole]
    assert invented == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_clause_is_lost(document: str) -> None:
    clauses = clauses_of(document)
    assert len(clauses) == DOCUMENTS[document][1]
    assert all(clause.startswith(f"{document}-") for clause in clauses)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_clause_is_reviewed_and_carried_out_or_says_why_not(document: str) -> None:
    rules = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("workflows", "forms")
        for layer in DOCUMENTS[document][0]
        for path in (ROOT / folder / layer).rglob("*")
        if path.suffix in {".toml", ".json"} and path.name != "policies.toml" and "scenarios" not in path.parts
    )
    for clause, said in clauses_of(document).items():
        assert "reviewed" in said, clause
        assert (f'"{clause}"' in rules) != ("not_software" in said), clause


def test_the_law_is_cited_only_where_its_words_are_kept() -> None:
    national = tomllib.loads((WORKFLOWS / "00-national" / "policies.toml").read_text(encoding="utf-8"))
    kept = {clause for document in national["documents"].values() for clause in document["clauses"]}
    rules = [
        path.read_text(encoding="utf-8")
        for folder in ("workflows", "forms")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".toml", ".json"} and path.name != "policies.toml"
    ]
    quoted = set(re.findall(r'"([^"\s]{2,60})"', "\n".join(rules)))
    assert kept <= quoted
    assert {clause for clause in quoted if re.match(r"[^.]+§[0-9]", clause)} <= kept
