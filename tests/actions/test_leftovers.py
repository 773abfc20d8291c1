"""Photos that nobody sent go in time; a file that is gone is told, and never recorded as opened."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from actions.town import MEDICAL, Town
from xunfang.actions import leftovers
from xunfang.actions.keeping import open_photo
from xunfang.actions.leftovers import drop_unsent
from xunfang.actions.papers import open_notice
from xunfang.actions.reading import attach
from xunfang.errors import FileLost, Invalid, NotFound
from xunfang.store import Attachment, Notice, Submission

KEPT = leftovers.KEPT
STATIC = Path(__file__).parents[2] / "platform" / "xunfang" / "web" / "static"


def _photo(town: Town, content: bytes, by: str = "village") -> str:
    return attach(town.deployment, town.actor(by), "photo.jpg", "image/jpeg", content, town.at)


def _files(town: Town) -> int:
    return sum(path.is_file() for path in town.deployment.files.folder.rglob("*"))


def _photo_field(town: Town) -> str:
    return next(field.name for field in town.rulebook.forms["clue-report"].fields.values() if field.kind == "photos")


def test_photos_that_nobody_sent_go_in_time_and_not_before(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "PIECE", 2)
    for n in range(5):
        _photo(town, b"left %d" % n)
    assert drop_unsent(town.deployment, town.at + KEPT - timedelta(seconds=1)) == 0
    town.later(hours=1)
    late = _photo(town, b"late")
    assert drop_unsent(town.deployment, town.at + KEPT - timedelta(hours=1)) == 5
    assert [row.id for row in town.rows(Attachment)] == [late]
    assert _files(town) == 1
    assert [event.told["count"] for event in town.events("attachment.dropped")] == [2, 2, 1]


def test_a_photo_waits_as_long_as_a_phone_keeps_the_report_it_belongs_to() -> None:
    kept = re.search(r"DAYS = (\d+);", (STATIC / "drafts.js").read_text(encoding="utf-8"))
    assert kept
    assert timedelta(days=int(kept[1])) < KEPT


def test_a_photo_that_was_sent_stays_and_so_does_the_file_it_shares(town: Town) -> None:
    sent, left = _photo(town, b"same"), _photo(town, b"same", "sibling")
    town.report(**{_photo_field(town): [sent]})
    assert drop_unsent(town.deployment, town.at + KEPT) == 1
    assert [row.id for row in town.rows(Attachment)] == [sent] != [left]
    assert open_photo(town.deployment, town.actor("village"), sent, town.at) == b"same"


def test_a_report_with_a_photo_that_is_gone_says_so_instead_of_losing_it(town: Town) -> None:
    photo = _photo(town, b"left")
    town.later(days=KEPT.days + 1)
    drop_unsent(town.deployment, town.at)
    with pytest.raises(Invalid) as refused:
        town.report(**{_photo_field(town): [photo]}, found_at="2026-03-12T08:30:00+08:00")
    assert [problem.code for problem in refused.value.problems] == ["PHOTO_GONE"]
    assert "重新拍照上传" in refused.value.problems[0].message
    assert not town.rows(Submission)
    other = _photo(town, b"of somebody else", "sibling")
    with pytest.raises(Invalid):
        town.report(**{_photo_field(town): [other]}, found_at="2026-03-12T08:30:00+08:00")


def test_a_photo_kept_while_the_same_one_is_dropped_has_its_file(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _photo(town, b"same", "sibling")
    files, put = town.deployment.files, town.deployment.files.put
    struck: list[int] = []

    def dropped_meanwhile(step: str) -> None:
        if step == "attach.kept" and not struck:
            struck.append(drop_unsent(town.deployment, town.at + KEPT))

    monkeypatch.setattr("xunfang.actions.reading.reached", dropped_meanwhile)
    town.later(hours=1)
    photo = _photo(town, b"same")
    assert struck == [1]
    assert files.get(town.first(Attachment, id=photo).sha256) == b"same"
    assert put(b"same")


@pytest.mark.parametrize("harm", ["gone", "broken", "empty"])
def test_a_lost_file_is_told_and_not_recorded_as_opened(town: Town, harm: str) -> None:
    task = town.claim("doctor", town.task(town.dispatched(), MEDICAL))
    town.complete("doctor", task)
    town.work_until()
    notice = town.rows(Notice, status="issued")[0]
    photo = _photo(town, b"a photo", "doctor")
    for path in town.deployment.files.folder.rglob("*"):
        if path.is_file() and harm == "gone":
            path.unlink()
        elif path.is_file():
            path.write_bytes(b"" if harm == "empty" else path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    actor = replace(town.actor("leader"))
    with pytest.raises(FileLost, match="文件在服务器上找不到或已损坏") as lost:
        open_notice(town.deployment, actor, notice.id, town.at)
    assert lost.value.status == 410
    assert not town.events("notice.opened")
    assert [event.case for event in town.events("notice.missing")] == [notice.case]
    with pytest.raises(FileLost, match="系统管理员"):
        open_photo(town.deployment, town.actor("doctor"), photo, town.at)
    assert [event.told for event in town.events("attachment.missing")] == [{"attachment": photo}]
    with pytest.raises(NotFound):
        open_photo(town.deployment, town.actor("sibling"), photo, town.at)
