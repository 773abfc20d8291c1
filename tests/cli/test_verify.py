"""`xunfang verify` finds one entry altered, dropped or moved, and, with a head noted elsewhere, an end cut off."""

import sqlite3
from pathlib import Path

import pytest

from xunfang import clock
from xunfang.app import open_deployment
from xunfang.cli import main
from xunfang.cli.administration import _place
from xunfang.settings import read_settings
from xunfang.store import ChainHead, NewEvent, append_event, chain_head, connection, open_database, transaction
from xunfang.store.sealing import Keys, key_provider

ROOT = Path(__file__).parents[2]


@pytest.fixture
def deployment(tmp_path: Path) -> Path:
    """A deployment of the road menders with ten events in its record."""
    county = ROOT / "tests" / "fixtures" / "potholes"
    for folder in ("forms", "workflows", "templates"):
        (tmp_path / folder).symlink_to(county / folder)
    (tmp_path / "config.toml").write_text('serves = ["9999-hebian"]\n', "utf-8")
    settings = read_settings(tmp_path / "config.toml")
    for each in (settings, settings.for_demo()):
        open_deployment(each).database.close()
    database = open_database(f"sqlite:///{tmp_path / 'var' / 'xunfang.db'}")
    database.keys = keys = Keys(key_provider(f"file:{tmp_path / 'var' / 'keys' / 'data.key'}"))
    with transaction(database, "") as tx:
        for n in range(10):
            append_event(
                tx, keys.chain, NewEvent(at=clock.now(), jurisdiction="9999-hebian", name="task.claimed", data={"n": n})
            )
    database.close()
    return tmp_path


def head_of(deployment: Path) -> ChainHead:
    database = open_database(f"sqlite:///{deployment / 'var' / 'xunfang.db'}")
    with connection(database):
        head = chain_head(database, "9999-hebian")
    database.close()
    return head


def verify(deployment: Path, *more: str) -> int:
    return main(["--config", str(deployment / "config.toml"), "verify", *more])


def tamper(deployment: Path, *statements: str) -> None:
    raw = sqlite3.connect(deployment / "var" / "xunfang.db")
    for statement in ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete", *statements):
        raw.execute(statement)
    raw.commit()
    raw.close()


def test_a_whole_record_tells_the_head_to_write_down(deployment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(deployment) == 0
    assert f"最新一条：{head_of(deployment)}\n留痕链完整" in capsys.readouterr().out
    assert verify(deployment, "--head", str(head_of(deployment))) == 0


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        (["UPDATE event SET actor_name = '别人' WHERE n = 6"], 6),
        (["DELETE FROM event WHERE n = 6"], 6),
        (
            [
                "UPDATE event SET n = -6 WHERE n = 6",
                "UPDATE event SET n = 6 WHERE n = 7",
                "UPDATE event SET n = 7 WHERE n = -6",
            ],
            6,
        ),
    ],
    ids=["altered", "dropped", "reordered"],
)
def test_one_entry_changed_is_found(
    deployment: Path, statements: list[str], broken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(deployment, *statements)
    assert verify(deployment) == 1
    assert f"从第 {broken} 条起不符" in capsys.readouterr().err


def test_an_end_cut_off_is_found_by_the_head_noted_before(deployment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noted = head_of(deployment)
    tamper(deployment, "DELETE FROM event WHERE n > 8")
    assert verify(deployment) == 0
    assert verify(deployment, "--head", str(noted)) == 1
    told = capsys.readouterr()
    assert f"只有 8 条，抄录的第 {noted.n} 条不在其中" in told.err
    assert "不符" not in told.err
    assert str(deployment / "var" / "xunfang.db") in told.out


def test_the_demonstrations_record_is_another(deployment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noted = head_of(deployment)
    assert verify(deployment, "--demo", "--head", str(noted)) == 1
    told = capsys.readouterr()
    assert str(deployment / "var" / "demo" / "xunfang.db") in told.out
    assert "不是抄录时的那个数据库" in told.err


def test_the_password_in_a_databases_address_is_not_shown() -> None:
    assert _place("postgresql://xunfang:secret@localhost/xunfang") == "postgresql://localhost/xunfang"


@pytest.mark.parametrize("head", ["", "12", "12:abc", "x:0a1b2c3d4e5f", "12:ZZ1b2c3d4e5f", "9999-hebian:0a1b2c3d4e5f"])
def test_a_head_that_cannot_be_one_is_told_in_a_sentence(
    deployment: Path, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(deployment, "--head", head) == (1 if head else 0)
    assert ("编号:校验码" in capsys.readouterr().err) == bool(head)
