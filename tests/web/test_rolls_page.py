"""A roster of a month, page by page, from the draft to whoever pays; and a list of who is helped, printed."""

import re
from pathlib import Path

from played import played

from actions.roll import ACCOUNT, grant, number_of, person, staffed, work
from xunfang.actions.helped import begin_helped
from xunfang.casework import Roll


def test_a_roster_is_drafted_signed_and_handed_over(tmp_path: Path) -> None:
    town, served = played(tmp_path)
    staffed(town)
    for n, sign in enumerate("甲乙"):
        paid = grant(town, person(town, n, f"王{sign}"), "2026-01-01", 53050)
    grant(town, person(town, 5, "王丙"), "2026-01-01", None)
    drafter, checker, chief = (served.client(login) for login in ("drafter", "checker", "chief"))
    assert drafter.post("/rolls/month/begin", {"roster": "", "month": "2026-03"}).status_code == 422
    drafter.post("/rolls/month/begin", {"roster": "subsistence-roll", "month": "2026-03"})
    work(town)
    (roll,) = town.rows(Roll)
    page = f"/rolls/{roll.id}"
    shown = drafter.get(page).text
    assert "有 <strong>1</strong> 行不能发放" in shown
    assert "1,061.00" in shown
    assert not [secret for secret in (ACCOUNT, number_of(0)) if secret in shown]
    line = re.findall(rf"{page}/lines/(\w+)/hold-back", drafter.get(f"{page}?show=flagged").text)

    def do(who: object, path: str, **told: str) -> int:
        version = str(town.first(Roll, id=roll.id).version)
        return int(who.post(f"{page}/{path}", {"version": version, **told}).status_code)  # type: ignore[attr-defined]

    assert do(drafter, "do/lock-roll") == 422
    assert do(drafter, f"lines/{line[0]}/hold-back", reason="待核定金额") == 303
    assert do(drafter, "do/lock-roll") == 303
    assert do(drafter, "do/review-roll") == 403
    assert do(checker, "do/review-roll") == 303
    assert "待签发" in chief.get("/inbox/").text
    assert do(chief, "do/sign-roll") == 303
    work(town)
    assert do(drafter, "workbook") == 422, "no reason, no numbers"
    assert do(drafter, "workbook", reason="报区财政局发放三月低保金") == 200
    assert drafter.get(f"{page}/paper.pdf").data.startswith(b"%PDF")
    assert do(drafter, "do/hand-over-roll", day=f"{town.at:%Y-%m-%d}", receiver="李敏") == 303
    assert "已移交" in drafter.get("/rolls/").text
    assert "1 户" not in served.client("sibling").get(page).text
    assert "530.50 元" in served.client("township").get(f"/people/{paid.person}").text
    begin_helped(town.deployment, town.at)
    work(town)
    clerk = served.client("township")
    (listed,) = set(re.findall(r"/publications/helped/(\w+)", clerk.get("/publications/helped").text))
    assert "530.50元" in clerk.get(f"/publications/helped/{listed}").text
    clerk.post(f"/publications/helped/{listed}/print", {"paper": "a4"})
    work(town)
    (printed,) = re.findall(r"/publications/printed/(\w+)\.pdf", clerk.get("/publications/helped").text)
    assert clerk.get(f"/publications/printed/{printed}.pdf").data.startswith(b"%PDF")
    town.database.close()
