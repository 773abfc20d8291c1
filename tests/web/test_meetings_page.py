"""A meeting that decides three cases, page by page, as its convener and a member see it."""

import re
from pathlib import Path
from typing import Any

from played import played

from actions.meeting import RECORD, waiting, with_convener
from actions.town import TOWNSHIP, Town
from xunfang.casework import AgendaItem, Minutes, Sitting


def test_a_meeting_decides_three_cases(tmp_path: Path) -> None:
    town, served = played(tmp_path)
    with_convener(town)
    tasks = [waiting(town, n) for n in range(3)]
    convener, member = served.client("convener"), served.client("township")
    assert "有 <strong>3</strong> 件个案等待会议研究" in convener.get("/").text
    form = convener.get("/meetings/call?meeting=case-by-case").text
    assert len(re.findall(r'name="task" value="[^"]+"[^>]* checked', form)) == 3
    told = {"meeting": "case-by-case", "planned": "2026-03-10T15:00", "place": "三楼会议室"}
    assert convener.post("/meetings/call", {**told, "place": "", "task": [t.id for t in tasks]}).status_code == 422
    convener.post("/meetings/call", {**told, "task": [task.id for task in tasks]})
    (sitting,) = town.rows(Sitting)
    page = f"/meetings/{sitting.id}"
    convener.post(f"{page}/do/invite-to-sitting")
    assert "会议通知：“一事一议”会商" in member.get("/inbox/").text
    alone = convener.post(f"{page}/do/open-sitting", {"present": []})
    assert alone.status_code == 422
    assert "请勾选到会的单位" in alone.text
    present = {"present": ["civil-affairs", f"township:{TOWNSHIP}"], "names.civil-affairs": "赵主任"}
    convener.post(f"{page}/do/open-sitting", present)
    for n, item in enumerate(sorted(town.rows(AgendaItem, sitting=sitting.id), key=lambda item: item.n)):
        path, told = f"/meetings/items/{item.id}/decision", {"way": "one-case-one-plan:studied", **RECORD}
        assert "议决第" in convener.get(path).text
        sent = {**told, "version": "1", "submission_id": f"{n:032x}", "votes_for": "2"}
        assert convener.post(path, {**sent, "opinion": ""}).status_code == 422
        assert convener.post(path, sent).status_code == 303
    assert convener.post(f"{page}/do/close-sitting").status_code == 303
    assert [town.case(task.case).state for task in tasks] == ["review"] * 3
    seen = member.get(page).text
    assert seen.count("一事一议；已集体研究") == 3
    assert "议决第" not in seen
    assert "一事一议”会商2026年第1次会议" in member.get(f"/cases/{tasks[0].case}").text
    assert served.client("sibling").get(page).status_code == 404
    minuted(town, convener, member, page)
    town.database.close()


def minuted(town: Town, convener: Any, member: Any, page: str) -> None:
    """Draw up the minutes, and let the other member agree: then they wait for whoever signs them off."""
    assert "整理纪要" in convener.get(page).text
    assert convener.post(f"{page}/minutes/draft-minutes", {"version": "0", "chair": ""}).status_code == 422
    told = {"version": "0", "chair": "副局长王某某", "remarks": "每月回访"}
    assert convener.post(f"{page}/minutes/draft-minutes", told).status_code == 303
    town.work_until()
    seen = member.get(page).text
    assert "正在征求意见" in seen
    assert "同意纪要" in seen
    assert member.get(f"{page}/minutes.pdf").data.startswith(b"%PDF")
    (minutes,) = town.rows(Minutes)
    member.post(f"{page}/minutes/agree-minutes", {"version": str(minutes.version)})
    assert "待签发" in convener.get(page).text
    assert "签发纪要" not in convener.get(page).text
