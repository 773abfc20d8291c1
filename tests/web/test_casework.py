"""The desk: dispatch, claim, complete, return, transfer, and what the pages say while two people are at it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import Town

from xunfang.desk.events import acts_behind, doer
from xunfang.desk.labels import Labels
from xunfang.desk.reports import receipt_number
from xunfang.store import Case, Clue, Dispatch, Event, Job, Message, Notice, composing, connection, new_id, transaction
from xunfang.store.life import beat
from xunfang.store.reading import inbox

FEEDBACK = {
    "visited_on": "2026-09-29", "investigators": "钱明、吴洁", "findings": "入户核实，自付医药费两万余元，情况属实。",
    "eligible": "true", "willing": "true",
}  # fmt: skip


def feedback(town: Town, task: Any, outcome: str, **more: Any) -> dict[str, Any]:
    return {**FEEDBACK, "outcome": outcome, "version": town.task(task.id).version, "submission_id": "d" * 32, **more}


def test_the_leader_sees_why_and_confirms_as_proposed(town: Town) -> None:
    told = town.report()
    leader = town.client("leader")
    page = leader.get("/dispatch/").text
    assert "孙桂兰" in page
    assert re.search(r'value="medical-insurance-bureau" selected', page)
    assert "为什么这样拟办" in page
    assert "博政办字〔2021〕27号" in page
    answer = leader.post(f"/dispatch/{told.case}", {"version": 1, "lead-0": "medical-insurance-bureau", "assist-0": ""})
    assert answer.status_code == 303
    assert [task.unit for task in town.tasks(told.case)] == ["medical-insurance-bureau"]


def test_the_leader_may_decide_otherwise(town: Town) -> None:
    told = town.report()
    decided = {"version": 1, "lead-0": "township:370304102", "assist-0": ["charity-federation", ""]}
    assert town.client("leader").post(f"/dispatch/{told.case}", decided).status_code == 303
    assert {task.unit for task in town.tasks(told.case)} == {"township:370304102", "charity-federation"}


def test_a_dispatch_without_a_lead_is_refused_in_words(town: Town) -> None:
    told = town.report()
    answer = town.client("leader").post(f"/dispatch/{told.case}", {"version": 1, "lead-0": ""})
    assert answer.status_code == 422
    assert "主办单位" in answer.text
    with connection(town.deployment.database) as reader:
        assert reader.select(Dispatch)[0].status == "proposed"


def test_the_queue_names_person_place_limit_and_clause(town: Town) -> None:
    town.dispatched()
    page = town.client("clerk").get("/").text
    for words in (
        "孙桂兰",
        "域城镇",
        "医疗救助",
        "2026-10-12 17:30",
        "剩余5个工作日",
        "博政办字〔2021〕27号",
        "待签收",
    ):
        assert words in page, words


def test_what_is_late_says_by_how_many_workdays(town: Town) -> None:
    town.dispatched()
    town.later(days=15)
    page = town.client("clerk").get("/").text
    assert "超期2个工作日" in page
    assert "孙桂兰" in town.client("clerk").get("/?bucket=late").text
    assert "没有符合条件的任务" in town.client("clerk").get("/?bucket=soon").text


def test_an_empty_queue_says_what_to_do(town: Town) -> None:
    assert "目前没有待办" in town.client("clerk").get("/").text


def test_the_case_explains_its_deadline_by_days_and_clause(town: Town) -> None:
    task = town.dispatched()
    page = town.client("clerk").get(f"/cases/{task.case}").text
    assert re.search(r"<li>10-12</li>", page)
    assert re.search(r'<li class="skipped">10-01 国庆节', page)
    assert "5个工作日内向区社会救助综合服务中心反馈调查处理情况" in page
    assert re.search(r"370304\*{12}", page)
    assert "13805331234" not in page
    assert "脑梗死" not in page


def test_a_claimed_task_is_completed_with_its_form(town: Town) -> None:
    task = town.dispatched()
    clerk = town.client("clerk")
    assert clerk.post(f"/tasks/{task.id}/claim", {"version": task.version, "case": task.case}).status_code == 303
    done = feedback(town, task, "special-aid", programme="medical-aid")
    answer = clerk.post(f"/tasks/{task.id}/complete", done)
    assert answer.status_code == 303, re.findall(r'class="problem"[^>]*>([^<]+)<', answer.text)
    page = clerk.get(answer.headers["Location"]).text
    assert "已办结" in page
    assert "自付医药费两万余元" in page


def test_the_page_s_script_is_told_where_to_go_and_a_second_send_is_harmless(town: Town) -> None:
    task = town.dispatched()
    done = feedback(town, task, "special-aid", programme="medical-aid")
    clerk, path = town.client("clerk"), f"/tasks/{task.id}/complete"
    answer = clerk.post(path, done, headers={"Accept": "application/json"})
    assert answer.status_code == 201
    assert answer.json == {"location": f"/cases/{task.case}?done=complete"}
    events = town.events()
    assert clerk.post(path, done, headers={"Accept": "application/json"}).json == answer.json
    assert clerk.post(path, done).status_code == 303
    assert town.events() == events
    assert town.client("colleague").post(path, done).status_code == 409


def test_a_bad_feedback_comes_back_whole(town: Town) -> None:
    task = town.dispatched()
    answer = town.client("clerk").post(
        f"/tasks/{task.id}/complete", feedback(town, task, "ineligible", eligible="false")
    )
    assert answer.status_code == 422
    assert "自付医药费两万余元" in answer.text
    assert re.search(r'id="e-refusal_reason">[^<]+<', answer.text)
    assert re.search(r'name="outcome" value="ineligible"[^>]* checked', answer.text)


def test_a_case_that_another_started_leads_back_to_it(town: Town) -> None:
    task = town.dispatched()
    recorded = feedback(town, task, "emergency", emergency="true", eligible="")
    assert town.client("clerk").post(f"/tasks/{task.id}/complete", recorded).status_code == 303
    with connection(town.deployment.database) as reader:
        beside = reader.first(Case, flow="emergency-aid")
    assert beside
    page = town.client("leader").get(f"/cases/{beside.id}").text
    assert "本案由另一件个案启动" in page
    assert f"/cases/{task.case}" in page


def test_of_two_people_one_wins_and_the_other_loses_nothing_typed(town: Town) -> None:
    task = town.dispatched()
    first, second = town.client("clerk"), town.client("colleague")
    assert second.get(f"/tasks/{task.id}/complete").status_code == 200
    late = feedback(town, task, "special-aid", programme="medical-aid", findings="同事也写了一遍核实情况，请不要丢失。")
    assert first.post(f"/tasks/{task.id}/claim", {"version": task.version}).status_code == 303
    answer = second.post(f"/tasks/{task.id}/complete", late)
    assert answer.status_code == 409
    assert "测试clerk" in answer.text
    assert "请不要丢失" in answer.text


def test_a_completed_task_is_not_completed_again(town: Town) -> None:
    task = town.dispatched()
    done = feedback(town, task, "special-aid", programme="medical-aid")
    assert town.client("clerk").post(f"/tasks/{task.id}/complete", done).status_code == 303
    again = town.client("colleague").post(f"/tasks/{task.id}/complete", {**done, "submission_id": "e" * 32})
    assert again.status_code == 409


def test_whoever_assists_only_says_that_it_is_done(town: Town) -> None:
    lead = town.dispatched()
    assist = next(task for task in town.tasks(lead.case) if task.role == "assist")
    township = town.client("township")
    page = township.get(f"/tasks/{assist.id}/complete").text
    assert "已按要求协助办理" in page
    assert "调查核实情况" not in page
    done = {"version": assist.version, "outcome": "assisted", "submission_id": "f" * 32}
    assert township.post(f"/tasks/{assist.id}/complete", done).status_code == 303
    assert "已协助" in township.get(f"/cases/{lead.case}").text


def test_giving_back_and_passing_on_need_a_reason(town: Town) -> None:
    task = town.dispatched()
    clerk = town.client("clerk")
    move = {"version": task.version, "to_unit": "education-sports-bureau", "reason": " "}
    assert clerk.post(f"/tasks/{task.id}/transfer", move).status_code == 422
    assert clerk.post(f"/tasks/{task.id}/return", {"version": task.version}).status_code == 422
    assert clerk.post(f"/tasks/{task.id}/transfer", {**move, "reason": "属教育救助"}).status_code == 303
    assert "属教育救助" in town.client("leader").get(f"/cases/{task.case}").text


def test_a_number_is_shown_only_with_a_reason_that_stays(town: Town) -> None:
    task = town.dispatched()
    clerk = town.client("clerk")
    refused = clerk.post(f"/cases/{task.case}/reveal", {"field": "phone", "reason": ""})
    assert refused.status_code == 422
    assert "13805331234" not in refused.text
    page = clerk.post(f"/cases/{task.case}/reveal", {"field": "phone", "reason": "电话核实入户时间"}).text
    assert "13805331234" in page
    assert "查看加密内容" in page
    assert "电话核实入户时间" in page
    assert "脑梗死" in clerk.post(f"/cases/{task.case}/reveal", {"field": "illness", "reason": "核实住院情况"}).text
    assert clerk.post(f"/cases/{task.case}/reveal", {"field": "name", "reason": "随便看看"}).status_code == 404


def test_the_inbox_counts_and_forgets_what_was_read(town: Town) -> None:
    town.dispatched()
    clerk = town.client("clerk")
    page = clerk.get("/inbox/").text
    found = re.search(r"/inbox/([0-9a-f]+)/read", page)
    assert found
    assert "1条未读" in page
    clerk.post(f"/inbox/{found[1]}/read")
    assert "0条未读" in clerk.get("/inbox/").text


@pytest.fixture
def composed_anew() -> Iterator[None]:
    """What a query was composed with is kept: a test that changes it leaves nothing of that behind."""
    yield
    composing.forget()


@pytest.mark.usefixtures("composed_anew")
def test_many_unread_are_told_as_so_many_at_least_and_older_ones_can_still_be_put_away(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.dispatched()
    clerk, found = town.client("clerk"), r"/inbox/([0-9a-f]+)/read"
    with transaction(town.deployment.database, "") as tx:
        (known,) = tx.every(Message, unit="medical-insurance-bureau")
        keys = [new_id() for _ in range(99)]
        for key in keys:
            tx.insert(replace(known, id=key, key=key))
    page = clerk.get("/inbox/").text
    assert "收件箱，99+条未读" in page
    assert "未读（99+）" in page
    monkeypatch.setattr(inbox, "_COUNTED_AMONG", 1)
    composing.forget()
    newest = re.search(found, clerk.get("/inbox/").text)
    assert newest
    clerk.post(f"/inbox/{newest[1]}/read")
    page = clerk.get("/inbox/").text
    assert "收件箱，0条未读" in page
    assert "全部标为已读" in page
    clerk.post("/inbox/read")
    assert "全部标为已读" not in clerk.get("/inbox/").text


def test_the_inbox_is_emptied_of_the_unread_at_once(town: Town) -> None:
    for name in ("孙桂兰", "李长河"):
        town.dispatched(name=name, id_number=None)
    clerk = town.client("clerk")
    assert clerk.get("/inbox/?show=unread").text.count("标为已读</button>") == 3
    answer = clerk.post("/inbox/read")
    assert "全部消息已标为已读" in clerk.get(answer.headers["Location"]).text
    assert "没有未读消息" in clerk.get("/inbox/?show=unread").text
    assert "新任务" in clerk.get("/inbox/").text
    assert "2条未读" in town.client("colleague").get("/inbox/").text


def test_a_village_reports_its_help(town: Town) -> None:
    lead = town.dispatched(needs=["basic-living"], illness=None)
    assist = next(task for task in town.tasks(lead.case) if task.unit.startswith("village:"))
    worker = town.client("worker")
    page = worker.get(f"/cases/{lead.case}").text
    assert f"/tasks/{assist.id}/complete" in page
    assert f"/tasks/{lead.id}/complete" not in page
    assert worker.get(f"/tasks/{lead.id}/complete").status_code == 404
    done = {"version": assist.version, "outcome": "assisted", "submission_id": "f" * 32}
    assert worker.post(f"/tasks/{assist.id}/complete", done).status_code == 303
    assert town.task(assist.id).outcome == "assisted"


def test_only_what_was_dispatched_to_a_lead_offers_to_be_given_back(town: Town) -> None:
    lead = town.dispatched()
    assist = next(task for task in town.tasks(lead.case) if task.role == "assist")
    assert f"/tasks/{lead.id}/return" in town.client("clerk").get(f"/cases/{lead.case}").text
    assert f"/tasks/{assist.id}/return" not in town.client("township").get(f"/cases/{lead.case}").text
    refused = town.client("township").post(f"/tasks/{assist.id}/return", {"version": 1, "reason": "不归本镇办理"})
    assert refused.status_code == 409
    assert "不能退回" in refused.text
    done = feedback(town, lead, "special-aid", programme="medical-aid")
    assert town.client("clerk").post(f"/tasks/{lead.id}/complete", done).status_code == 303
    survey = town.tasks(lead.case)[0]
    assert f"/tasks/{survey.id}/return" not in town.client("leader").get(f"/cases/{lead.case}").text


def test_a_part_dispatched_anew_keeps_its_clock(town: Town) -> None:
    told = town.dispatched(needs=["medical", "education"], schooling="欠伙食费。")
    medical = next(task for task in town.tasks(told.case) if task.unit == "medical-insurance-bureau")
    back = {"version": medical.version, "reason": "参保地在外区"}
    assert town.client("clerk").post(f"/tasks/{medical.id}/return", back).status_code == 303
    page = town.client("leader").get("/dispatch/").text
    assert "剩余1个工作日" in page
    assert "无时限" not in page
    assert "为什么这样拟办" in page


def give_back(town: Town, login: str, case: str, unit: str, reason: str) -> None:
    town.later(hours=1)
    task = next(task for task in town.tasks(case) if task.unit == unit)
    answer = town.client(login).post(f"/tasks/{task.id}/return", {"version": task.version, "reason": reason})
    assert answer.status_code == 303


def lead_choice(page: str, number: int = 0) -> str:
    found = re.search(rf'<select id="[^"]*" name="lead-{number}".*?</select>', page, re.DOTALL)
    assert found
    return found[0]


def test_what_came_back_says_so_and_is_not_sent_the_same_way_unseen(town: Town) -> None:
    case = town.dispatched().case
    give_back(town, "clerk", case, "medical-insurance-bureau", "参保地在外区")
    page = town.client("leader").get("/dispatch/").text
    assert "区医保分局于 2026-09-29 11:00 退回：参保地在外区" in page
    choice = lead_choice(page)
    assert " required" in choice
    assert " selected" not in choice
    assert "不分派" not in choice
    assert '<option value="medical-insurance-bureau">仍交区医保分局</option>' in choice
    town.later(hours=1)
    again = {"version": 1, "lead-0": "township:370304102", "assist-0": ""}
    assert town.client("leader").post(f"/dispatch/{case}", again).status_code == 303
    give_back(town, "township", case, "township:370304102", "不在本镇居住")
    page = town.client("leader").get("/dispatch/").text
    assert page.index("退回：参保地在外区") < page.index("退回：不在本镇居住")
    assert "仍交域城镇" in lead_choice(page)


def test_a_single_proposal_cannot_be_left_undispatched_one_of_several_can(town: Town) -> None:
    case = town.report().case
    choice = lead_choice(town.client("leader").get("/dispatch/").text)
    assert "不分派" not in choice
    assert 'value="medical-insurance-bureau" selected' in choice
    assert " required" in choice
    done = {"version": 1, "lead-0": "medical-insurance-bureau", "assist-0": ""}
    town.client("leader").post(f"/dispatch/{case}", done)
    both = town.report(name="李长河", id_number=None, needs=["medical", "education"], schooling="欠伙食费。").case
    page = town.client("leader").get("/dispatch/").text
    assert "不分派" in lead_choice(page, 0)
    assert "不分派" in lead_choice(page, 1)
    done = {"version": 1, "lead-0": "-", "lead-1": "education-sports-bureau"}
    assert town.client("leader").post(f"/dispatch/{both}", done).status_code == 303
    assert [task.unit for task in town.tasks(both)] == ["education-sports-bureau"]


def timeline(town: Town, case: str) -> dict[str, tuple[str, str]]:
    """Return the steps of a case as its page tells them: what happened, who did it, and the rest; the newest counts."""
    page = town.client("leader").get(f"/cases/{case}").text
    steps = re.findall(r"<li><time>.*?<strong>(.*?)</strong>　<span[^>]*>(.*?)</span>(.*?)</li>", page, re.DOTALL)
    return {what: (who, rest) for what, who, rest in reversed(steps)}


def test_what_the_rules_did_is_not_laid_to_the_person_who_set_them_off(town: Town) -> None:
    task = town.dispatched()
    told = timeline(town, task.case)
    assert told["批示同意拟办意见"][0] == "测试leader　区社会救助综合服务中心"
    assert told["下达任务：调查办理"][0] == "系统按规则"
    assert "起于：测试leader（区社会救助综合服务中心）的批示" in told["下达任务：调查办理"][1]
    assert re.search("起于：测试worker（.+）的上报", told["提出拟办意见"][1])
    town.later(hours=1)
    back = {"version": task.version, "reason": "参保地在外区"}
    assert town.client("clerk").post(f"/tasks/{task.id}/return", back).status_code == 303
    told = timeline(town, task.case)
    assert told["退回"][0] == "测试clerk　区医保分局"
    assert told["提出拟办意见"][0] == told["按规则收回任务：调查办理"][0] == "系统按规则"
    assert "起于：测试clerk（区医保分局）的退回" in told["提出拟办意见"][1]
    record = town.client("auditor").get("/audit/?who=clerk&kind=casework").text
    assert record.count("系统按规则") == record.count("起于：测试clerk") > 0


def test_a_paper_that_somebody_asked_for_keeps_its_person(town: Town) -> None:
    case = town.dispatched().case
    assert timeline(town, case)["制作文书：线索转办单"][0] == "系统按规则"
    with connection(town.deployment.database) as reader:
        events = reader.select(Event, case=case)
    alone = next(event for event in events if event.name == "notice.wanted")
    labels = Labels(town.deployment.rulebooks.of("370304-boshan"))
    assert acts_behind(events)[alone.n] == "批示"
    assert acts_behind([alone]) == {}
    assert doer(alone, labels) == ("测试leader", "区社会救助综合服务中心")


def test_the_record_tells_who_was_to_lead_and_who_leads_instead(town: Town) -> None:
    told = town.report()
    decided = {"version": 1, "lead-0": "education-sports-bureau", "assist-0": ""}
    assert town.client("leader").post(f"/dispatch/{told.case}", decided).status_code == 303
    changed = timeline(town, told.case)["批示改派"]
    assert changed[0].startswith("测试leader")
    assert "由区医保分局改为区教体局" in changed[1]


def test_the_desk_turns_its_pages(town: Town) -> None:
    for number in range(32):
        town.report(name=f"孙桂兰{number:02}", id_number=None)
    leader = town.client("leader")
    first = leader.get("/dispatch/").text
    more = re.search(r'href="(/dispatch/\?after=[^"]+)"', first)
    assert more
    second = leader.get(more[1].replace("&amp;", "&")).text
    shown = [set(re.findall(r"孙桂兰\d\d", page)) for page in (first, second)]
    assert len(shown[0] | shown[1]) == 32
    assert not shown[0] & shown[1]


def test_the_desk_begins_with_the_case_that_somebody_comes_for(town: Town) -> None:
    cases = [town.report(name=f"孙桂兰{number:02}", id_number=None).case for number in range(23)]
    leader = town.client("leader")

    def shown(case: str) -> list[str]:
        return re.findall(r'id="case-(\w+)"', leader.get(f"/dispatch/?case={case}").text)

    waiting = shown("")
    assert set(waiting) < set(cases)
    far = next(case for case in cases if case not in waiting)
    assert shown(far)[0] == far
    assert shown("0" * 32) == waiting
    assert "从最早的看起" in leader.get(f"/dispatch/?case={far}").text
    assert f'href="/dispatch/?case={far}"' in leader.get(f"/cases/{far}").text


def test_a_parked_job_is_tried_again(town: Town) -> None:
    town.dispatched()
    with transaction(town.deployment.database, "") as tx:
        paper = tx.first(Job, kind="issue-notice")
        assert paper
        tx.update(Job, {"id": paper.id}, {"status": "parked", "attempts": 5, "last_error": "打印不成功"})
    operator = town.client("operator")
    page = operator.get("/system/").text
    assert "打印不成功" in page
    assert f"/system/jobs/{paper.id}/retry" in page
    answer = operator.post(f"/system/jobs/{paper.id}/retry")
    assert answer.status_code == 303
    assert "打印不成功" not in operator.get(answer.headers["Location"]).text
    with connection(town.deployment.database) as reader:
        again = reader.find(Job, paper.id)
        assert again
        assert (again.status, again.attempts) == ("ready", 0)
        assert reader.select(Event, name="job.retried")
    assert operator.post(f"/system/jobs/{paper.id}/retry").status_code == 404
    assert town.client("clerk").post(f"/system/jobs/{paper.id}/retry").status_code == 403


def test_the_superior_sees_what_units_below_have_let_pass(town: Town) -> None:
    town.dispatched()
    leader = town.client("leader")
    assert "孙桂兰" not in leader.get("/supervision/").text
    town.later(days=15)
    town_page = town.client("leader").get("/supervision/").text
    assert "孙桂兰" in town_page


def test_a_paper_not_yet_made_says_so(town: Town) -> None:
    task = town.dispatched()
    page = town.client("clerk").get(f"/cases/{task.case}").text
    assert "线索转办单" in page
    assert "制作中" in page


def test_error_pages_speak_chinese_and_say_nothing_of_the_inside(town: Town) -> None:
    clerk = town.client("clerk")
    for path, status, words in (
        ("/cases/0000", 404, "没有找到"),
        ("/accounts/", 403, "没有权限"),
        ("/nowhere", 404, "没有找到"),
    ):
        answer = clerk.get(path)
        assert answer.status_code == status
        assert words in answer.text
        assert "Traceback" not in answer.text
    assert clerk.get("/?after=zzz").status_code == 400
    assert clerk.get("/?after=99999999999999999999.abc").status_code == 400


def test_the_operator_is_told_when_the_worker_never_started(town: Town) -> None:
    page = town.client("operator").get("/system/").text
    assert "没有启动过" in page
    assert "需要处理" in page


def test_the_operator_is_told_when_the_worker_fell_silent(town: Town) -> None:
    with transaction(town.deployment.database, "") as tx:
        beat(tx, "worker", town.at)
    assert "已停止响应" not in town.client("operator").get("/system/").text
    town.later(minutes=5)
    assert "已停止响应" in town.client("operator").get("/system/").text


def test_the_rules_stand_in_sentences_with_their_clauses(town: Town) -> None:
    clerk = town.client("clerk")
    assert "博政办字〔2021〕27号 二(二)1-6" in clerk.get("/rules/").text
    found = clerk.get("/rules/?q=线索当日上报").text
    assert "线索当日上报" in found
    assert "信息员可以填报" not in found
    assert "没有找到" in clerk.get("/rules/?q=%25%27zzz").text
    assert "救助需求：基本生活救助、" in clerk.get("/rules/?q=人文关怀").text
    assert "白塔镇（370304103）：" in clerk.get("/rules/?q=小梁庄村委会").text
    assert "5个工作日内向区社会救助综合服务中心反馈" in clerk.get("/rules/?q=BS-二(二)3-7").text


def test_what_waits_for_the_leader_s_word_leads_to_the_desk_of_dispatches(town: Town) -> None:
    told = town.report()
    page = town.client("leader").get("/").text
    assert re.search(rf'href="/dispatch/\?case={told.case}"[^>]*>批示<', page)


def test_cases_turn_their_pages_and_leave_out_the_closed(town: Town) -> None:
    task = town.dispatched()
    done = feedback(town, task, "special-aid", programme="medical-aid")
    leader = town.client("leader")
    assert "孙桂兰" in leader.get("/cases/?show=open").text
    assert town.client("clerk").post(f"/tasks/{task.id}/complete", done).status_code == 303
    with transaction(town.deployment.database, "") as tx:
        tx.update(Case, {"id": task.case}, {"closed_at": town.at, "outcome": "special-aid"})
    assert "孙桂兰" not in leader.get("/cases/?show=open").text
    assert "孙桂兰" in leader.get("/cases/").text


def test_papers_name_whom_they_are_about_and_open_only_for_those_who_print(town: Town) -> None:
    task = town.dispatched()
    with connection(town.deployment.database) as reader:
        wanted = reader.first(Notice, case=task.case)
    assert wanted
    assert "孙桂兰" in town.client("leader").get("/papers/").text
    assert town.client("worker").get(f"/papers/{wanted.id}.pdf").status_code == 403
    assert town.client("clerk").get(f"/papers/{wanted.id}.pdf").status_code == 409


def test_whoever_is_looked_for_stands_in_no_address(town: Town) -> None:
    town.report()
    leader, clerk = town.client("leader"), town.client("township")
    answer = leader.post("/cases/", {"q": "孙桂兰", "show": "open"})
    assert answer.status_code == 303
    there = answer.headers["Location"]
    assert re.fullmatch(r"/cases/\?find=[A-Za-z0-9_%-]+&show=open", there)
    page = leader.get(there)
    assert "孙桂兰" in page.text
    assert all("孙桂兰" not in unquote(link) for link in re.findall(r'href="([^"]*)"', page.text))
    assert "没有找到" in leader.get(leader.post("/cases/", {"q": "查无此人"}).headers["Location"]).text
    assert 'value=""' in clerk.get(there).text, "what another person looked for cannot be read"
    for broken in ("x", "é", "A" * 400, there.partition("=")[2][:-6]):
        assert leader.get("/cases/", query_string={"find": broken}).status_code == 200


@pytest.mark.parametrize("asked", ["{}", " {} ", "lower", "without dashes"])
def test_whoever_is_asked_after_a_receipt_finds_its_case(town: Town, asked: str) -> None:
    told = town.report()
    with connection(town.deployment.database) as reader:
        clue = reader.first(Clue, case=told.case)
    assert clue
    number = receipt_number(clue.submission)
    typed = {"lower": number.lower(), "without dashes": number.replace("-", "")}.get(asked, asked.format(number))
    assert number in town.client("worker").get(f"/forms/sent/{clue.submission}").text
    assert number in town.client("leader").get(f"/cases/{told.case}").text
    for login, found in (("leader", True), ("sibling", False)):
        desk = town.client(login)
        page = desk.get(desk.post("/cases/", {"q": typed}).headers["Location"]).text
        assert ("孙桂兰" in page) is found, login
    assert "没有找到" in desk.get(desk.post("/cases/", {"q": "XS-0000-0000"}).headers["Location"]).text


def test_whoever_comes_after_a_return_loses_nothing_typed(town: Town) -> None:
    task = town.dispatched()
    town.client("clerk").post(f"/tasks/{task.id}/claim", {"version": task.version})
    held = town.task(task.id)
    typed = feedback(town, task, "special-aid", programme="medical-aid", findings="另一个窗口里写好的核实情况。")
    back = {"version": held.version, "reason": "不属本单位职责"}
    assert town.client("clerk").post(f"/tasks/{task.id}/return", back).status_code == 303
    answer = town.client("clerk").post(f"/tasks/{task.id}/complete", typed)
    assert answer.status_code == 409
    assert "退回" in answer.text
    assert "另一个窗口里写好的核实情况" in answer.text


def test_every_problem_of_a_feedback_is_told_at_once(town: Town) -> None:
    task = town.dispatched()
    page = town.client("clerk").post(f"/tasks/{task.id}/complete", {"version": task.version, "submission_id": "c" * 32})
    assert page.status_code == 422
    assert "请选择办理结果" in page.text
    assert len(re.findall(r'class="problem" id="e-[a-z_]+">', page.text)) > 1


def test_what_was_asked_for_reads_as_one_sentence(town: Town) -> None:
    task = town.dispatched()
    town.client("clerk").post(f"/tasks/{task.id}/claim", {"version": task.version})
    asked = {"version": town.task(task.id).version, "days": "3", "reason": "等待医院出具结算单。"}
    assert town.client("clerk").post(f"/tasks/{task.id}/ask-extension", asked).status_code == 303
    page = town.client("leader").get(f"/cases/{task.case}").text
    assert "申请延期3个工作日，理由：等待医院出具结算单。批准以前，期限不变。" in page
