"""`xunfang database move`: a deployment goes on in another database."""

from pathlib import Path

import pytest

from cli.fresh import COUNTY, laid_out
from databases import kept_in, shared_server
from xunfang.app import open_deployment
from xunfang.cli import main
from xunfang.settings import read_settings


def test_a_deployment_goes_on_in_another_database_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = laid_out(tmp_path / "here", (COUNTY,))
    config = folder / "config.toml"
    open_deployment(read_settings(config)).database.close()
    with kept_in("postgresql"):
        url = shared_server().database()
        command = ["--config", str(config), "database", "move"]
        assert main([*command, "--to", url]) == 0
        assert "逐行核对一致，留痕链完整" in capsys.readouterr().out
        assert main([*command, "--to", url]) == 1
        assert "不是空的，没有搬迁" in capsys.readouterr().err
        config.write_text(config.read_text("utf-8") + f'\n[database]\nurl = "{url}"\n', "utf-8")
        deployment = open_deployment(read_settings(config))
        assert COUNTY in deployment.rulebooks.current
        deployment.database.close()
        assert main(["--config", str(config), "verify"]) == 0
        assert main([*command, "--to", "sqlite:///var/back.db"]) == 0
        assert (folder / "var" / "back.db").exists()


def test_there_must_be_something_to_move(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = laid_out(tmp_path / "here", (COUNTY,))
    command = ["--config", str(folder / "config.toml"), "database", "move", "--to", "sqlite:///var/other.db"]
    assert main(command) == 1
    assert "不存在或是空的，没有搬迁" in capsys.readouterr().err
