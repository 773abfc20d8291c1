"""An old case keeps its names: whatever a later release calls a stage, an option, an outcome, a form or a paper."""

import zlib
from dataclasses import replace

import pytest

from actions.town import FILES, GRANTED, JURISDICTION, MEDICAL, Town, report
from xunfang.actions.deployment import Rulebooks
from xunfang.actions.papers import NoticeIssuing
from xunfang.actions.publishing import publish
from xunfang.actions.submitting import submit
from xunfang.casework.jobs import ISSUE
from xunfang.desk import Readings
from xunfang.desk.faces import QueueFilter
from xunfang.desk.releases import Releases
from xunfang.rulebook.compile import compile_rulebook
from xunfang.store import Case, Notice, RecordFilter, Release, new_id, transaction
from xunfang.worker import Worker

ALL = QueueFilter()
RENAMED = {
    "workflows/370304-boshan/flows/clue.toml": (
        ("困难线索办理", "线索处置"), ("拟办分派", "研判交办"), ("调查办理", "核查处置"),
        ("符合条件，落实专项救助", "已给予专项救助"), ("已告知并回访", "告知完毕"),
    ),
    "workflows/00-national/lists.toml": (('label = "医疗救助"', 'label = "看病帮扶"'), ("较急", "加急")),
    "workflows/370304-boshan/notices.toml": (("线索转办单", "交办函"),),
    "workflows/370304-boshan/units.toml": (("区医保分局", "区医疗保障局"),),
    "forms/370304-boshan/clue-report.json": (("困难情形", "困难简况"),),
}  # fmt: skip
"""By file, what the later release calls otherwise."""
NEW = ("研判交办", "核查处置", "看病帮扶", "加急", "交办函", "区医疗保障局", "困难简况", "给予专项救助", "告知完毕")


def renamed_files() -> dict[str, str]:
    files = dict(FILES)
    for path, changes in RENAMED.items():
        for before, after in changes:
            assert before in files[path], (path, before)
            files[path] = files[path].replace(before, after)
    return files


def publish_renamed(town: Town) -> None:
    """Let the later release be in force; the earlier one is only what the database has kept of it."""
    files = renamed_files()
    books = Rulebooks(town.database, {JURISDICTION: compile_rulebook(files, JURISDICTION)})
    town.deployment = replace(town.deployment, rulebooks=books)
    publish(town.deployment, files, town.at)


def check(face: object, *told: str) -> None:
    """Check that what is read tells these names of the old release, and none at all of the new one."""
    text = str(face)
    assert [name for name in told if name not in text] == []
    assert [name for name in NEW if name in text] == []


@pytest.fixture
def old(town: Town) -> str:
    """A case that was dispatched before names changed, urgent and with its slip printed."""
    case = town.dispatched(urgency="urgent")
    town.work_until()
    publish_renamed(town)
    return case


def test_the_later_release_is_in_force_for_what_comes_after(town: Town, old: str) -> None:
    told = submit(
        town.deployment, town.actor("village"), "clue-report",
        {**report(31), "name": "周桂兰", "urgency": "urgent"}, new_id(), town.at,
    )  # fmt: skip
    later = Readings(town.deployment).case(town.actor("leader"), told.case, town.at)
    assert (later.flow, later.stage, later.needs, later.urgency) == ("线索处置", "研判交办", ("看病帮扶",), "加急")
    assert town.case(old).release != town.case(told.case).release


def test_queues_and_supervision_name_a_task_by_its_own_release(town: Town, old: str) -> None:
    readings = Readings(town.deployment)
    check(readings.queue(town.actor("doctor"), ALL, town.at), "调查办理", "医疗救助", "较急", "区医保分局")
    town.later(days=30)
    check(readings.supervision(town.actor("supervisor"), ALL, town.at), "调查办理", "医疗救助", "较急")


def test_the_list_and_the_file_of_a_case_keep_its_names(town: Town, old: str) -> None:
    readings, leader = Readings(town.deployment), town.actor("leader")
    rows, _ = readings.cases(leader, "", town.at)
    check(rows, "困难线索办理", "调查办理", "医疗救助", "较急")
    town.complete("doctor", town.claim("doctor", town.task(old, MEDICAL)), "special-aid", GRANTED)
    file = readings.case(leader, old, town.at)
    check(
        file, "困难线索办理", "告知与回访", "医疗救助", "较急", "线索转办单", "区医保分局", "困难情形", "落实专项救助"
    )
    assert "拟办分派" in str(file.events)


def test_a_closed_case_keeps_the_words_of_its_outcome(town: Town, old: str) -> None:
    readings = Readings(town.deployment)
    with transaction(town.database, "") as tx:
        ended = {"state": "archived", "outcome": "special-aid", "closed_at": town.at}
        tx.update(Case, {"id": old}, ended)
    rows, _ = readings.cases(town.actor("leader"), "", town.at)
    check(rows[0].status, "符合条件，落实专项救助")
    reports, _ = readings.reports(town.actor("village"), "")
    check(reports[0].stage, "符合条件，落实专项救助")


def test_a_dispatch_that_waits_is_told_by_the_release_of_its_case(town: Town) -> None:
    case = town.report(urgency="urgent").case
    publish_renamed(town)
    (waiting,), _ = Readings(town.deployment).dispatches(town.actor("leader"), town.at)
    assert waiting.case == case
    check(waiting, "医疗救助", "较急", "区医保分局")
    check(Readings(town.deployment).queue(town.actor("leader"), ALL, town.at), "拟办分派")


def test_reports_keep_the_names_they_were_made_under(town: Town, old: str) -> None:
    readings = Readings(town.deployment)
    rows, _ = readings.reports(town.actor("village"), "")
    check(rows, "调查办理")
    assert rows[0].verdicts


def test_a_report_that_joined_an_older_case_is_told_by_the_release_it_was_filled_by(town: Town, old: str) -> None:
    again = {**report(), "urgency": "urgent", "difficulty": "出院后仍要长期服药。"}
    joined = submit(town.deployment, town.actor("village"), "clue-report", again, new_id(), town.at)
    assert joined.case == old
    first, second = Readings(town.deployment).case(town.actor("leader"), old, town.at).clues
    check(first.said, "困难情形", "医疗救助", "较急")
    assert [name for name in ("困难简况", "看病帮扶", "加急") if name not in str(second.said)] == []


def test_papers_and_the_record_keep_the_names_of_their_case(town: Town, old: str) -> None:
    readings = Readings(town.deployment)
    papers, _ = readings.papers(town.actor("leader"), "")
    check(papers, "线索转办单", "区医保分局")
    with transaction(town.database, "") as tx:
        tx.update(Notice, {"case": old}, {"status": "draft", "kind": "refusal-notice"})
    drafts, _ = readings.papers_to_sign(town.actor("leader"), "")
    check(drafts, "不予救助告知书")
    lines, _ = readings.record(town.actor("auditor"), RecordFilter(), "")
    check(lines, "线索转办单", "调查办理", "区医保分局")


def test_a_paper_says_what_the_page_says_of_case_and_clues(town: Town) -> None:
    case = town.dispatched(urgency="urgent")
    publish_renamed(town)
    again = {**report(), "urgency": "urgent"}
    assert submit(town.deployment, town.actor("village"), "clue-report", again, new_id(), town.at).case == case
    town.worker = Worker(town.database, {ISSUE: NoticeIssuing(town.deployment, town.press, town.now)}, town.now)
    town.work_until()
    slip, page = town.press.orders[-1].facts, Readings(town.deployment).case(town.actor("leader"), case, town.at)
    check((slip["notice"]["label"], slip["unit"], slip["task"]["label"]), "线索转办单", "区医保分局", "调查办理")
    latest = dict(line for section in page.clues[-1].said for line in section.lines)
    assert (slip["case"]["urgency"], slip["case"]["needs"]) == ("加急", ["看病帮扶"])
    assert slip["case"]["difficulty"] == latest["困难简况"]


def test_the_form_of_a_task_is_that_of_its_release(town: Town, old: str) -> None:
    task = town.claim("doctor", town.task(old, MEDICAL))
    form = Readings(town.deployment).task_form(town.actor("doctor"), task.id)
    assert form is not None
    assert form.release == town.case(old).release
    check(form, "调查办理", "落实专项救助", "较急", "困难情形")


def test_one_release_that_cannot_be_read_any_more_spoils_no_list(town: Town, old: str) -> None:
    with transaction(town.database, "") as tx:
        tx.update(Release, {"id": town.case(old).release}, {"files": zlib.compress(b"{}")})
    rows, _ = Readings(town.deployment).cases(town.actor("leader"), "", town.at)
    assert [(row.case, row.stage) for row in rows] == [(old, "核查处置")]
    rules = Releases(town.deployment.rulebooks, JURISDICTION)
    assert rules.labels("0" * 64).stage("clue", "handling") == rules.labels().stage("clue", "handling") == "核查处置"


def test_a_page_compiles_no_release_twice(town: Town, old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_it = Rulebooks._compile

    def count(books: Rulebooks, digest: str) -> object:
        compiled.append(digest)
        return compile_it(books, digest)

    monkeypatch.setattr(Rulebooks, "_compile", count)
    books = Rulebooks(town.database, town.deployment.rulebooks.current)
    readings = Readings(replace(town.deployment, rulebooks=books))
    for _ in range(3):
        readings.cases(town.actor("leader"), "", town.at)
        readings.queue(town.actor("doctor"), ALL, town.at)
    assert compiled == [town.case(old).release]
