"""账号管理: what an administrator chose is kept, disabling a step of its own, and every answer says what was done."""

import re

from conftest import Town

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
