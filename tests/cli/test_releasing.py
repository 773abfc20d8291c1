"""Rules are published, taken back and listed while the service runs: nobody is restarted, and no request fails."""

import os
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cli.fresh import COUNTY, OTHER, laid_out, settings_in
from cli.test_serving import SECONDS, Place, _alive, _until, free_port
from xunfang import clock
from xunfang.actions.accounts import NewAccount, add_account
from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.passwords import hashed
from xunfang.actions.publishing import publish
from xunfang.actions.signing_in import sign_in
from xunfang.app import create_app, create_worker, open_beside, open_deployment
from xunfang.cli import main
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.store import Account, Event, connection, current_release, release_line, release_lines

PASSWORD = "Zh0ng-hua-Road"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "here", (COUNTY, OTHER))


def _reworded(folder: Path, name: str, jurisdiction: str = COUNTY) -> str:
    """Change the brand in a county's files; returns the digest of what they are now."""
    path = folder / "workflows" / jurisdiction / "jurisdiction.toml"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("brand")]
    path.write_text("\n".join([f'brand = "{name}"', *lines]) + "\n", "utf-8")
    return compile_rulebook(read_files(folder), jurisdiction).digest


def _run(folder: Path, *words: str) -> int:
    return main(["--config", str(folder / "config.toml"), *words])


def _events(deployment: Deployment, name: str) -> list[Event]:
    with connection(deployment.database) as reader:
        return reader.select(Event, name=name)


def _keeper(deployment: Deployment, jurisdiction: str = COUNTY, role: str = "keeper") -> str:
    """Make an account in a jurisdiction and return the token of a session of it."""
    rulebook = deployment.rulebooks.of(jurisdiction)
    new = NewAccount(f"{role}-{jurisdiction}", "甲", PASSWORD, jurisdiction, next(iter(rulebook.units)), (role,))
    with acting(deployment, machinery(jurisdiction, "测试"), clock.now()) as act:
        add_account(act, new, hashed(new.password))
        act.tx.update(Account, {"login": new.login}, {"must_change": False})
    return sign_in(deployment, new.login, PASSWORD, clock.now())


@pytest.fixture
def place(folder: Path) -> Iterator[Place]:
    found = Place(folder, free_port())
    yield found
    for process in found.started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Reader(threading.Thread):
    """Somebody who reads the rules again and again, and keeps what came."""

    def __init__(self, place: Place, token: str) -> None:
        super().__init__(daemon=True)
        self.url, self.token = f"http://127.0.0.1:{place.port}/rules/", token
        self.seen: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            self.seen.append(self.look())

    def look(self) -> str:
        """Return by which rules a page was made, or what went wrong."""
        request = urllib.request.Request(self.url, headers={"Cookie": f"xunfang={self.token}"})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                text = answer.read().decode()
        except OSError as error:
            return f"failed: {error}"
        return text.partition('规则集编号 <span class="num">')[2][:12]


def test_requests_go_on_while_rules_are_published_and_every_one_after_goes_by_them(place: Place) -> None:
    deployment = open_deployment(settings_in(place.folder))
    old, token = deployment.rulebooks.of(COUNTY).digest, _keeper(deployment)
    deployment.database.close()
    place.serve()
    _until(lambda: _alive(place.port), "the server never answered")
    readers = [Reader(place, token) for _ in range(3)]
    for reader in readers:
        reader.start()
    _until(lambda: all(len(reader.seen) > 3 for reader in readers), "nobody was answered")
    new = _reworded(place.folder, "坑洼新报")
    told = subprocess.run(place.command("publish", COUNTY), capture_output=True, timeout=SECONDS, check=False)
    assert told.returncode == 0, told.stderr.decode()
    assert "第2版" in told.stdout.decode()
    after = [reader.look() for reader in readers]
    counts = [len(reader.seen) for reader in readers]
    _until(lambda: all(len(each.seen) > n + 3 for each, n in zip(readers, counts, strict=True)), "they were cut off")
    for reader in readers:
        reader.enough.set()
        reader.join(SECONDS)
    assert after == [new[:12]] * 3
    for reader in readers:
        turn = reader.seen.index(new[:12])
        assert {*reader.seen[:turn]} == {old[:12]}
        assert {*reader.seen[turn:]} == {new[:12]}


def test_the_worker_goes_by_what_was_published_from_its_next_sweep_on(folder: Path) -> None:
    deployment = open_deployment(settings_in(folder))
    worker = create_worker(open_beside(settings_in(folder)), settings_in(folder))
    books = worker._turns._handlers["remind"].deployment.rulebooks  # type: ignore[attr-defined]
    worker.sweep()
    new = _reworded(folder, "坑洼新报")
    assert _run(folder, "publish", COUNTY) == 0
    assert books.of(COUNTY).digest != new
    worker.sweep()
    assert books.of(COUNTY).digest == new
    compiled: list[int] = []
    deployment.rulebooks.on_compiled = lambda: compiled.append(1)
    assert deployment.rulebooks.renew()
    assert deployment.rulebooks.of(COUNTY).digest == new
    assert not deployment.rulebooks.renew()
    assert compiled == [1]
    worker.database.close()
    deployment.database.close()


def test_a_page_goes_by_one_release_from_beginning_to_end(folder: Path) -> None:
    deployment = open_deployment(settings_in(folder))
    books, old = deployment.rulebooks, deployment.rulebooks.of(COUNTY).digest
    new = _reworded(folder, "坑洼新报")
    with books.steady():
        assert _run(folder, "publish") == 0
        assert books.renew()
        assert books.of(COUNTY).digest == old
        assert books.release(new).digest == new
    assert books.of(COUNTY).digest == new
    assert books.release(old).calendar is books.of(COUNTY).calendar
    deployment.database.close()


def test_who_is_not_signed_in_sees_what_was_published_too(tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "alone")
    deployment = open_deployment(settings_in(folder))
    client = create_app(settings_in(folder), deployment).test_client()
    assert "路面坑洼随手报" in client.get("/login").get_data(as_text=True)
    _reworded(folder, "坑洼新报")
    assert _run(folder, "publish") == 0
    assert "坑洼新报" in client.get("/login").get_data(as_text=True)
    deployment.database.close()


def test_what_is_broken_is_not_published_and_nothing_else_with_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_deployment(settings_in(folder)).database.close()
    _reworded(folder, "坑洼新报")
    (folder / "workflows" / OTHER / "jurisdiction.toml").write_text("broken", "utf-8")
    assert _run(folder, "publish") == 1
    assert "jurisdiction.toml:1" in capsys.readouterr().err
    deployment = open_beside(settings_in(folder))
    assert len(_events(deployment, "release.published")) == 2
    assert _run(folder, "publish", COUNTY) == 0
    assert _run(folder, "publish", COUNTY) == 0
    assert "没有改动，仍为规则" in capsys.readouterr().out
    published = _events(deployment, "release.published")
    assert [event.jurisdiction for event in published[2:]] == [COUNTY]
    assert "控制台" in published[2].told["console"]
    assert _run(folder, "publish", "1234") == 1
    assert "LAYER_UNKNOWN" in capsys.readouterr().err
    deployment.database.close()


def test_a_reload_puts_in_force_what_is_sound_and_says_in_the_site_what_is_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment = open_deployment(settings_in(folder))
    app = create_app(settings_in(folder), deployment)
    pages = {}
    for name in (COUNTY, OTHER):
        client = app.test_client()
        client.set_cookie("xunfang", _keeper(deployment, name))
        pages[name] = client
    clerk = app.test_client()
    clerk.set_cookie("xunfang", _keeper(deployment, OTHER, "chief"))
    new = _reworded(folder, "坑洼新报")
    path = folder / "workflows" / OTHER / "jurisdiction.toml"
    sound = path.read_text("utf-8")
    path.write_text("# 第一行\nbroken\n", "utf-8")
    assert _run(folder, "reload") == 1
    told = capsys.readouterr()
    assert "[RULES_HELD] 8888-heshang" in told.err
    assert "9999-hebian：已发布规则" in told.out
    held = pages[OTHER].get("/accounts/").get_data(as_text=True)
    assert "workflows/8888-heshang/jurisdiction.toml:2" in held
    assert "没有启用" not in pages[COUNTY].get("/accounts/").get_data(as_text=True)
    assert "没有启用" not in clerk.get("/").get_data(as_text=True)
    assert new[:12] in pages[COUNTY].get("/rules/").get_data(as_text=True)
    path.write_text(sound, "utf-8")
    assert _run(folder, "reload") == 0
    assert "没有启用" not in pages[OTHER].get("/accounts/").get_data(as_text=True)
    deployment.database.close()


def test_a_process_that_is_started_again_puts_nothing_in_force(folder: Path) -> None:
    deployment = open_deployment(settings_in(folder))
    new = _reworded(folder, "还没有发布")
    beside = open_beside(settings_in(folder))
    assert beside.rulebooks.of(COUNTY).digest == deployment.rulebooks.of(COUNTY).digest != new
    with connection(beside.database) as reader:
        assert len(release_lines(reader, COUNTY)) == 1
    beside.database.close()
    deployment.database.close()


def test_before_the_first_start_a_process_beside_others_publishes_the_files(folder: Path) -> None:
    beside = open_beside(settings_in(folder))
    with connection(beside.database) as reader:
        assert [current_release(reader, name) is not None for name in (COUNTY, OTHER)] == [True, True]
    beside.database.close()


def test_an_earlier_release_comes_into_force_again_and_no_start_undoes_that(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment = open_deployment(settings_in(folder))
    old = deployment.rulebooks.of(COUNTY).digest
    new = _reworded(folder, "坑洼新报")
    assert _run(folder, "publish", COUNTY) == 0
    assert _run(folder, "rollback", COUNTY, "--to", "第1版") == 0
    assert "第2版退下，重新启用规则" in capsys.readouterr().out
    deployment.rulebooks.renew()
    assert deployment.rulebooks.of(COUNTY).digest == old
    (event,) = _events(deployment, "release.rolled_back")
    assert (event.told["digest"], event.told["was_digest"]) == (old, new)
    for _ in range(2):
        again = open_deployment(settings_in(folder))
        assert again.rulebooks.of(COUNTY).digest == old
        (problem,) = again.rulebooks.problems[COUNTY]
        assert problem.code == "RELEASE_SET_ASIDE"
        again.database.close()
    assert _run(folder, "publish", "9999") == 0
    with connection(deployment.database) as reader:
        line = release_line(reader, new)
        assert line is not None
        assert (line.current, line.set_aside_at, line.number) == (True, None, 2)
        assert [line.number for line in release_lines(reader, COUNTY)] == [2, 1]
    after = open_deployment(settings_in(folder))
    assert (after.rulebooks.of(COUNTY).digest, after.rulebooks.problems) == (new, {})
    after.database.close()
    deployment.database.close()


@pytest.mark.parametrize(
    ("to", "code"), [("1", "RELEASE_IN_FORCE"), ("9", "RELEASE_UNKNOWN"), ("zzzzzzz", "RELEASE_UNKNOWN")]
)
def test_a_rollback_to_nothing_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], to: str, code: str) -> None:
    open_deployment(settings_in(folder)).database.close()
    assert _run(folder, "rollback", COUNTY, "--to", to) == 1
    assert code in capsys.readouterr().err


def test_releases_are_listed_with_their_open_cases(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deployment = open_deployment(settings_in(folder))
    files = read_files(folder)
    publish(deployment, files, clock.now())
    _reworded(folder, "坑洼新报")
    assert _run(folder, "publish", COUNTY) == 0
    capsys.readouterr()
    assert _run(folder, "releases") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if not line.startswith(" ")] == [COUNTY, OTHER]
    first, second, other = (line for line in told if line.startswith(" "))
    assert [line.split()[0] for line in (first, second, other)] == ["第2版", "第1版", "第1版"]
    assert first.endswith("现行")
    assert "控制台" in first
    assert "启动服务时" in second
    assert "在办0件" in second
    deployment.database.close()


def test_what_its_scenarios_do_not_bear_out_is_published_only_with_a_reason_on_record(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment = open_deployment(settings_in(folder))
    scenario = folder / "workflows" / COUNTY / "scenarios" / "wrong.toml"
    scenario.parent.mkdir(exist_ok=True)
    scenario.write_text(
        'label = "不会如此"\n[[steps]]\nat = 2026-03-10T10:00:00\nexpect.may.nobody = ["submit"]\n', "utf-8"
    )
    digest = _reworded(folder, "新的品牌")
    assert _run(folder, "publish", COUNTY) == 1
    assert "不会如此：第1步“may”" in capsys.readouterr().err
    before = len(_events(deployment, "release.published"))
    assert _run(folder, "publish", COUNTY, "--despite-scenarios", "情景待改") == 0
    told = _events(deployment, "release.published")
    assert len(told) == before + 1
    assert {(event.told["digest"], event.told.get("despite")) for event in told} >= {(digest, "情景待改")}
