"""`xunfang database`: a deployment goes on in another database; its owner builds it, and others serve."""

import re
from pathlib import Path

import pytest

from cli.fresh import COUNTY, laid_out
from databases import kept_in, shared_server
from postgres import name_in
from xunfang.app import open_deployment
from xunfang.cli import main
from xunfang.cli.alone import among_workers
from xunfang.settings import read_settings

DEPLOY = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text("utf-8")
_SQL = re.compile(r"### 行级安全.*?```sql\n(.*?)```", re.DOTALL)


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


def test_a_worker_that_still_runs_keeps_it_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On SQLite nobody tells who has the file open: what the worker did after the move would be lost, or done twice."""
    folder = laid_out(tmp_path / "here", (COUNTY,))
    settings = read_settings(folder / "config.toml")
    open_deployment(settings).database.close()
    command = ["--config", str(settings.file), "database", "move", "--to", "sqlite:///var/other.db"]
    with among_workers(settings.database):
        with among_workers(settings.database):  # there may be many
            assert main(command) == 1
        assert "后台作业（xunfang work）在使用" in capsys.readouterr().err
    assert not (folder / "var" / "other.db").exists()
    assert main(command) == 0


def test_the_owner_builds_and_whoever_serves_stands_behind_walls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As docs/deploy.md tells a deployer to: roles, an empty database, what there was moved into it, built, served."""
    folder = laid_out(tmp_path / "here", (COUNTY,))
    config = folder / "config.toml"
    open_deployment(read_settings(config)).database.close()
    with kept_in("postgresql"):
        server = shared_server()
        for statement in _SQL.search(DEPLOY)[1].replace("PASSWORD '…'", "").split(";")[:-2]:
            server.run(statement)
        new = server.database()
        name = name_in(new)
        server.run(f"ALTER DATABASE {name} OWNER TO xunfang_owner")
        owner, app = server.url(name, "xunfang_owner"), server.url(name, "xunfang_app")
        before = config.read_text("utf-8")
        command = ["--config", str(config), "database"]
        assert main([*command, "build", "--owner", owner]) == 1
        assert "应为 postgresql://用户@主机/库名" in capsys.readouterr().err
        assert main([*command, "move", "--to", owner]) == 0
        config.write_text(f'{before}\n[database]\nurl = "{app}"\n', "utf-8")
        assert main([*command, "build", "--owner", owner]) == 0
        assert "行级安全已经设好，对用户 xunfang_app 起作用" in capsys.readouterr().out
        deployment = open_deployment(read_settings(config))
        assert COUNTY in deployment.rulebooks.current
        deployment.database.close()
        assert main(["--config", str(config), "verify"]) == 0
        config.write_text(f'{before}\n[database]\nurl = "{owner}"\n', "utf-8")
        assert main(["--config", str(config), "verify"]) == 1
        assert "行级安全对它不起作用" in capsys.readouterr().err
