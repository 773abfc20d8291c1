"""Cases that wait for a meeting of the town, and its sittings."""

from datetime import date, timedelta
from typing import Any

from actions.town import TOWNSHIP, VILLAGE, Town
from xunfang.actions.meetings import call_sitting, decide_item, do_to_sitting
from xunfang.actions.submitting import submit
from xunfang.casework import AgendaItem, Sitting
from xunfang.identity import make_id
from xunfang.store import Account, Task, new_id, transaction

MEETING, CONVENER = "case-by-case", "civil-affairs"
MEMBERS = {CONVENER: "赵主任", f"township:{TOWNSHIP}": "钱所长"}
RECORD = {"met_on": "2026-03-10", "participants": "区民政局、镇政府", "opinion": "同意计入异地医疗支出。"}
_NAMES = ("王建军", "李桂兰", "张秀英", "陈玉华")


def with_convener(town: Town) -> Town:
    """Give the convening bureau somebody who may complete its tasks."""
    with transaction(town.database, "") as tx:
        tx.insert(
            Account(
                id="account-convener", login="convener", name="测试召集人", password_hash="", created_at=town.at,
                jurisdiction="370304-boshan", unit=CONVENER, roles=("clerk",), division="370304",
            )
        )  # fmt: skip
    return town


def application(n: int) -> dict[str, Any]:
    """Return an application of one household."""
    number = make_id("370304", date(1958, 3, 10) + timedelta(days=n), 21)
    return {
        "applied_on": "2026-03-09", "applied_by": "self", "name": _NAMES[n % len(_NAMES)], "sex": "male",
        "document": "citizen-card",
        "id_number": number, "phone": "13800000000", "residence": VILLAGE,
        "registration": VILLAGE, "address": "村东头", "household_size": 1, "members": [
            {"name": _NAMES[n % len(_NAMES)], "relation": "self", "document": "citizen-card",
             "id_number": number, "health": "healthy", "income": 3}],
        "household_income": 3, "difficulty": "住院自付很多", "unchanged_materials": True, "living_expense": 3,
        "medical_expense": 3, "education_expense": 3, "rehabilitation_expense": 3, "other_expense": 3,
        "near_relative": False, "promised": True, "authorised": True,
    }  # fmt: skip


_SURVEY = {
    "visited_on": "2026-03-10", "investigator_1": "孙立", "investigator_2": "周平", "special_case": False,
    "household_size": 1, "household_income": 3, "living_expense": 3, "medical_expense": 3, "education_expense": 3,
    "rehabilitation_expense": 3, "other_expense": 3, "findings": "支出在外地医院。", "eligible": True, "complex": True,
}  # fmt: skip


def waiting(town: Town, n: int = 0) -> Task:
    """Bring a household's application to where a meeting studies it; returns the task that waits."""
    key = new_id()
    case = submit(
        town.deployment, town.actor("township"), "rigid-expense-application", application(n), key, town.at
    ).case
    unit = f"township:{TOWNSHIP}"
    accepted = {"examined_on": "2026-03-10", "on_behalf": False, "materials_complete": True}
    town.complete("township", town.task(case, unit), "accepted", accepted)
    town.complete("township", town.task(case, unit), "complicated", _SURVEY)
    return town.task(case, CONVENER)


def called(town: Town, *tasks: Task) -> Sitting:
    """Return a sitting that was called with these tasks on it."""
    keys = [task.id for task in tasks]
    actor = town.actor("convener")
    key = call_sitting(town.deployment, actor, MEETING, "2026-03-11T09:00", "三楼会议室", keys, town.at)
    return town.first(Sitting, id=key)


def opened(town: Town, *tasks: Task, present: dict[str, str] | None = None) -> Sitting:
    """Return a sitting at which these units are."""
    sitting = called(town, *tasks)
    do(town, "open-sitting", sitting, present=MEMBERS if present is None else present)
    return town.first(Sitting, id=sitting.id)


def do(town: Town, verb: str, sitting: Sitting, by: str = "convener", **told: Any) -> None:
    """Do a verb to a sitting."""
    do_to_sitting(town.deployment, town.actor(by), verb, sitting.id, town.at, **told)


def item_of(town: Town, task: Task) -> AgendaItem:
    """Return the last item that a task was put on a sitting as."""
    return max(town.rows(AgendaItem, task=task.id), key=lambda item: item.turn)


def settle(town: Town, task: Task, by: str = "convener", version: int = 0, key: str = "", **told: Any) -> str:
    """Decide a task's item; returns the key it was sent by."""
    item, key = item_of(town, task), key or new_id()
    told = {"decision": "one-case-one-plan", **told}
    version = version or item.version
    decide_item(town.deployment, town.actor(by), item.id, version, told, "studied", RECORD, key, town.at)
    return key
