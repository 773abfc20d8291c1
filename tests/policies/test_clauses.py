"""Every clause a county claims to carry out stands word for word in the document it comes from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / "workflows"
DOCUMENTS = {"370304-boshan": ("BS", 61)}
"""The county, its document's id, and how many obligations the document was found to state."""


def plain(text: str) -> str:
    """Return a text without white space and marks of layout: a page break may fall inside a clause."""
    return re.sub(r"[\s*#]", "", text)


def clauses_of(layer: str, document: str) -> dict[str, dict[str, object]]:
    data = tomllib.loads((WORKFLOWS / layer / "policies.toml").read_text(encoding="utf-8"))
    clauses: dict[str, dict[str, object]] = data["documents"][document]["clauses"]
    return clauses


@pytest.mark.parametrize("layer", DOCUMENTS)
def test_every_clause_is_verbatim(layer: str) -> None:
    document = plain((ROOT / "docs" / "policies" / f"{layer}.txt").read_text(encoding="utf-8"))
    invented = [
        clause
        for clause, said in clauses_of(layer, DOCUMENTS[layer][0]).items()
        if plain(str(said["text"])) not in document
    ]
    assert invented == []


@pytest.mark.parametrize("layer", DOCUMENTS)
def test_no_clause_is_lost(layer: str) -> None:
    document, obligations = DOCUMENTS[layer]
    clauses = clauses_of(layer, document)
    assert len(clauses) == obligations
    assert all(clause.startswith(f"{document}-") for clause in clauses)


@pytest.mark.parametrize("layer", DOCUMENTS)
def test_every_clause_is_reviewed_and_carried_out_or_says_why_not(layer: str) -> None:
    rules = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("workflows", "forms")
        for path in (ROOT / folder / layer).rglob("*")
        if path.suffix in {".toml", ".json"} and path.name != "policies.toml" and "scenarios" not in path.parts
    )
    for clause, said in clauses_of(layer, DOCUMENTS[layer][0]).items():
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
