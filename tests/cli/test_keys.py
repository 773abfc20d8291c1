"""`xunfang keys`: what lies under which key, exchanging it, taking the old one away."""

from pathlib import Path

import pytest

from cli.fresh import COUNTY, laid_out, settings_in
from xunfang import clock
from xunfang.app import create_worker, open_beside, open_deployment
from xunfang.cli import main
from xunfang.store import Message, transaction


def test_a_key_is_exchanged_by_three_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = laid_out(tmp_path / "here", (COUNTY,))
    settings = settings_in(folder)
    deployment = open_deployment(settings)
    with transaction(deployment.database, COUNTY) as tx:
        told = {"unit": "u", "kind": "k", "title": "t", "body": "b", "at": clock.now()}
        tx.insert(Message(id="m", key="m", jurisdiction=COUNTY, **told))
    deployment.database.close()
    command = ["--config", str(folder / "config.toml"), "keys"]

    assert main(command) == 0
    assert "旧密钥" not in capsys.readouterr().out
    assert main([*command, "retire"]) == 1
    assert "没有可撤下的" in capsys.readouterr().err

    assert main([*command, "rotate"]) == 0
    assert "不用重启" in capsys.readouterr().out
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "message.title 1 处" in out
    assert "由后台作业继续" in out
    assert main([*command, "retire"]) == 1
    assert "没有撤下" in capsys.readouterr().err

    beside = open_beside(settings)
    worker = create_worker(beside, settings)
    while worker.run_next():
        pass
    beside.database.close()
    assert main(command) == 0
    assert "可以运行 xunfang keys retire 撤下" in capsys.readouterr().out
    assert main([*command, "retire"]) == 0
    out = capsys.readouterr().out
    assert "换密钥以前的备份只有它能读" in out
    (aside,) = (folder / "var" / "keys").glob("data.key.withdrawn-*")
    assert str(aside) in out
    assert main(["--config", str(folder / "config.toml"), "verify"]) == 0

    lines = (folder / "var" / "keys" / "data.key").read_text()
    (folder / "var" / "keys" / "data.key").write_text(aside.read_text())
    assert main(command) == 1
    assert "KEY_WITHDRAWN" in capsys.readouterr().err
    (folder / "var" / "keys" / "data.key").write_text(lines)
    assert main(command) == 0
