"""The console says everything as a sentence with a code, whatever its locale, and never a traceback."""

import io
import os
import pwd
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from cli.fresh import COUNTY, laid_out, settings_in
from cli.test_serving import _until
from xunfang import mishaps
from xunfang.app import open_deployment
from xunfang.backup import leaving
from xunfang.cli import administration, main
from xunfang.store import FileKeys

SPOILT = {
    "key": "KEYS_UNUSABLE",
    "database": "DATABASE_DAMAGED",
    "settings": "SETTINGS_WRONG",
    "address": "DATABASE_ADDRESS",
    "queue": "QUEUE_ADDRESS",
    "newer": "SCHEMA_TOO_NEW",
    "folder": "DATABASE_UNREACHABLE",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = laid_out(tmp_path / "here")
    open_deployment(settings_in(folder)).database.close()
    return folder


def _spoil(folder: Path, what: str) -> None:
    var, config = folder / "var", folder / "config.toml"
    text = config.read_text("utf-8")
    if what == "key":
        (var / "keys" / "data.key").write_text("short")
    elif what == "database":
        (var / "xunfang.db").write_bytes((var / "xunfang.db").read_bytes()[:9000])
    elif what == "settings":
        config.write_text(text + "[nonsense]\n", "utf-8")
    elif what == "address":
        config.write_text(text + '[database]\nurl = "mysql://x/y"\n', "utf-8")
    elif what == "queue":
        config.write_text(text + '[queue]\nurl = "amqp://x"\n', "utf-8")
    elif what == "newer":
        _newer(var / "xunfang.db")
    else:
        (folder / "taken").write_text("a file where a folder should be")
        config.write_text(text + '[files]\npath = "new"\n[keys]\ndata = "file:new.key"\n', "utf-8")
        config.write_text(config.read_text("utf-8") + '[database]\nurl = "sqlite:///taken/x.db"\n', "utf-8")
        FileKeys(folder / "new.key").create()


def _newer(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO schema_version VALUES (99, 0)")
    raw.close()


@pytest.mark.parametrize("what", SPOILT)
def test_a_start_that_cannot_be_is_one_sentence_with_a_code(
    folder: Path, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    _spoil(folder, what)
    for command in (["serve", "--port", "1"], ["work"]):
        assert main(["--config", str(folder / "config.toml"), *command]) == 1
        told = capfd.readouterr().err
        assert f"[{SPOILT[what]}]" in told
        assert re.search("[\u4e00-\u9fff]", told)
        assert "Traceback" not in told


def test_what_nobody_foresaw_is_a_sentence_and_its_place_is_kept_privately(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbling(*_: object) -> None:
        raise KeyError(os.environ["WHO"])

    monkeypatch.setenv("WHO", "张三 370304195001010000")
    monkeypatch.setattr(administration, "read_store", stumbling)
    assert main(["--config", str(folder / "config.toml"), "verify"]) == 1
    told, log = capfd.readouterr().err, folder / "var" / "errors.log"
    assert told.count("\n") == 1
    assert "[UNEXPECTED]" in told
    assert str(log) in told
    kept = log.read_text("utf-8")
    assert "KeyError" in kept
    assert "stumbling" in kept
    assert "张三" not in kept
    assert "3703041950" not in kept
    assert log.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv(mishaps.DEVELOPING, "1")
    with pytest.raises(KeyError):
        main(["--config", str(folder / "config.toml"), "verify"])


# ----- a console that takes ASCII only


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHONUTF8"))}
    return kept | {"LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"}


COMMANDS = {
    "help": ["--help"], "verify": ["verify"], "check": ["check", COUNTY], "show": ["show", COUNTY],
    "forms": ["forms", COUNTY], "test": ["test", COUNTY], "coverage": ["coverage", COUNTY], "diff": ["diff", COUNTY],
    "clock": ["admin", "clock"], "unknown": ["show", COUNTY, "没有这条"], "broken": ["check", "没有"],
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_every_command_speaks_to_an_ascii_console(folder: Path, command: list[str]) -> None:
    given = [sys.executable, "-m", "xunfang", "--config", str(folder / "config.toml"), *command]
    ended = subprocess.run(given, env=_environment(), capture_output=True, timeout=120, check=False)
    assert b"Traceback" not in ended.stderr
    assert b"UNEXPECTED" not in ended.stderr
    assert re.search("[\u4e00-\u9fff]", (ended.stdout + ended.stderr).decode("utf-8"))


def test_root_is_told_whose_the_data_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After one backup by root the account of the service made none any more: the lock beside it was root's."""
    config, var = ["--config", str(folder / "config.toml")], folder / "var"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert main([*config, "keys"]) == 0
    whole = Path.stat
    theirs = SimpleNamespace(st_uid=65534, st_mode=var.stat().st_mode)
    monkeypatch.setattr(Path, "stat", lambda path, **how: theirs if path == var else whole(path, **how))
    assert "root" not in capsys.readouterr().err
    assert main([*config, "keys"]) == 0
    assert f"chown -R {pwd.getpwuid(65534).pw_name} {var}" in capsys.readouterr().err
    main([*config, "check", COUNTY])
    assert "root" not in capsys.readouterr().err
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    assert main([*config, "keys"]) == 0
    assert "root" not in capsys.readouterr().err


@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_is_asked_to_end_or_loses_the_terminal_clears_away_its_halves(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], blow: int
) -> None:
    """A county on its way out lies in var/leaving with the key of the journey beside it."""
    settings, left = settings_in(folder), tmp_path / "there"

    def struck(*_: object) -> None:
        with leaving._working(settings, "leaving") as work:
            (left if work.is_dir() else tmp_path / "none").touch()
            os.kill(os.getpid(), blow)
            time.sleep(5)

    phrase = tmp_path / "phrase"
    phrase.write_text("a long passphrase of a test")
    phrase.chmod(0o600)
    monkeypatch.setattr("xunfang.cli.leaving.read_store", lambda _: SimpleNamespace(database=io.StringIO()))
    monkeypatch.setattr("xunfang.cli.leaving.export_jurisdiction", struck)
    words = ["export-jurisdiction", COUNTY, str(tmp_path / "out"), "--passphrase-file", str(phrase)]
    assert main(["--config", str(folder / "config.toml"), *words]) == 128 + blow
    assert left.exists()
    assert not (settings.root / "var" / "leaving").exists()
    assert "没有做完" in capsys.readouterr().err
    assert signal.getsignal(blow) is signal.SIG_DFL


def test_the_service_starts_on_an_ascii_console(folder: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    given = [sys.executable, "-m", "xunfang", "--config", str(folder / "config.toml"), "serve", "--port", str(port)]
    out = folder / "out"
    with out.open("wb") as sink:
        process = subprocess.Popen(given, env=_environment(), stdout=sink, stderr=sink, start_new_session=True)
    try:
        _until(lambda: _answers(port), "the server never answered")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert "寻访已启动" in out.read_text("utf-8")
    assert "Traceback" not in out.read_text("utf-8")


def _answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        return bool(answer.status == 200)
    return False
