"""The first administrator of an installation gets a role that may administer, whatever the county calls it."""

from dataclasses import replace
from pathlib import Path

import pytest

from xunfang.cli import administration, main
from xunfang.cli.administration import administering_role, refuse_unknown
from xunfang.errors import Refused
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(Path(__file__).parents[2]), "370304-boshan")


def test_the_first_role_that_may_administer_is_taken(rulebook: Rulebook) -> None:
    assert "administer" in rulebook.roles[administering_role(rulebook)].may
    renamed = {f"our-{id}": role for id, role in rulebook.roles.items()}
    assert administering_role(replace(rulebook, roles=renamed)).startswith("our-")


def test_rules_without_such_a_role_are_refused_in_a_sentence(rulebook: Rulebook) -> None:
    others = {id: role for id, role in rulebook.roles.items() if "administer" not in role.may}
    with pytest.raises(Refused, match="没有任何角色能管理账号"):
        administering_role(replace(rulebook, roles=others))


def test_an_unknown_unit_or_role_is_told_with_where_they_are_listed(rulebook: Rulebook) -> None:
    """The page's words, to choose a unit, helped nobody at the console."""
    unit, role = next(iter(rulebook.units)), administering_role(rulebook)
    with pytest.raises(Refused, match=r"“county”的单位.*xunfang list 370304-boshan units"):
        refuse_unknown(rulebook, "county", role)
    with pytest.raises(Refused, match=r"“boss”的角色.*xunfang list 370304-boshan roles"):
        refuse_unknown(rulebook, unit, "boss")
    refuse_unknown(rulebook, f"{unit}:370304001", role)


def test_the_console_lets_a_login_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(administration, "open_console", lambda settings: "deployment")
    monkeypatch.setattr(administration, "read_settings", lambda file: file)
    monkeypatch.setattr(administration, "unlock_from_console", lambda made, login, at: asked.append(login))
    assert main(["--config", str(tmp_path / "config.toml"), "admin", "unlock", "zhou.an"]) == 0
    assert asked == ["zhou.an"]
