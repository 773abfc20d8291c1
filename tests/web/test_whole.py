"""Pages on a whole case and on one's own report: buttons and forms come from the verbs, and lead somewhere."""

import re
from typing import Any

from conftest import Town, report_answers

from xunfang.store import Case, Clue, Submission, connection

SEALED = {"id_number", "phone", "illness"}
NEW = "0123456789abcdef0123456789abcdee"


def case_of(town: Town, key: str) -> Case:
    with connection(town.deployment.database) as reader:
        found = reader.find(Case, key)
    assert found is not None
    return found


def clue_of(town: Town, case: str) -> Clue:
    with connection(town.deployment.database) as reader:
        return reader.select(Clue, case=case)[0]


def entered(**changes: Any) -> dict[str, Any]:
    """What a page of correction sends: everything but what is sealed."""
    plain = {name: value for name, value in report_answers().items() if name not in SEALED}
    plain |= {"found_at": "2026-09-29T08:30", "willing": "true", "consent": "true", "submission_id": NEW}
    return {**plain, **changes}


def test_the_leader_voids_a_case_and_it_leaves_the_lists(town: Town) -> None:
    case = town.report().case
    leader = town.client("leader")
    assert f'action="/cases/{case}/void"' in leader.get(f"/cases/{case}").text
    answer = leader.post(f"/cases/{case}/void", {"version": case_of(town, case).version, "reason": "重复建案"})
    assert answer.headers["Location"].startswith(f"/cases/{case}?done=void")
    page = leader.get(answer.headers["Location"]).text
    for words in ("已作废，各单位的任务已收回。", "作废个案", "理由：重复建案", f'action="/cases/{case}/reopen"'):
        assert words in page
    assert f'action="/cases/{case}/void"' not in page
    number = case_of(town, case).number
    assert number not in leader.get("/cases/").text
    assert number in leader.get("/cases/?show=void").text
    found = leader.post("/cases/", {"q": number}).headers["Location"]
    assert number in leader.get(found).text


def test_whoever_has_a_task_in_a_case_is_offered_nothing_on_the_whole(town: Town) -> None:
    task = town.dispatched()
    page = town.client("clerk").get(f"/cases/{task.case}").text
    assert "整件个案的办理" not in page
    answer = town.client("clerk").post(f"/cases/{task.case}/void", {"version": 1, "reason": "x"})
    assert answer.status_code == 403


def test_a_clue_is_chosen_and_moved_by_its_number(town: Town) -> None:
    one, other = town.report(), town.report(id_number=None, name="孙桂兰")
    leader, clue = town.client("leader"), clue_of(town, other.case)
    page = leader.get(f"/cases/{other.case}").text
    assert f'<option value="{clue.id}">' in page
    told = {"clue": clue.id, "number": one.case_number, "reason": "同一人", "version": 1}
    assert leader.post(f"/cases/{other.case}/link", told).status_code == 303
    assert "本案的线索已并入别的个案" in leader.get(f"/cases/{other.case}").text
    assert clue_of(town, one.case).case == one.case
    assert "线索" in leader.get(f"/cases/{one.case}").text
    assert "归并线索" in leader.get(f"/cases/{other.case}").text
    told["number"] = "没有的案号"
    assert leader.post(f"/cases/{one.case}/link", told).status_code == 404


def test_a_verb_that_is_none_of_a_case_is_no_address(town: Town) -> None:
    case = town.report().case
    for verb in ("claim", "submit", "confirm-dispatch", "remind", "withdraw", "nothing"):
        assert town.client("leader").post(f"/cases/{case}/{verb}", {"version": 1}).status_code == 404


def test_a_report_is_put_right_without_showing_what_is_sealed(town: Town) -> None:
    told = town.report()
    worker = town.client("worker")
    assert f'href="/forms/sent/{told.submission}/correct"' in worker.get(f"/forms/sent/{told.submission}").text
    page = worker.get(f"/forms/sent/{told.submission}/correct").text
    for secret in ("370304195803142240", "13805331234", "脑梗死<", 'value="脑梗死"'):
        assert secret not in page
    assert 'value="孙桂兰"' in page
    answer = worker.post(f"/forms/sent/{told.submission}/correct", entered(difficulty="更正后：药费较多。"))
    assert answer.headers["Location"] == f"/forms/sent/{NEW}?done=correct"
    assert worker.get(answer.headers["Location"]).status_code == 200
    kept = worker.get(f"/forms/sent/{told.submission}").text  # the address that was noted on the first day
    assert f'href="/forms/sent/{NEW}/correct"' in kept
    assert f'data-sent="{told.submission}"' in kept
    with connection(town.deployment.database) as reader:
        now = reader.find(Submission, NEW)
    assert now is not None
    assert now.sealed is not None
    case = town.client("leader").get(f"/cases/{told.case}").text
    assert "<del>因脑梗住院，自付医药费较多，家中仅靠务农收入。</del> → 更正后：药费较多。" in case
    assert "更正线索" in case


def test_a_correction_with_something_wrong_comes_back_as_typed(town: Town) -> None:
    told = town.report()
    path = f"/forms/sent/{told.submission}/correct"
    answer = town.client("worker").post(path, entered(residence="", name="改了名"))
    assert answer.status_code == 422
    assert 'value="改了名"' in answer.text
    same = town.client("worker").post(path, entered())
    assert (same.status_code, "完全相同" in same.text) == (422, True)


def test_a_report_is_taken_back_by_whoever_sent_it(town: Town) -> None:
    told = town.report()
    path = f"/forms/sent/{told.submission}"
    assert town.client("other-worker").post(f"{path}/withdraw", {"reason": "x"}).status_code == 404
    worker = town.client("worker")
    answer = worker.post(f"{path}/withdraw", {"reason": "报错了人"})
    page = worker.get(answer.headers["Location"]).text
    assert "已撤回" in page
    assert f"{path}/correct" not in page
    assert case_of(town, told.case).ended_as == "withdrawn"
    assert "线索已撤回" in worker.get("/forms/").text


def test_whose_file_one_writes_in_stands_beside_the_form(town: Town) -> None:
    task = town.dispatched()
    page = town.client("clerk").get(f"/tasks/{task.id}/complete").text
    beside = re.search(r"<aside.*?</aside>", page, re.S)
    assert beside
    for words in ("孙桂兰", "一般", "因脑梗住院", case_of(town, task.case).number):
        assert words in beside[0]
    assert "脑梗死<" not in beside[0]
