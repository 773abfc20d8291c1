"""Every ailment is found once it is there, on both kinds of database, and nothing is found where all is well."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import xunfang
from cli.fresh import COUNTY
from databases import KINDS, kept_in
from doctor.ward import NOW, Ward, healthy
from xunfang.actions.rekeying import rotate
from xunfang.ailments import Ailment, parted
from xunfang.clock import uptime
from xunfang.doctor import OF_THE_DEPLOYMENT, examine
from xunfang.doctor.machine import GB, is_short
from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.model import Staffing
from xunfang.store import Account, Held, Job, add_job, key_provider, parked_jobs, transaction
from xunfang.store.dialects.server import unsupported
from xunfang.store.jobs import claim_job, park_job
from xunfang.store.life import BACKUP, CLOCK, DATABASE, note_seen


@pytest.fixture(params=KINDS)
def ward(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ward]:
    with kept_in(request.param):
        found = healthy(tmp_path / "here")
        yield found
        found.deployment.database.close()


def _nothing(_ward: Ward) -> None:
    pass


def _clock_leapt(ward: Ward) -> None:
    with transaction(ward.deployment.database, "") as tx:
        note_seen(tx, CLOCK, NOW + timedelta(hours=2))
    ward.deployment = replace(ward.deployment, uptime=uptime)


def _no_fonts(ward: Ward) -> None:
    (ward.folder / "var" / "fonts").unlink()


def _key_open(ward: Ward) -> None:
    (ward.folder / "var" / "keys" / "data.key").chmod(0o644)


def _held(ward: Ward) -> None:
    problem = {"file": "a.toml", "line": 1, "key": "", "code": "X", "message": "坏了", "hint": "", "severity": "error"}
    with transaction(ward.deployment.database, "") as tx:
        tx.insert(Held(jurisdiction=COUNTY, at=NOW, digest="d", problems=[problem]))


def _not_served(ward: Ward) -> None:
    ward.settings = replace(ward.settings, serves=(COUNTY, "8888-heshang"))


def _counts_by_a_calendar(ward: Ward) -> None:
    ward.go_by(info=replace(ward.rulebook.info, serves=True))


def _wants_two(ward: Ward) -> None:
    role = ward.rulebook.roles["crew-member"]
    wanting = replace(role, staffed=(Staffing("crew", 2, NO_BASIS),))
    ward.go_by(roles={**ward.rulebook.roles, role.id: wanting})


def _without_administrator(ward: Ward) -> None:
    with transaction(ward.deployment.database, "") as tx:
        tx.update(Account, {"id": "administrator"}, {"state": "disabled"})


def _nobody_but_work(ward: Ward) -> None:
    ward.task("road-office", 3)
    ward.leave("road-office")


def _job(ward: Ward) -> Job:
    with transaction(ward.deployment.database, "") as tx:
        add_job(tx, "paper", "k", {}, NOW, jurisdiction=COUNTY)
    job = claim_job(ward.deployment.database, NOW, timedelta(minutes=5), "me")
    assert job is not None
    return job


def _parked(ward: Ward) -> None:
    job = _job(ward)
    with transaction(ward.deployment.database, "") as tx:
        park_job(tx, job, "不行", NOW)
        assert parked_jobs(tx)


def _waits(ward: Ward) -> None:
    with transaction(ward.deployment.database, "") as tx:
        add_job(tx, "paper", "k", {}, NOW, jurisdiction=COUNTY)


def _two_keys(ward: Ward) -> None:
    rotate(ward.deployment, key_provider(ward.settings.keys), NOW)


BLOWS: tuple[tuple[str, Callable[[Ward], None], dict[str, float]], ...] = (
    ("CLOCK_DOUBTFUL", _clock_leapt, {}),
    ("WORKER_SILENT", lambda ward: ward.forget("worker"), {}),
    ("WORKER_SILENT", _nothing, {"minutes": 4}),
    ("WORKER_UNWELL", lambda ward: ward.tell("worker", "门铃文件已重建。不必处理。"), {}),
    ("RECONCILER_SILENT", _nothing, {"hours": 27}),
    ("RECONCILER_UNWELL", lambda ward: ward.tell("reconciler", "没有核对完。"), {}),
    ("DATABASE_DAMAGED", lambda ward: ward.tell(DATABASE, "数据库文件有损坏（job）。请停止服务。"), {}),
    ("BACKUP_NONE", lambda ward: ward.forget(BACKUP), {}),
    ("BACKUP_OLD", _nothing, {"hours": 37}),
    ("BACKUP_FAILED", lambda ward: ward.tell(BACKUP, "磁盘已满。请清理。"), {}),
    ("WORKER_SILENT", _nothing, {"days": -60}),
    ("RECONCILER_SILENT", _nothing, {"days": -60}),
    ("BACKUP_OLD", _nothing, {"days": -60}),  # all that was noted was noted by a clock that ran fast
    ("KEYS_BEING_EXCHANGED", _two_keys, {}),
    ("FONT_MISSING", _no_fonts, {}),
    ("FILE_READABLE", _key_open, {}),
    ("RULES_HELD", _held, {}),
    ("RULES_UNUSABLE", _not_served, {}),
    ("YEAR_WITHOUT_CALENDAR", _counts_by_a_calendar, {"days": 150}),
    ("UNIT_WITHOUT_PEOPLE", _nobody_but_work, {}),
    ("UNIT_NOT_STAFFED_YET", lambda ward: ward.leave("road-office"), {}),
    ("NOBODY_ADMINISTERS", _without_administrator, {}),
    ("STAFF_LACKING", _wants_two, {}),
    ("JOBS_PARKED", _parked, {}),
    ("JOBS_LATE", _waits, {"minutes": 4}),
    ("TASKS_LONG_OVERDUE", lambda ward: ward.task("road-office", -31), {}),
)
ELSEWHERE = {"DISK_SHORT", "DISK_READ_ONLY", "SYSTEM_REFUSED", "UNEXPECTED", "DATABASE_LOG_LARGE"} | {
    "DATABASE_OUTDATED", "DATABASE_CONNECTIONS_FEW", "DATABASE_SLOW"
}  # fmt: skip
"""What is tried by tests of its own, here and in tests/store/test_server.py."""


def test_nothing_is_said_of_what_is_well(ward: Ward) -> None:
    assert ward.ailments() == []


@pytest.mark.parametrize(("code", "blow", "later"), BLOWS, ids=[f"{n}-{row[0]}" for n, row in enumerate(BLOWS)])
def test_it_is_found(ward: Ward, code: str, blow: Callable[[Ward], None], later: dict[str, float]) -> None:
    before = ward.codes()
    blow(ward)
    found = [each for each in ward.ailments(**later) if each.code == code]
    assert code not in before
    assert found
    for each in found:
        assert each.message.endswith("。")
        assert each.advice or code == "RECONCILER_UNWELL"  # whose words were one sentence


def test_every_code_has_a_blow() -> None:
    folder = Path(xunfang.__file__).parent
    sources = [*(folder / "doctor").glob("*.py"), *(folder / "store" / "dialects").glob("*.py")]
    told = {code for path in sources for code in re.findall(r'(?:Ailment|parted)\(\s*"([A-Z_]+)"', path.read_text())}
    assert len(told) > 15
    assert told <= {code for code, _, _ in BLOWS} | ELSEWHERE


def test_notices_come_last_and_are_marked(ward: Ward) -> None:
    ward.leave("road-office")
    ward.forget(BACKUP)
    assert [each.notice for each in ward.ailments()] == [False, True]
    assert "提示" in str(ward.ailments()[1])


def test_whoever_asks_for_one_jurisdiction_hears_of_no_other(ward: Ward) -> None:
    _parked(ward)
    ward.task("power-company", -31)
    ward.leave("road-office")
    _held(ward)
    own = {"JOBS_PARKED", "TASKS_LONG_OVERDUE", "UNIT_NOT_STAFFED_YET", "RULES_HELD"}
    assert own <= {each.code for each in ward.ailments() if each.jurisdiction == COUNTY}
    others = examine(ward.settings, ward.deployment, NOW, ("8888-other",))
    assert {(each.code, each.jurisdiction) for each in others if each.jurisdiction} == {
        ("RULES_UNUSABLE", "8888-other")
    }


def test_a_check_that_fails_keeps_no_other_from_being_made(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_patient: object) -> Iterator[Ailment]:
        raise ValueError("370304195803142241")
        yield

    ward.forget(BACKUP)
    monkeypatch.setattr("xunfang.doctor.OF_THE_DEPLOYMENT", (fails, *OF_THE_DEPLOYMENT))
    assert ward.codes() == {"UNEXPECTED", "BACKUP_NONE"}
    assert "370304195803142241" not in "".join(map(str, ward.ailments()))


@pytest.mark.parametrize(
    ("free", "total", "short"),
    [
        (1.9, 10, True), (2, 10, False), (3, 40, True), (4, 40, False),
        (19, 4000, True), (20, 4000, False), (0, 1, True),
    ],
)  # fmt: skip
def test_a_disk_is_short(free: float, total: float, short: bool) -> None:
    assert is_short(round(free * GB), round(total * GB)) is short


def test_a_disk_that_can_only_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails is put so by the system; nothing is saved any more, and there is room enough."""
    ward = healthy(tmp_path / "here")
    stand = os.statvfs(tmp_path)
    told = SimpleNamespace(**{name: getattr(stand, name) for name in dir(stand) if name.startswith("f_")})
    told.f_flag |= os.ST_RDONLY
    monkeypatch.setattr("xunfang.doctor.machine.os.statvfs", lambda _: told)
    assert ward.codes() == {"DISK_READ_ONLY"}
    ward.deployment.database.close()


def test_settings_with_a_password_are_for_their_owner_only(ward: Ward) -> None:
    file = ward.settings.file
    file.chmod(0o644)
    assert "FILE_READABLE" not in ward.codes()
    ward.settings = replace(ward.settings, queue="postgresql://xunfang:secret@host/bell")
    (found,) = [each for each in ward.ailments() if each.code == "FILE_READABLE"]
    assert str(file) in found.message
    assert "secret" not in str(found)
    file.chmod(0o600)
    assert "FILE_READABLE" not in ward.codes()


def test_a_database_that_others_may_read_is_told(tmp_path: Path) -> None:
    ward = healthy(tmp_path / "here")
    database = ward.folder / "var" / "xunfang.db"
    database.chmod(0o640)
    (found,) = ward.ailments()
    assert found.code == "FILE_READABLE"
    assert f"chmod 600 {database}" in found.advice
    ward.deployment.database.close()


@pytest.mark.parametrize(
    ("version", "on", "told"),
    [(14, date(2026, 11, 30), False), (14, date(2026, 12, 1), True), (15, date(2026, 12, 1), False)],
)
def test_a_version_without_support_is_told(version: int, on: date, told: bool) -> None:
    assert bool([*unsupported(version, on)]) is told


def test_a_text_is_parted_after_its_first_sentence() -> None:
    assert parted("A", "坏了。请修。再试。") == Ailment("A", "坏了。", "请修。再试。")
    assert parted("A", "坏了") == Ailment("A", "坏了", "")
