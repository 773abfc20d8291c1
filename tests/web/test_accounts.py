"""账号管理: what an administrator chose is kept, disabling a step of its own, and every answer says what was done."""

import re
from pathlib import Path

from conftest import JURISDICTION, PEOPLE, ROOT, Town, open_town

from xunfang.clock import local_date
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files

OFF, ON = {"state": "disabled"}, {"state": "active"}
MIXED = ["clerk", "auditor"]


def chosen(page: str) -> set[str]:
    """Return the values of the form of one account that are ticked or selected."""
    return set(re.findall(r'value="([^"]*)"(?: checked| selected)', page))


def address(town: Town, login: str) -> str:
    return f"/accounts/{town.actor(login).account}"


def test_disabling_is_a_step_of_its_own_that_says_what_follows(town: Town) -> None:
    admin, clerk = town.client("admin"), address(town, "clerk")
    page = admin.get(clerk).text
    save = page[page.index('<form class="card"') :]
    assert "停用" not in save[: save.index("</form>")]
    box = page[page.index("<summary>停用账号") :]
    assert "任务退回本单位待签收" in box[: box.index("</details>")]
    assert "确认停用" in box[: box.index("</details>")]
    answer = admin.post(clerk, OFF)
    assert answer.status_code == 303
    page = admin.get(answer.headers["Location"]).text
    assert "账号已停用。" in page
    assert "确认停用" not in page
    page = admin.get(admin.post(clerk, ON).headers["Location"]).text
    assert "账号已恢复使用。" in page
    assert chosen(page) == {"medical-insurance-bureau", "clerk"}


def test_nobody_is_offered_to_disable_their_own_account(town: Town) -> None:
    admin, own = town.client("admin"), address(town, "admin")
    assert "停用账号" not in admin.get(own).text
    assert admin.post(own, OFF).status_code == 409


def test_a_refused_change_keeps_what_was_chosen(town: Town) -> None:
    wanted = {"name": "改后名", "unit": "township:370304102", "sight": "all", "roles": MIXED}
    answer = town.client("admin").post(address(town, "clerk"), wanted)
    assert answer.status_code == 422
    assert 'value="改后名"' in answer.text
    assert chosen(answer.text) == {"township:370304102", "all", *MIXED}
    assert "调整账号：测试clerk" in answer.text
    nothing = town.client("admin").post(address(town, "clerk"), {**wanted, "roles": []})
    assert chosen(nothing.text) == {"township:370304102", "all"}


def test_a_refused_opening_is_told_beside_its_form_and_keeps_what_was_chosen(town: Town) -> None:
    new = {"login": "newcomer", "name": "新同事", "unit": "service-centre", "password": "First-Pass-11", "sight": "all"}
    page = town.client("admin").post("/accounts/", {**new, "roles": MIXED}).text
    top, form = page.split('id="h-new"')
    assert 'href="#h-new"' in top
    assert 'role="alert">账号没有保存。' in form
    assert chosen(form) == {"service-centre", "all", *MIXED}
    assert "First-Pass-11" not in page


def test_who_works_on_no_cases_sees_none(town: Town) -> None:
    rows = town.client("admin").get("/accounts/").text.split("<tr>")
    told = {
        login: next(row for row in rows if f"<div>{login}</div>" in row) for login in ("auditor", "admin", "leader")
    }
    assert "不看个案" in told["auditor"]
    assert "不看个案" in told["admin"]
    assert "全部个案" in told["leader"]


def test_an_account_is_found_by_a_part_of_its_name_or_login(town: Town) -> None:
    admin = town.client("admin")

    def found(text: str) -> set[str]:
        page = admin.get("/accounts/", query_string={"find": text}).text
        return set(re.findall(r'data-head="用户名"><div>([^<]+)', page))

    assert found("worker") == {"worker", "other-worker"}
    assert found(" 测试clerk ") == {"clerk"}
    assert found("%") == found("_") == set()
    assert "没有找到" in admin.get("/accounts/?find=nobody").text


def test_a_deputy_is_named_on_the_own_page_works_there_and_the_course_says_for_whom(town: Town) -> None:
    task = town.dispatched()
    clerk, colleague = town.client("clerk"), town.client("colleague")
    clerk.post(f"/tasks/{task.id}/claim", {"version": "1"})
    told = {"version": "2", "to_unit": "housing-bureau", "reason": "实为住房问题", "case": task.case}
    assert colleague.post(f"/tasks/{task.id}/transfer", told).status_code == 409
    own, other = town.actor("clerk").account, town.actor("colleague").account
    page = clerk.get("/staff/").text
    assert "代理和交接" in page
    assert f'action="/staff/{own}/deputy"' in page
    day = local_date(town.at).isoformat()
    named = clerk.post(f"/staff/{own}/deputy", {"deputy": other, "first_on": day, "last_on": day})
    assert named.headers["Location"].endswith("done=deputy-named")
    assert "您今天代理测试clerk" in colleague.get("/").text
    assert colleague.post(f"/tasks/{task.id}/transfer", told).status_code == 303
    assert "测试colleague（代测试clerk）" in clerk.get(f"/cases/{task.case}").text


def test_an_administrator_hands_over_a_leavers_work_on_the_account_page(town: Town) -> None:
    task = town.dispatched()
    town.client("clerk").post(f"/tasks/{task.id}/claim", {"version": "1"})
    admin, leaver, heir = town.client("admin"), town.actor("clerk").account, town.actor("colleague").account
    page = admin.get(f"/accounts/{leaver}").text
    assert f'action="/staff/{leaver}/hand-over"' in page
    got = admin.post(f"/staff/{leaver}/hand-over", {"heir": heir})
    assert got.headers["Location"].endswith(f"/accounts/{leaver}?done=work-handed-over")
    assert town.task(task.id).claimed_by == heir
    assert "交接任务" in town.client("colleague").get(f"/cases/{task.case}").text


def test_others_are_consulted_answer_and_are_copied_in_on_the_page_of_the_case(town: Town) -> None:
    task = town.dispatched()
    clerk, asked = town.client("clerk"), town.client("township")
    page = clerk.get(f"/cases/{task.case}").text
    for verb in (f"/tasks/{task.id}/consult", f"/cases/{task.case}/note", f"/cases/{task.case}/copy"):
        assert f'action="{verb}"' in page
    told = {"to_unit": "township:370304102", "reason": "家中还有何人？", "case": task.case}
    assert clerk.post(f"/tasks/{task.id}/consult", told).status_code == 303
    consulted = next(each for each in town.tasks(task.case) if each.role == "consult")
    page = asked.get(f"/cases/{task.case}").text
    assert "家中还有何人？" in page
    assert f'action="/tasks/{consulted.id}/answer"' in page
    answer = {"version": "1", "reason": "独居，女儿在外地。", "case": task.case}
    assert asked.post(f"/tasks/{consulted.id}/answer", answer).status_code == 303
    page = clerk.get(f"/cases/{task.case}").text
    assert "答复意见：独居，女儿在外地。" in page
    assert "已答复" in page
    assert "会商已答复" in clerk.get("/inbox/").text


def test_units_that_lack_somebody_whom_a_rule_wants_are_listed(tmp_path: Path) -> None:
    rule = '[clerk]\nstaffed = [{ in = "township", at_least = 1, practice = "每镇专人" }]\n'
    files = {**read_files(ROOT), f"workflows/{JURISDICTION}/roles.toml": rule}
    town = open_town(tmp_path, {JURISDICTION: compile_rulebook(files, JURISDICTION)}, PEOPLE.values())
    try:
        page = town.client("admin").get("/accounts/").text
    finally:
        town.deployment.database.close()
    told = page[page.index("经办人：按规定各镇（街道）至少1名") :]
    assert "每镇专人" in told[: told.index("</details>")]
    assert "城东街道" in told[: told.index("</details>")]
