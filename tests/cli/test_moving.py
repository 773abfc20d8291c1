"""Open cases get another release, and drafts are tried on past reports, from the console of the server."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.fresh import COUNTY, laid_out, settings_in
from xunfang import clock
from xunfang.actions import moving, replaying
from xunfang.actions.deployment import Actor
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import complete
from xunfang.actions.submitting import submit
from xunfang.app import open_deployment
from xunfang.casework import Decided
from xunfang.checking import rule_files
from xunfang.cli import main
from xunfang.desk import Readings
from xunfang.prove.replayed import Replayed
from xunfang.rulebook.compile import compile_rulebook
from xunfang.store import Account, Case, Dispatch, Event, Job, Task, connection, new_id, transaction, verify_chain

CALLER, PHONE = "过路司机老王", "13800000001"
PEOPLE = {"watchman": ("crew:999901", "999901"), "chief": ("road-office", "9999"), "mender": ("crew:999901", "999901")}


class Office:
    """The roads office in a folder, on the clock of the machine, as commands find it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.deployment = open_deployment(settings_in(folder))
        with transaction(self.deployment.database, "") as tx:
            for login, (unit, division) in PEOPLE.items():
                tx.insert(
                    Account(
                        id=login, login=login, name=login, password_hash="", jurisdiction=COUNTY, unit=unit,
                        roles=("crew-member" if login == "mender" else login,), created_at=clock.now(),
                        division=division,
                    )
                )  # fmt: skip

    def actor(self, login: str) -> Actor:
        with connection(self.deployment.database) as reader:
            account = reader.find(Account, login)
        assert account is not None
        return self.deployment.actor(account)

    def rows(self, row: type[Any], **where: Any) -> list[Any]:
        with connection(self.deployment.database) as reader:
            return reader.select(row, **where)

    def report(self, **changes: Any) -> str:
        """Report a pothole and send somebody out; returns the key of its case."""
        answers = {
            "seen_at": clock.now().isoformat(), "caller": CALLER, "caller_phone": PHONE, "place": "999901001",
            "spot": f"桥头路口 {new_id()}", "damage": "pothole", "depth_cm": 4, "danger": "none", **changes,
        }  # fmt: skip
        at = clock.now()
        return submit(self.deployment, self.actor("watchman"), "pothole-report", answers, new_id(), at).case

    def dispatched(self, **changes: Any) -> str:
        case = self.report(**changes)
        (waiting,) = self.rows(Dispatch, case=case, status="proposed")
        decided = [Decided(row["lead"], tuple(row["assist"])) for row in waiting.proposed]
        confirm_dispatch(self.deployment, self.actor("chief"), case, waiting.version, decided, clock.now())
        return case

    def lead(self, case: str) -> Task:
        (found,) = self.rows(Task, case=case, role="lead", ended_at=None)
        return found

    def standing(self) -> dict[str, tuple[Any, ...]]:
        """Return where every case stands."""
        found = {}
        for case in self.rows(Case):
            leads = self.rows(Task, case=case.id, role="lead", ended_at=None)
            found[case.number] = (case.release, case.state, *((task.unit, task.due_at) for task in leads))
        return found

    def run(self, *words: str) -> int:
        return main(["--config", str(self.folder / "config.toml"), *words])

    def change(self, before: str, after: str, folder: Path | None = None) -> None:
        """Put one piece of the county's files in the place of another."""
        for path in ((folder or self.folder) / "workflows" / COUNTY).rglob("*.toml"):
            path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")

    def publish(self) -> None:
        assert self.run("publish", COUNTY, "--despite-scenarios", "试行") == 0
        self.deployment.rulebooks.renew()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(laid_out(tmp_path / "here"))
    yield office
    assert verify_chain(office.deployment.database, office.deployment.keys.chain) is None
    office.deployment.database.close()


def _moved(office: Office, *words: str) -> int:
    return office.run("move-cases", COUNTY, "--from", "1", "--to", "2", *words)


def test_open_cases_move_in_pieces_after_a_look_and_back_again(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "PIECE", 2)
    deep = office.dispatched(depth_cm=12)
    shallow = [office.dispatched() for _ in range(3)]
    waiting = office.report()
    before = office.standing()
    office.change('limit = "3 workdays"', 'limit = "5 workdays"')
    office.change('lead = "road-office"', 'lead = "crew"')
    office.change('assist = ["crew"]', "")
    office.change('prints = ["work-order"]', 'prints = ["work-order", "overdue-slip"]')
    office.publish()
    new = office.report()
    capsys.readouterr()
    assert _moved(office, "--dry-run") == 0
    told = capsys.readouterr().out
    assert {**office.standing(), "": ()} == {
        **before,
        **{c.number: office.standing()[c.number] for c in office.rows(Case, id=new)},
        "": (),
    }
    assert "可以改用 5 件" in told
    assert "不能改用 0 件" in told
    (line,) = [line for line in told.splitlines() if line.startswith("路报") and "市公路管理站 → " in line]
    assert "河东区" in line
    assert "派工单 → 派工单、" in line
    assert _moved(office) == 0
    assert "已改用 5 件" in capsys.readouterr().out
    to = office.deployment.rulebooks.of(COUNTY).digest
    assert {case.release for case in office.rows(Case)} == {to}
    assert office.lead(deep).unit == "crew:999901"
    for case in (deep, *shallow):
        assert (office.lead(case).due or {})["limit"] == "5个工作日"
    changed = office.rows(Event, name="case.rules_changed")
    assert {event.case for event in changed} == {deep, *shallow, waiting}
    assert {event.told["edition"][-3:] for event in changed} == {"第2版"}
    due = {office.lead(case).id: office.lead(case).due_at for case in shallow}
    for task, moment in due.items():
        jobs = [job for job in office.rows(Job, task=task, status="ready") if "due" in job.payload]
        assert {job.payload["due"] for job in jobs} == {clock.local(moment).isoformat()}
    assert _moved(office, "--undo") == 0
    assert "已改回 5 件" in capsys.readouterr().out
    after = office.standing()
    assert {number: after[number] for number in before} == before
    assert office.rows(Case, id=new)[0].release == to


def test_what_cannot_move_is_listed_and_stays(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    stays, moves = office.dispatched(), office.dispatched()
    task = office.lead(moves)
    done = {"mended": True, "asphalt_kg": 40}
    at = clock.now()
    complete(office.deployment, office.actor("mender"), task.id, task.version, "mended", done, new_id(), at)
    office.change("mending", "fixing")
    office.publish()
    capsys.readouterr()
    assert _moved(office) == 0
    told = capsys.readouterr().out
    (case,) = office.rows(Case, id=stays)
    assert f"{case.number}  不能改用，仍按原版本办理：新版本没有环节“修复”" in told
    assert "已改用 1 件" in told
    old, new = (office.rows(Case, id=each)[0].release for each in (stays, moves))
    assert new == office.deployment.rulebooks.of(COUNTY).digest != old
    chief = office.actor("chief")
    file = Readings(office.deployment).case(chief, moves, clock.now())
    assert file.edition.endswith("第2版")
    assert "改用规则版本" in [event.what for event in file.events]


def test_nothing_is_moved_between_a_release_and_itself(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run("move-cases", COUNTY, "--from", "1", "--to", "1") == 1
    assert "RELEASE_SAME" in capsys.readouterr().err


def test_a_draft_is_tried_on_past_reports_without_a_name(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(replaying, "PIECE", 2)
    deep = office.report(depth_cm=12)
    office.report(damage="lamp", depth_cm=None)
    office.report()
    draft = tmp_path / "draft"
    for kind in ("forms", "workflows", "templates"):
        shutil.copytree(office.folder / kind, draft / kind)
    office.change('lead = "road-office"', 'lead = "crew"', draft)
    office.change('assist = ["crew"]', "", draft)
    before, today = office.standing(), f"{clock.local(clock.now()):%Y-%m-%d}"
    capsys.readouterr()
    assert office.run("replay", COUNTY, "--draft", str(draft), "--since", today) == 0
    told = capsys.readouterr().out
    assert "填报 3 件，按草案有变化的 1 件" in told
    assert "承办单位有变化：1 件" in told
    assert "期限有变化：0 件" in told
    (case,) = office.rows(Case, id=deep)
    assert case.number in told
    assert "市公路管理站（河东区养护班协办） → 河东区养护班" in told
    assert CALLER not in told
    assert PHONE not in told
    assert office.standing() == before
    (event,) = office.rows(Event, name="rules.replayed")
    assert event.told["count"] == 3
    compiled, since = compile_rulebook(rule_files(draft), COUNTY), clock.parse(f"{today}T00:00:00")
    whole, end = replaying.replay_on(office.deployment, compiled, since, "", 600.0)
    pieces, after = list[Replayed](), "-"
    while after:
        piece, after = replaying.replay_on(office.deployment, compiled, since, after.strip("-"), -1.0)
        assert len(piece) <= 1
        pieces += piece
    assert (len(whole), end, pieces) == (3, "", whole)
    assert [each.number for each in whole if each.changes] == [case.number]
    assert office.run("replay", COUNTY, "--draft", str(office.folder), "--since", today) == 0
    assert "按草案有变化的 0 件" in capsys.readouterr().out
    assert office.run("replay", COUNTY, "--draft", str(tmp_path), "--since", today) == 1
    assert "DRAFT_MISSING" in capsys.readouterr().err
