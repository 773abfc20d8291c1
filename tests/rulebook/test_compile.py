"""The whole way from files to one immutable rulebook."""

import dataclasses

import pytest

from rulebook.conftest import BOSHAN
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook, digest_of, files_of, jurisdictions
from xunfang.rulebook.model import Rulebook


def test_every_layer_compiles(files: dict[str, str]) -> None:
    for layer in jurisdictions(files):
        assert compile_rulebook(files, layer).id == layer


def test_the_county_compiles_without_a_warning(rulebook: Rulebook) -> None:
    assert [str(warning) for warning in rulebook.warnings] == []


def test_the_digest_names_the_rules_and_nothing_else(files: dict[str, str], rulebook: Rulebook) -> None:
    def digest(changed: dict[str, str]) -> str:
        return compile_rulebook(changed, BOSHAN).digest

    head = f"workflows/{BOSHAN}"
    assert digest(dict(reversed(files.items()))) == rulebook.digest
    assert (
        digest(files | {f"{head}/scenarios/base.toml": files[f"{head}/scenarios/base.toml"] + "\n"}) == rulebook.digest
    )
    assert digest(files | {"workflows/65-elsewhere/jurisdiction.toml": 'name = "别处"\n'}) == rulebook.digest
    assert digest(files | {f"{head}/units.toml": files[f"{head}/units.toml"] + "\n"}) != rulebook.digest


def test_a_release_keeps_enough_to_compile_the_same_rulebook_again(files: dict[str, str], rulebook: Rulebook) -> None:
    kept = files_of(files, rulebook.chain)
    assert compile_rulebook(kept, BOSHAN).digest == rulebook.digest == digest_of(kept)


def test_the_chain_inherits_from_the_nation_down(rulebook: Rulebook) -> None:
    assert rulebook.chain[0] == "00-national"
    assert rulebook.chain[-1] == BOSHAN
    assert "visit" in rulebook.forms  # the nation's form
    assert rulebook.units["township"].label.startswith("{division}社会救助“一门受理")  # the county's name
    assert rulebook.units["township"].per == "township"  # the nation's word


def test_every_form_says_which_file_it_came_from(files: dict[str, str], rulebook: Rulebook) -> None:
    assert {form.file for form in rulebook.forms.values()} <= set(files)
    assert all(form.basis.cites or form.basis.practice for form in rulebook.forms.values())


def test_every_binding_rule_rests_on_something(rulebook: Rulebook) -> None:
    for kind in ("deadlines", "duties", "feeds", "meetings", "notices", "programmes", "indicators"):
        for rule in getattr(rulebook, kind).values():
            assert rule.basis.cites or rule.basis.practice, f"{kind}.{rule.id}"
    for table in rulebook.routing.values():
        assert all(row.basis.cites or row.basis.practice for row in table.rows)


def test_a_rulebook_cannot_be_changed(rulebook: Rulebook) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        rulebook.code = "000000"  # type: ignore[misc]


def test_an_unknown_jurisdiction_is_said_with_a_guess(files: dict[str, str]) -> None:
    with pytest.raises(RulebookError) as caught:
        compile_rulebook(files, "370304-bosha")
    assert "没有辖区“370304-bosha”" in str(caught.value)
    assert "是否想写“370304-boshan”？" in str(caught.value)


def test_overridden_templates_stay_within_reach(rulebook: Rulebook) -> None:
    assert rulebook.templates["transfer-slip.html"] == rulebook.templates[f"parent/{BOSHAN}/transfer-slip.html"]
    assert "parent/00-national/transfer-slip.html" in rulebook.templates
