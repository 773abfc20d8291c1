"""`xunfang backup` and `xunfang restore`, as the person at the console meets them."""

import shutil
from pathlib import Path

import pytest

from backup.conftest import cheap  # noqa: F401  (a fixture: scrypt that costs little)
from cli.fresh import COUNTY, filled, laid_out, settings_in
from xunfang.app import open_deployment
from xunfang.backup.shelf import named_in
from xunfang.cli import main
from xunfang.cli.backups import lies_with
from xunfang.settings import read_settings


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = laid_out(tmp_path / "here")
    filled(folder).database.close()
    return folder


def run(here: Path, *words: object) -> int:
    return main(["--config", str(here / "config.toml"), *map(str, words)])


def the_key(here: Path) -> Path:
    return here / "var" / "keys" / "data.key"


def test_from_a_backup_to_a_deployment_that_serves(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf, again = tmp_path / "shelf", tmp_path / "again"
    assert run(here, "backup", shelf) == 0
    told = capsys.readouterr().out
    assert "文件的校验值相符，数据库完整，留痕链完整" in told
    assert "密钥不在备份里" in told
    assert "备份与数据在同一块盘上" in told
    assert not lies_with(Path("/proc"), settings_in(here))
    (backup,) = named_in(shelf)
    assert run(here, "restore", backup, "--into", again, "--keys", the_key(here)) == 0
    told = capsys.readouterr().out
    assert "已用密钥核验：留痕链完整" in told
    assert f"把密钥放到 {again / 'var' / 'keys' / 'data.key'}" in told
    assert main(["--config", str(again / "config.toml"), "verify"]) == 1
    assert "KEY_MISSING" in capsys.readouterr().err
    shutil.copytree(the_key(here).parent, again / "var" / "keys")
    assert main(["--config", str(again / "config.toml"), "verify"]) == 0
    deployment = open_deployment(read_settings(again / "config.toml"))
    assert COUNTY in deployment.rulebooks.current
    deployment.database.close()


def test_without_keys_it_says_what_nobody_looked_at(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(here, "backup", tmp_path / "shelf") == 0
    assert run(here, "restore", named_in(tmp_path / "shelf")[0], "--into", tmp_path / "again") == 0
    assert "没有给出密钥，以下没有核验：留痕链是否完整" in capsys.readouterr().out


def test_a_passphrase_is_asked_for_and_a_wrong_one_is_a_sentence(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    for file in (right, wrong):
        file.write_text(f"a passphrase that is {file.name}\n")
        file.chmod(0o600)
    assert run(here, "backup", tmp_path / "shelf", "--passphrase-file", right) == 0
    assert "备份已用口令加密" in capsys.readouterr().out
    (backup,) = named_in(tmp_path / "shelf")
    into = ("restore", backup, "--into", tmp_path / "again", "--keys", the_key(here))
    assert run(here, *into) == 1
    assert "[PASSPHRASE_WRONG]" in capsys.readouterr().err
    assert run(here, *into, "--passphrase-file", wrong) == 1
    assert "[PASSPHRASE_WRONG] 口令不对" in capsys.readouterr().err
    assert run(here, *into, "--passphrase-file", right) == 0
    right.chmod(0o644)
    assert run(here, "backup", tmp_path / "shelf", "--passphrase-file", right) == 1
    assert "chmod 600" in capsys.readouterr().err


def test_a_lost_file_ends_with_a_status_that_a_timer_notices(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from actions.town import START
    from xunfang.store import Attachment, new_id, transaction

    deployment = open_deployment(settings_in(here))
    sha256 = deployment.files.put(b"a photo")
    with transaction(deployment.database, COUNTY) as tx:
        row = Attachment(
            id=new_id(), jurisdiction=COUNTY, by="a", name="x", media_type="image/jpeg", sha256=sha256, size=7, at=START
        )
        tx.insert(row)
    deployment.files.drop(sha256)
    deployment.database.close()
    assert run(here, "backup", tmp_path / "shelf", "--keep", 1) == 1
    told = capsys.readouterr().out
    assert "缺了或坏了 1 个文件" in told
    assert "这一份不算完好的备份" in told


def test_what_cannot_be_is_refused_in_words(here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(here, "backup", tmp_path / "shelf", "--keep", 0) == 1
    assert "[BACKUP_REFUSED] --keep 至少为 1" in capsys.readouterr().err
    assert run(here, "backup", tmp_path / "shelf", "--demo") == 1
    assert "[DATABASE_MISSING]" in capsys.readouterr().err
    assert run(here, "restore", tmp_path, "--into", tmp_path / "again") == 1
    assert "[BACKUP_BROKEN]" in capsys.readouterr().err
    open_deployment(settings_in(here).for_demo()).database.close()
    assert run(here, "backup", tmp_path / "shelf", "--demo") == 0
    assert "Traceback" not in "".join(capsys.readouterr())
