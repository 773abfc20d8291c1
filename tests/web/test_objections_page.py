"""An objection on the pages: from what hangs to the form, to its own case, and back; told to whoever keeps it."""

import re
from pathlib import Path

from played import played

from actions.posting import UNIT, posted
from actions.town import VILLAGE


def test_an_objection_is_handed_in_from_what_hangs_and_listed_there(tmp_path: Path) -> None:
    town, served = played(tmp_path)
    hangs = posted(town)
    clerk, page = served.client("township"), f"/publications/{hangs.id}"
    assert "目前没有收到异议" in clerk.get(page).text
    (form,) = re.findall(r'href="(/forms/objection\?publication=\w+)"', clerk.get(page).text)
    empty = clerk.get(form).text
    assert 'value="欧阳建国"' in empty
    assert "办结以前，公示不能记为无异议" in empty
    told = {
        "raised_on": "2026-03-10", "name": "欧阳建国", "residence": VILLAGE, "content": "家里有两辆货车",
        "named": "true", "objector": "郑国安",
    }  # fmt: skip
    wrong = clerk.post(form, {**told, "name": "欧阳军"})
    assert (wrong.status_code, form in wrong.text) == (422, True)
    assert clerk.post(form, told).status_code == 303
    shown = clerk.get(page).text
    assert "公示期间收到异议1件：1件正在核查" in shown
    assert "郑*安（实名）" in shown
    assert "郑国安" not in shown
    assert re.search(r'异议 <span class="num">1</span> 件', clerk.get("/publications/").text)
    (case,) = re.findall(r'href="/cases/(\w+)">异议', shown)
    assert f'href="{page}"' in clerk.get(f"/cases/{case}").text
    assert "公示收到异议" in clerk.get(f"/cases/{hangs.case}").text
    assert "正在核查，办结以前不进入下一环节" in clerk.get(f"/cases/{hangs.case}").text
    assert "自动进入下一环节" not in clerk.get(f"/cases/{hangs.case}").text
    assert "正在核查，办结以前不进入下一环节" in clerk.get("/?status=all").text
    assert [message.title for message in town.inbox(UNIT, "objection")] == ["公示收到异议"]
    assert "直接填写" in clerk.get("/forms/objection").text
    town.database.close()
