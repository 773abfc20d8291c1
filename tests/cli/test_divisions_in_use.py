"""A division on which something open stands is not struck off the table: `check` names it, nothing is published."""

from pathlib import Path

import pytest

from cli.fresh import COUNTY, OTHER, laid_out, settings_in
from cli.test_releasing import _keeper, _run
from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.app import open_deployment
from xunfang.clock import now
from xunfang.store import Account, connection, current_release

DISTRICT = "999901"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "here", (COUNTY, OTHER))


@pytest.fixture
def deployment(folder: Path) -> Deployment:
    """A city in which somebody sees what lies in one district."""
    found = open_deployment(settings_in(folder))
    _keeper(found)
    with acting(found, machinery(COUNTY, "测试"), now()) as act:
        act.tx.update(Account, {"login": f"keeper-{COUNTY}"}, {"division": DISTRICT})
    return found


def _written(folder: Path, old: str, new: str) -> None:
    table = folder / "workflows" / COUNTY / "divisions.csv"
    text = table.read_text("utf-8")
    assert old in text
    table.write_text(text.replace(old, new), "utf-8")


def _release(deployment: Deployment) -> str:
    with connection(deployment.database) as reader:
        found = current_release(reader, COUNTY)
    assert found is not None
    return found.id


def test_a_line_that_is_struck_off_is_named_and_nothing_is_published(
    folder: Path, deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _release(deployment)
    _written(folder, f"{DISTRICT},河东区,county\n", "")
    assert _run(folder, "check", COUNTY) == 0
    told = capsys.readouterr().out
    assert f"提醒：workflows/{COUNTY}/divisions.csv  {DISTRICT}  [DIVISION_IN_USE]" in told
    assert "却还有 1 个账号在那里" in told
    assert _run(folder, "publish", COUNTY, "--despite-scenarios", "试行") == 1
    assert f"请恢复 {DISTRICT} 这一行" in capsys.readouterr().err
    assert _release(deployment) == before


def test_a_start_goes_on_by_the_last_release(folder: Path, deployment: Deployment) -> None:
    before = _release(deployment)
    deployment.database.close()
    _written(folder, f"{DISTRICT},河东区,county\n", "")
    again = open_deployment(settings_in(folder))
    assert again.rulebooks.of(COUNTY).digest == before
    assert [problem.code for problem in again.rulebooks.problems[COUNTY]] == ["DIVISION_IN_USE"]


def test_one_that_ends_with_somebody_to_follow_it_is_published(folder: Path, deployment: Deployment) -> None:
    before = _release(deployment)
    _written(folder, "code,name,level", "code,name,level,from,until,successor")
    _written(folder, f"{DISTRICT},河东区,county", f"{DISTRICT},河东区,county,,2099-12-31,999902")
    assert _run(folder, "publish", COUNTY, "--despite-scenarios", "试行") == 1  # its township would lie in nothing
    moved = "999901001,桥头街道,township,,2099-12-31,999902002\n999902002,桥头街道,township,2100-01-01"
    _written(folder, "999901001,桥头街道,township", moved)
    assert _run(folder, "publish", COUNTY) == 0
    assert _release(deployment) != before


def test_an_earlier_release_that_knows_less_is_not_put_in_force_again(
    folder: Path, deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    _written(folder, f"{DISTRICT},河东区,county", f"{DISTRICT},河东区,county\n999903,河南区,county")
    assert _run(folder, "publish", COUNTY) == 0
    later = _release(deployment)
    with acting(deployment, machinery(COUNTY, "测试"), now()) as act:
        act.tx.update(Account, {"login": f"keeper-{COUNTY}"}, {"division": "999903"})
    assert _run(folder, "rollback", COUNTY, "--to", "1") == 1
    assert "区划表里没有 999903 了" in capsys.readouterr().err
    assert _release(deployment) == later


def test_where_nothing_was_ever_kept_nothing_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _written(folder, f"{DISTRICT},河东区,county\n", "")
    assert _run(folder, "check", COUNTY) == 0
    assert "DIVISION_IN_USE" not in capsys.readouterr().out
