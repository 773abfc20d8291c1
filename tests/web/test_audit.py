"""留痕查询: every event in words for the auditor, nobody's name or number, and a chain that can be verified."""

import ast
import re
from pathlib import Path

import pytest
from conftest import JURISDICTION, NOW, PASSWORD, Town, report_answers

import xunfang
from xunfang.actions import auditing
from xunfang.actions.accounts import AccountChange, NewAccount, change_account, create_account
from xunfang.actions.acting import acting
from xunfang.actions.reading import reveal
from xunfang.casework.reminding import EVENTS
from xunfang.desk import Readings
from xunfang.desk.event_words import WORDS
from xunfang.desk.labels import Labels
from xunfang.desk.record import KINDS, names_of
from xunfang.store import PAGE_LENGTH, Event, connection
from xunfang.web import DemoLogin, Site, create_web

PACKAGE = Path(xunfang.__file__).parent
RECORDS = ("act.event", "draft.event")


def recorded() -> set[str]:
    """Return the names of all events that casework and actions record, whether written out or chosen between."""
    paths = [path for floor in ("actions", "casework") for path in (PACKAGE / floor).glob("*.py")]
    trees = [ast.parse(path.read_text("utf-8")) for path in paths]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    told = [node.args[0] for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in RECORDS]
    told += [part for node in nodes if isinstance(node, ast.IfExp) for part in (node.body, node.orelse)]
    texts = {node.value for node in told if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if re.fullmatch(r"[a-z]+\.[a-z_]+", text)} | set(EVENTS.values())


def test_every_event_has_words_and_a_kind() -> None:
    assert len(recorded()) > 45
    assert recorded() - WORDS.keys() == set()
    kinds = [name for kind in KINDS for name in names_of(kind)]
    assert sorted(kinds) == sorted(WORDS)
    assert names_of("no-such-kind") == ()


def test_the_auditor_reads_what_happened_without_any_person(town: Town) -> None:
    answers = report_answers()
    task = town.dispatched(name="金丝雀")
    reason = f"给金丝雀回电话{answers['phone']}，核对{answers['id_number']}"
    reveal(town.deployment, town.actor("clerk"), task.case, "id_number", reason, NOW)
    page = town.client("auditor").get("/audit/").text
    for words in (
        "查看加密内容：身份证号",
        "理由：给（当事人）回电话138****",
        "测试clerk",
        "医保分局",
        "批示同意拟办意见",
    ):
        assert words in page
    number = town.client("leader").get(f"/cases/{task.case}").text
    found = re.search(r'data-head="案号"><div class="num">([^<]+)</div>', page)
    assert found
    assert found[1] in number
    for secret in ("金丝雀", answers["phone"], answers["id_number"], answers["illness"], answers["difficulty"]):
        assert secret not in page


def test_why_numbers_were_taken_along_whole_is_the_auditors_to_read(town: Town) -> None:
    """Of a long export as it is asked for, and of a roll as it is opened, there is no case in which it stood."""
    told = {"reason": "给金丝雀所在银行核对13912345678"}
    with acting(town.deployment, town.actor("leader"), NOW) as act:
        for name in ("ledger.export_asked", "roll.opened"):
            act.event(name, data=told)
    page = town.client("auditor").get("/audit/?kind=casework").text + town.client("auditor").get("/audit/").text
    assert page.count("理由：给金丝雀所在银行核对139****") == 3
    assert "已写明，见个案" not in page


def test_what_happened_to_an_account_is_told_in_words(town: Town) -> None:
    admin, clerk = town.actor("admin"), town.actor("clerk").account
    moved = AccountChange(unit="township:370304102", roles=("clerk", "reporter"), password="Given-by-me-3")
    change_account(town.deployment, admin, clerk, moved, NOW)
    change_account(town.deployment, admin, clerk, AccountChange(state="disabled"), NOW)
    change_account(town.deployment, admin, clerk, AccountChange(state="active"), NOW)
    new = NewAccount("newcomer", "新同事", "First-Pass-11", admin.jurisdiction, "medical-insurance-bureau", ("clerk",))
    create_account(town.deployment, admin, new, NOW)
    page = town.client("auditor").get("/audit/?kind=entry").text
    labels = Labels(town.deployment.rulebooks.of(admin.jurisdiction))
    bureau, township = labels.unit("medical-insurance-bureau"), labels.unit("township:370304102")
    for words in (
        f"单位由“{bureau}”改为“{township}”",
        f"角色由“{labels.role('clerk')}”改为“{labels.role('clerk')}、{labels.role('reporter')}”",
        "停用账号",
        "恢复使用账号",
        "重置密码",
        f"单位：{bureau}",
    ):
        assert words in page
    assert "承办：" not in page
    assert "姓名由" not in page


def test_why_a_task_was_returned_stays_in_the_case(town: Town) -> None:
    task = town.dispatched()
    back = {"version": task.version, "reason": "患尿毒症，参保地在外区"}
    assert town.client("clerk").post(f"/tasks/{task.id}/return", back).status_code == 303
    page = town.client("auditor").get("/audit/?kind=casework").text
    assert "理由：已写明，见个案" in page
    assert "尿毒症" not in page
    assert "尿毒症" in town.client("leader").get(f"/cases/{task.case}").text


def test_the_record_is_asked_by_kind_person_and_day(town: Town) -> None:
    town.dispatched()
    auditor = town.client("auditor")
    assert "批示同意拟办意见" in auditor.get("/audit/?kind=casework&who=leader").text
    assert "批示同意拟办意见" not in auditor.get("/audit/?kind=papers").text
    assert "批示同意拟办意见" not in auditor.get("/audit/?who=worker").text
    assert "上报线索" in auditor.get("/audit/?who=测试worker").text
    assert "上报线索" in auditor.get("/audit/?since=2026-09-29&until=2026-09-29").text
    assert "没有符合条件的留痕" in auditor.get("/audit/?since=2026-09-30").text
    assert "没有符合条件的留痕" in auditor.get("/audit/?until=2026-09-28").text
    for nonsense in ("kind=x&since=2026-99-99", "until=yesterday", "since=0001-01-01", "until=9999-12-31"):
        assert "上报线索" in auditor.get(f"/audit/?{nonsense}").text
    assert auditor.get("/audit/?after=zzz").status_code == 400


def test_older_events_are_a_page_away_and_the_question_is_kept(town: Town) -> None:
    for _ in range(8):
        town.dispatched(id_number=None)
    first = town.client("auditor").get("/audit/?kind=casework").text
    link = re.search(r'href="(/audit/\?[^"]+)">更早的留痕', first)
    assert link
    assert "kind=casework" in link[1]
    second = town.client("auditor").get(link[1].replace("&amp;", "&")).text
    numbers = [set(re.findall(r'data-head="编号"><div class="num">(\d+)', page)) for page in (first, second)]
    assert len(numbers[0]) == PAGE_LENGTH
    assert numbers[1]
    assert not numbers[0] & numbers[1]


def test_verifying_shows_a_head_to_write_down_and_leaves_a_trace(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.dispatched()
    auditor = town.client("auditor")
    page = auditor.post("/audit/verify").text
    assert re.search(r"抄录在本系统以外", page)
    assert re.search(rf'<strong class="num">{JURISDICTION}:\d+:[0-9a-f]{{12}}</strong>', page)
    assert "核验留痕" in page
    monkeypatch.setattr(auditing.verify_record, "__kwdefaults__", {"most": 3})
    page = auditor.post("/audit/verify").text
    assert "已核验到第3条" in page
    assert 'name="after" value="3"' in page
    assert "已核验到第6条" in auditor.post("/audit/verify", {"after": "3"}).text
    assert "从第99999条起不符" in auditor.post("/audit/verify", {"after": "99999"}).text


def test_an_end_cut_off_is_found_by_what_was_copied_from_the_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.dispatched()
    auditor = town.client("auditor")
    found = re.search(
        rf'<strong class="num">{JURISDICTION}:(\d+):([0-9a-f]{{12}})</strong>', auditor.post("/audit/verify").text
    )
    assert found
    n, start = found.groups()
    assert "没有改动、删除或调换" in auditor.post("/audit/verify", {"noted": f" {n}：{start} "}).text
    assert f"从第{n}条起不符" in auditor.post("/audit/verify", {"noted": f"{n}:{'0' * 12}"}).text
    page = auditor.post("/audit/verify", {"noted": f"9{n}:{start}"}).text
    assert f"抄录的第9{n}条不在其中" in page
    assert "末尾可能被截去" in page
    assert f"抄录过而已不存在的编号：9{n}" in auditor.get("/audit/").text
    monkeypatch.setattr(auditing.verify_record, "__kwdefaults__", {"most": 3})
    page = auditor.post("/audit/verify", {"noted": f"9{n}:{start}"}).text
    assert "已核验到第3条" in page
    assert f'name="noted" value="9{n}:{start}"' in page


@pytest.mark.parametrize("noted", ["12", "12:abc", "x:0a1b2c3d4e5f", "9" * 30 + ":0a1b2c3d4e5f"])
def test_what_cannot_have_been_copied_from_the_page_is_told_in_words(town: Town, noted: str) -> None:
    before = town.events()
    answer = town.client("auditor").post("/audit/verify", {"noted": noted})
    assert answer.status_code == 422
    assert "没有核验：抄录的编号和校验码应写成" in answer.text
    assert f'value="{noted}"' in answer.text
    assert town.events() == before


def test_gaps_in_the_numbers_are_explained_and_the_command_is_the_demonstrations(town: Town) -> None:
    assert "编号在本辖区内连续" in town.client("auditor").get("/audit/").text
    assert "xunfang verify --head" in town.client("auditor").post("/audit/verify").text
    demo = (DemoLogin("某角色", "someone", PASSWORD),)
    town.app = create_web(Site(town.deployment, Readings(town.deployment), town.now, brand="测试平台", demo=demo))
    assert "xunfang verify --demo --head" in town.client("auditor").post("/audit/verify").text


def refusals(town: Town) -> list[tuple[str, str]]:
    with connection(town.deployment.database) as reader:
        return [(each.actor_name, each.data["endpoint"]) for each in reader.select(Event, name="access.refused")]


def test_who_is_refused_by_role_leaves_a_trace_once_a_day(town: Town) -> None:
    clerk = town.client("clerk")
    for path in ("/accounts/", "/accounts/", "/system/", "/no-such-page", "/cases/"):
        clerk.get(path)
    town.client("worker").post("/system/jobs/x/retry")
    town.app.test_client().get("/accounts/")
    told = [("测试clerk", "accounts.index"), ("测试clerk", "system.index"), ("测试worker", "system.retry")]
    assert refusals(town) == told
    page = town.client("auditor").get("/audit/?kind=entry").text
    assert "打开没有权限的页面，被拒绝" in page
    assert "页面：账号管理" in page
    town.later(days=1)
    town.client("clerk").get("/accounts/")
    assert len(refusals(town)) == 4


def test_what_the_person_did_not_mean_leaves_no_trace(town: Town) -> None:
    clerk = town.client("clerk")
    clerk.csrf = "forged"
    assert clerk.post("/accounts/").status_code == 403
    assert clerk.post("/accounts/", {"x": "y" * 100_000}).status_code == 403
    assert refusals(town) == []


def test_a_key_tried_by_hand_leaves_a_trace_once_a_day(town: Town) -> None:
    told = town.report()
    sibling = town.client("sibling")
    for _ in range(3):
        assert sibling.get(f"/cases/{told.case}").status_code == 404
    with connection(town.deployment.database) as reader:
        missed = reader.select(Event, name="access.missed")
    assert [(each.actor_name, each.case) for each in missed] == [("测试sibling", "")]
    assert "按编号查找范围以外或不存在的内容" in town.client("auditor").get("/audit/").text
