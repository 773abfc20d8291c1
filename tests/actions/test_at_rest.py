"""What lies on the disk of a filled installation: no secret, and nothing that adds up to one."""

import hashlib
import json
import re
from base64 import b64encode
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.town import HOUSING, MEDICAL, Town, report
from databases import kind_now, stored_values, texts_in_clear
from xunfang.actions.handling import do_to_case, do_to_task, return_task, transfer
from xunfang.actions.reading import attach, reveal
from xunfang.casework import Asked
from xunfang.identity import make_id
from xunfang.rules.submission import cleaned
from xunfang.store import Job, Notice, transaction
from xunfang.store.jobs import claim_job, fail_job
from xunfang.store.rows import all_tables

IDS = [make_id("370304", date(1958, 3, 14), 739), make_id("110101", date(1971, 11, 30), 528)]
PHONES = ["13879461852", "0533-4187296"]
TYPED = {
    "difficulty": "困难鹊一", "illness": "病情鹊二", "address": "住址鹊三", "remarks": "备注鹊四",
    "finder_name": "发现人鹊五",
}  # fmt: skip
REASONS = ("退回鹊六", "转办鹊七", "电话核实鹊八", "印不出鹊九", "作业鹊十", "照片鹊十一")
TOGETHER = {"consult": "会商鹊甲", "copy": "抄送鹊乙", "note": "批注鹊丙"}


@pytest.fixture
def filled(town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Path:
    """The folder of an installation in which two people were reported, handled, looked at and printed about."""
    caplog.set_level("INFO")
    for number, phone in zip(IDS, PHONES, strict=True):
        told = town.report(id_number=number, phone=phone, **TYPED)
        town.report(by="township", id_number=number, phone=phone, **TYPED)
        town.confirm(told.case)
    reveal(town.deployment, town.actor("leader"), told.case, "phone", REASONS[2], town.at)
    case = town.dispatched(id_number=make_id("370304", date(1960, 1, 2), 416))
    _work_together(town, case)
    handed = town.task(case, MEDICAL)
    transfer(town.deployment, town.actor("doctor"), handed.id, handed.version, HOUSING, REASONS[1], town.at)
    given = town.task(town.dispatched(id_number=None), MEDICAL)
    return_task(town.deployment, town.actor("doctor"), given.id, given.version, REASONS[0], town.at)
    attach(town.deployment, town.actor("village"), f"{REASONS[5]}.jpg", "image/jpeg", b"photo", town.at)
    town.press.refuses = REASONS[3]
    town.work_until()
    assert town.rows(Notice, status="failed")
    _fail_a_job(town)
    (tmp_path / "all.log").write_text("\n".join(caplog.messages), "utf-8")
    if kind_now() != "sqlite":
        (tmp_path / "all.rows").write_bytes(b"\0".join(stored_values(town.database)))
    return tmp_path


def _work_together(town: Town, case: str) -> None:
    doctor, task = town.actor("doctor"), town.task(case, MEDICAL).id
    for verb, text in TOGETHER.items():
        do = do_to_task if verb == "consult" else do_to_case
        asked = Asked(verb=verb, actor=doctor, case=case, task=task, unit=HOUSING, reason=text)
        do(town.deployment, asked, town.at)


def _fail_a_job(town: Town) -> None:
    town.later(days=1)
    job = claim_job(town.database, town.at + timedelta(days=9), timedelta(minutes=1), "nobody")
    assert job is not None
    with transaction(town.database, "") as tx:
        assert fail_job(tx, job, REASONS[4], town.at)
    assert [row.last_error for row in town.rows(Job, id=job.id)] == [REASONS[4]]


def bytes_on_disk(folder: Path) -> bytes:
    """Return every byte an installation has written, its log and write-ahead log included, but its keys."""
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and "keys" not in path.parts)


def learnt(secret: str, texts: str) -> str:
    """Return what somebody puts it together of a number from what lies in clear; the rest stays a dot.

    They know where people live, look for each part wherever digits stand, write days without signs, and work out
    the last digit of an id number from the others.
    """
    known = ["."] * len(secret)
    texts = re.sub(r"[0-9a-f]{32,}", "", texts)  # keys and keyed digests
    for found in set(re.findall(r"(?<![0-9A-Za-z])[0-9]{3,18}X?(?![0-9A-Za-z])", texts)) | _days(texts):
        for start in range(len(secret) - len(found) + 1):
            if secret.startswith(found, start):
                known[start : start + len(found)] = found
    if len(secret) == 18 and "." not in known[:17]:
        known[17] = secret[17]
    return "".join(known)


def _days(texts: str) -> set[str]:
    found = re.findall(r"([12][0-9]{3})\D{1,2}([01]?[0-9])\D{1,2}([0-3]?[0-9])", texts)
    return {f"{year}{month:0>2}{day:0>2}" for year, month, day in found}


def test_the_parts_in_clear_are_found_and_put_together() -> None:
    assert learnt(IDS[0], f"370304********{IDS[0][-4:]} and 1958-03-14") == IDS[0]
    assert learnt(IDS[0], f"3703 {IDS[0][6:17]} 3703 04 370304") == IDS[0]
    assert learnt(PHONES[0], "138****1852") == "138....1852"


def test_nothing_in_clear_adds_up_to_a_number(filled: Path, town: Town) -> None:
    texts = "\n".join((*texts_in_clear(town.database), (filled / "all.log").read_text("utf-8")))
    for number in IDS:
        assert set(learnt(number, texts)[6:]) == {"."}, "only the region may be known: it is where somebody lives"
    for phone in PHONES:
        assert set(learnt(phone.replace("-", ""), texts)[4:]) == {"."}


def test_nothing_that_was_typed_lies_in_clear(filled: Path) -> None:
    found = bytes_on_disk(filled)
    for text in (*IDS, *PHONES, *TYPED.values(), *REASONS, *TOGETHER.values(), "1958-03-14", "19580314"):
        for written in (
            text.encode(),
            text.encode("utf-16-le"),
            text.encode("gb18030"),
            json.dumps(text)[1:-1].encode(),
        ):
            assert written not in found, text


def test_no_unkeyed_hash_of_what_can_be_guessed_is_kept(filled: Path, town: Town) -> None:
    found = bytes_on_disk(filled)
    form = town.rulebook.forms["clue-report"]
    bodies = []
    for number, phone in zip(IDS, PHONES, strict=True):
        answers = cleaned(form, {**report(), "id_number": number, "phone": phone, **TYPED})
        bodies.append(json.dumps(["clue-report", answers], ensure_ascii=False, sort_keys=True))
    for text in (*IDS, *PHONES, *bodies, *TYPED.values(), *(f"id|{number}" for number in IDS)):
        for kind in ("md5", "sha1", "sha256", "sha512", "blake2b", "sm3"):
            digest = hashlib.new(kind, text.encode()).digest() if kind in hashlib.algorithms_available else b"no such"
            for written in (digest, digest.hex().encode(), b64encode(digest).rstrip(b"=")):
                assert written not in found, (kind, text)


def test_the_keyed_hash_still_knows_a_report_that_is_sent_again(town: Town) -> None:
    assert town.report(key="a" * 32).submission == town.report(key="a" * 32).submission


IN_CLEAR = {
    "": "id jurisdiction case task person unit kind key status at by form release state flow role division name",
    "account": "login password_hash roles",
    "factor": "account reset_by",
    "identity": "mark issuer account",
    "alert": "places steps residence answers",
    "deputy": "account deputy named_by since_on until_on",
    "session": "token_hash account csrf",
    "person": "residence registration id_index sex phone_index",
    "case": "number residence registration urgency needs due outcome parent entered ended_as closed_from decided",
    "case_in_sight": "who stage",
    "dispatch": "proposed confirmed decided_by",
    "duty_period": "duty to residence every begins_on answers alert",
    "task": "residence lead_task routes cites claimed_by due outcome answers sent_as helps excused extension subject "
    "about",
    "submission": "body_hash",
    "attachment": "media_type sha256 submission",
    "clue": "submission receipt source in_time phone_index",
    "notice": "addressees copies series number template_digest sha256 issued_by signed_by deliveries",
    "number_series": "series",
    "question": "other verdict answered_by",
    "message": "account",
    "read_mark": "account message",
    "delivery": "residence feed to sha256 owed counts taken_by",
    "listed_person": "delivery verdict digest id_index submission",
    "listed_stretch": "delivery verdict",
    "head_word": "feed word column",  # what offices call the columns of their lists
    "owed_thing": "residence duty asks subject matter about period every begins_on ends_on submission because",
    "drawing": "residence duty every begins_on period seed digest drawn first last",  # keys, and how they were drawn
    "figure": "indicator every begins_on owner",
    "reported_figure": "residence period field counted",
    "holding": "residence since until source submission cites",
    "entitlement": "residence programme since until submission source household follows cites",
    "visit": "residence visited_on submission way",
    "sitting": "residence meeting called_by invited",
    "agenda_item": "sitting recused decision outcome",
    "minutes": "sitting series number sha256 signed_by",
    # rules and what was done to them: a release keeps them in clear too, and nobody's case is in them
    "change_set": "title base made_by cites source digest submitted_by reviewed_by reviewed_digest published "
    "published_by",
    "draft_file": "change_set path text base_digest edited_by",
    "draft_edit": "change_set path command said before",
    "draft_comment": "change_set line digest",
    "draft_trial": "change_set gate digest said told",
    "rule_source": "source folder",
    "circular": "residence drafted_by units corrects series number sha256 signed_by",
    "roll": "residence roster programme unit month first begun_by status locked_by reviewed_by signed_by handed_on "
    "handed_by paid_on xlsx pdf",
    "roll_line": "residence roll roster person kind month entitlement household refers number problems",
    "payee": "residence person by unit",
    "helped_list": "residence programme board sha256",
    "publication": "residence place case flow state board release sha256",
    "household": "residence number",
    "membership": "household relation joined_on left_on left_because",
    "amendment": "residence what about on field cites",
    "event": "actor actor_name data rule row cites prev hash",
    "job": "payload token holder",
    "heartbeat": "note",
    "release": "published_by",
    "held": "digest problems",  # what is wrong in the files of rules, which lie in clear beside it
    "installation": "checks common_hash",
    "tally": "who place",
    "told": "outcome submission",
    "correction": "clue before submission fields",
}
"""Columns of text that may lie in clear, "" for all tables: keys, codes, names of people and officials, keyed digests.

A new column of text is sealed (`Annotated[str, Sealed()]`) unless nobody types into it.
"""


def test_every_column_of_text_is_sealed_or_of_a_kind_nobody_types_into() -> None:
    open_text = {
        f"{table.name}.{column.name}"
        for table in all_tables()
        for column in table.columns.values()
        if column.field.field_type == "TEXT"
    }
    allowed = {
        f"{table.name}.{name}"
        for table in all_tables()
        for name in f"{IN_CLEAR['']} {IN_CLEAR.get(table.name, '')}".split()
    }
    assert open_text - allowed == set()
