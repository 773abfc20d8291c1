"""待签发: the leader reads drafts, ticks several and signs, or gives them back with a reason."""

from types import SimpleNamespace

from conftest import Town

from xunfang.actions.acting import acting
from xunfang.actions.deployment import machinery
from xunfang.actions.handling import carry_out
from xunfang.actions.papers import NoticeIssuing
from xunfang.casework import Asked
from xunfang.casework.jobs import ISSUE
from xunfang.store import Notice, connection
from xunfang.store.jobs import next_due
from xunfang.worker import Worker

JURISDICTION = "370304-boshan"


def papers(town: Town, **where: str) -> list[Notice]:
    with connection(town.deployment.database) as reader:
        return reader.select(Notice, **where)


def work(town: Town) -> None:
    def press(order: object) -> SimpleNamespace:
        return SimpleNamespace(pdf=b"%PDF-1.7 a sheet", pages=1)

    worker = Worker(town.deployment.database, {ISSUE: NoticeIssuing(town.deployment, press, town.now)}, town.now)
    while next_due(town.deployment.database, town.now()):
        worker.run_next()


def drafted(town: Town) -> Notice:
    """Return a closing notice that waits for its signature."""
    task = town.dispatched()
    with acting(town.deployment, machinery(JURISDICTION, "试印"), town.at) as act:
        case = act.case(task.case)
        carry_out(act, Asked(verb="print", actor=act.actor, case=case.id, kind="closing-notice"), case)
    work(town)
    (draft,) = papers(town, status="draft")
    return draft


def test_the_leader_opens_ticks_and_signs(town: Town) -> None:
    draft, leader = drafted(town), town.client("leader")
    page = leader.get("/signing/").text
    assert "孙桂兰" in page
    assert f'href="/papers/{draft.id}.pdf"' in page
    assert leader.get(f"/papers/{draft.id}.pdf").status_code == 200
    assert leader.post("/signing/sign-off", {}).status_code == 422
    answer = leader.post("/signing/sign-off", {"paper": f"{draft.id}:{draft.version}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signing/?done=sign-off")
    work(town)
    (issued,) = papers(town, kind="closing-notice")
    assert (issued.status, issued.number) == ("issued", "博社救结〔2026〕1号")
    assert "没有等您签发的文书" in leader.get("/signing/").text
    page = leader.get(f"/cases/{draft.case}").text
    assert "签发文书" in page
    assert "登记送达" in page
    assert "不是寄出的日期" in page


def test_what_changed_meanwhile_is_left_and_told(town: Town) -> None:
    draft, leader = drafted(town), town.client("leader")
    answer = leader.post("/signing/sign-off", {"paper": f"{draft.id}:{draft.version + 1}"})
    assert answer.headers["Location"] == "/signing/?done=papers-left"
    assert "没有办理" in leader.get("/signing/?done=papers-left").text
    assert papers(town, status="draft")


def test_a_refusal_needs_a_reason_which_the_case_tells(town: Town) -> None:
    draft, leader = drafted(town), town.client("leader")
    chosen = {"paper": f"{draft.id}:{draft.version}"}
    assert leader.post("/signing/refuse-sign-off", chosen).status_code == 422
    assert leader.post("/signing/refuse-sign-off", {**chosen, "reason": "姓名写错了"}).status_code == 303
    page = leader.get(f"/cases/{draft.case}").text
    assert "理由：姓名写错了" in page
    assert "重新制作" in page
    answer = leader.post(f"/papers/{draft.id}/remake-paper", {"case": draft.case})
    assert answer.headers["Location"].startswith(f"/cases/{draft.case}?done=remake-paper")


def test_whoever_signs_nothing_has_no_such_page_and_no_such_button(town: Town) -> None:
    draft = drafted(town)
    clerk = town.client("clerk")
    assert clerk.get("/signing/").status_code == 403
    assert "不予签发" not in clerk.get(f"/cases/{draft.case}").text
    assert clerk.post(f"/papers/{draft.id}/sign-off", {"version": draft.version}).status_code == 403
    assert town.client("leader").post(f"/papers/{draft.id}/issue-notice", {"version": 1}).status_code == 404
