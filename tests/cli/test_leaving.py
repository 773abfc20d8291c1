"""`export-jurisdiction`, `import-jurisdiction`, `remove-jurisdiction`: a county goes to another installation."""

from pathlib import Path

import pytest

from cli.fresh import COUNTY, OTHER, filled, laid_out, settings_in
from xunfang import clock
from xunfang.app import open_deployment
from xunfang.cli import main
from xunfang.store import Account, connection, transaction


def test_a_county_goes_by_three_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, there = laid_out(tmp_path / "here", (COUNTY, OTHER)), laid_out(tmp_path / "there", (OTHER,))
    deployment = filled(here)
    with transaction(deployment.database, COUNTY) as tx:
        told = {"name": "张敏", "password_hash": "", "unit": "u", "roles": ("r",), "created_at": clock.now()}
        tx.insert(Account(id="a", login="zhang.min", jurisdiction=COUNTY, **told))
    deployment.database.close()
    filled(there).database.close()
    phrase = tmp_path / "phrase"
    phrase.write_text("a long passphrase of a test\n")
    phrase.chmod(0o600)
    goes = [str(tmp_path / "goes"), "--passphrase-file", str(phrase)]

    def run(folder: Path, *words: str) -> int:
        return main(["--config", str(folder / "config.toml"), *words, *goes])

    assert run(here, "export-jurisdiction", COUNTY) == 0
    out = capsys.readouterr().out
    assert "已逐行核对一致" in out
    assert "还在服务这个辖区" in out
    assert run(there, "import-jurisdiction") == 0
    out = capsys.readouterr().out
    assert f'serves 中加上 "{COUNTY}"' in out
    assert "没有改动" not in out
    config = there / "config.toml"
    config.write_text(config.read_text().replace("serves = [", f'serves = ["{COUNTY}", '))
    deployment = open_deployment(settings_in(there))
    assert {COUNTY, OTHER} == {*deployment.rulebooks.current}
    with connection(deployment.database) as reader:
        assert reader.first(Account, login="zhang.min", jurisdiction=COUNTY)
    deployment.database.close()
    assert main(["--config", str(config), "verify"]) == 0
    assert run(here, "remove-jurisdiction") == 1
    assert "还在服务" in capsys.readouterr().err
    config = here / "config.toml"
    config.write_text(config.read_text().replace(f'"{COUNTY}", ', ""))
    assert run(here, "remove-jurisdiction") == 0
    assert "留痕保留" in capsys.readouterr().out
    assert main(["--config", str(config), "verify"]) == 0
    assert COUNTY in capsys.readouterr().out
