"""Walks through what is decided in common: a meeting with three cases, a publication that somebody objects to."""

import io
import re

from pypdf import PdfReader
from walking import TODAY, Hand, Visitors

from sheets.books import number

PLACE, VILLAGE = "域城镇", "北域城村委会"
APPLICATION = "刚性支出困难家庭认定申请书"
WAYS = (
    ("one-case-one-plan:studied", "外地门诊费用是否计入刚性支出。", "有处方和付款记录的，予以计入。"),
    ("refuse:studied", "目录外药费是否计入刚性支出。", "按规定不计入，刚性支出没有达到规定比例。"),
    ("one-case-one-plan:studied", "没有结算单的住院费用怎样认定。", "凭医院出具的费用清单认定。"),
)
"""How each is decided, after what was asked, and what was thought of it."""
OBJECTION = "反映其名下有一辆小汽车，请核实。"


def meeting_of_three(among: Visitors) -> None:
    """A third case joins the agenda; all three are decided; the minutes, agreed to and signed off, say so."""
    applicant = "牧青山"
    _applied(among.of("yucheng"), applicant)
    bureau = among.of("minzheng")
    _on_the_agenda(bureau, applicant)
    cases = _held(bureau)
    address = bureau.page.url.partition("?")[0]
    for case in cases:
        bureau.page.goto(case)
        assert "审核认定" in bureau.text("p.now"), f"{case} has not moved on"
        bureau.reads("会议研究")
    bureau.look("议决后的个案")
    bureau.page.goto(address)
    _minuted(bureau)
    _agreed(among.of("yucheng"))
    _signed(among.of("zhuren"), address)


def _applied(hand: Hand, name: str) -> None:
    """Let the township take an application, examine it, and find it too complicated to settle alone."""
    hand.menu("填报")
    hand.click(f"a:has-text('{APPLICATION}')")
    hand.fill("applied_on", TODAY)
    hand.tick("applied_by", "self")
    hand.fill("name", name)
    hand.tick("sex", "male" if int(number(711)[16]) % 2 else "female")
    hand.fill("id_number", number(711))
    hand.place("residence", PLACE, VILLAGE)
    hand.place("registration", PLACE, VILLAGE)
    for field, value in (("household_size", "3"), ("household_income", "45000"), ("medical_expense", "61000")):
        hand.fill(field, value)
    hand.fill("difficulty", "长期在外地住院，报销以后自付部分仍很重。")
    hand.tick("promised", "true")
    hand.tick("authorised", "true")
    hand.send()
    hand.reads("已收到")
    hand.click("a:has-text('查看个案')")
    hand.until("受理审查，", "p.now")
    _task(hand, {"examined_on": TODAY}, {"on_behalf": "false", "materials_complete": "true", "outcome": "accepted"})
    hand.until("家庭经济状况调查，", "p.now")
    told = {
        "visited_on": TODAY, "investigator_1": "李洪亮", "investigator_2": "周传刚", "household_size": "3",
        "household_income": "45000", "medical_expense": "61000", "findings": "外地门诊费用没有结算单，是否计入拿不准。",
    }  # fmt: skip
    _task(hand, told, {"eligible": "true", "complex": "true", "outcome": "complicated"})
    hand.until("“一事一议”，", "p.now")
    hand.look("提请会商的个案")


def _task(hand: Hand, told: dict[str, str], ticked: dict[str, str]) -> None:
    """Sign for the open task of the case that is shown, and complete it."""
    if (claim := hand.page.locator("main button:has-text('签收')")).count():
        with hand.page.expect_navigation():
            claim.first.click()
    hand.click("main article a.button[href$='/complete']")
    for name, text in told.items():
        hand.fill(name, text)
    for name, value in ticked.items():
        hand.tick(name, value)
    hand.send()


def _on_the_agenda(hand: Hand, name: str) -> None:
    """Put the third case on the agenda of the meeting that was called, and open it with who came."""
    hand.menu("会商")
    hand.reads("件个案等待研究")
    hand.look("会商")
    hand.click("main tbody tr:has(.tag:text-is('待开会')) td.t-person a")
    assert len(hand.texts("article.task")) == 2
    hand.unfold("加入议题")
    hand.page.locator(f"label.tick:has-text('{name}')").click()
    hand.click("button:text-is('加入议题')")
    assert len(hand.texts("article.task")) == 3
    hand.reads(name)
    hand.unfold("签到开会")
    for label, who in (("区民政局", "分管负责人、救助科负责人"), (PLACE, "民政工作负责人")):
        seat = hand.page.locator(f".field:has(label.tickline:has-text('{label}'))")
        seat.locator("input[name=present]").check()
        seat.get_by_placeholder("到会人员").fill(who)
    hand.look("签到")
    hand.click("button:has-text('确认开会')")
    hand.reads("正在开会，还有 3 件待议决")


def _held(hand: Hand) -> list[str]:
    """Decide one case after another, close the meeting, and return the addresses of the cases."""
    for n, (way, points, opinion) in enumerate(WAYS):
        hand.click("a.button:has-text('议决')")
        hand.fill("met_on", TODAY)
        hand.fill("participants", "区民政局、域城镇")
        hand.fill("points", points)
        hand.fill("opinion", opinion)
        hand.tick("way", way)
        hand.fill("votes_for", "2")
        if n == 0:
            hand.look("议决")
        hand.send()
    hand.reads("议题都有了着落")
    hand.click("button:has-text('结束会议')")
    decided = [words for words in hand.texts("article.task") if re.search("一事一议；|不予救助；", words)]
    assert len(decided) == len(WAYS), decided
    hand.look("会议结束")
    links = hand.page.locator("article.task h3 a").all()
    return [hand.among.stage.address + str(each.get_attribute("href")) for each in links]


def _minuted(hand: Hand) -> None:
    hand.fill("chair", "副局长李某某")
    hand.fill("recorder", "救助科经办人")
    hand.fill("remarks", "今后同类情形按本次意见办理。")
    hand.click("button:has-text('送到会单位征求意见')")
    hand.until("打开征求意见稿")
    hand.reads("征求意见")
    hand.look("征求意见")


def _agreed(hand: Hand) -> None:
    hand.menu("会商")
    hand.click("main tbody tr:has(.tag:text-is('已结束')) td.t-person a")
    hand.reads("代表域城镇")
    hand.look("镇里答复")
    hand.click("button:has-text('同意纪要')")


def _signed(hand: Hand, address: str) -> None:
    """Sign the minutes off, open them, and find in them what was decided about each of the three."""
    hand.page.goto(address)
    hand.reads("到会单位都已同意")
    hand.click("button:has-text('签发纪要')")
    hand.until("打开纪要（PDF）")
    hand.look("签发以后")
    names = [re.sub(r"^\d+．", "", title) for title in hand.texts("article.task h3")]
    paper = hand.page.locator("a:has-text('打开纪要（PDF）')").get_attribute("href")
    data = hand.page.request.get(hand.among.stage.address + str(paper)).body()
    (hand.among.folder / f"{hand.among.walk}-纪要.pdf").write_bytes(data)
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))
    assert len(names) == 3
    assert [name for name in names if name[0] not in text] == [], text
    assert [opinion for _, _, opinion in WAYS if opinion not in text] == [], text


def publication_objected(among: Visitors) -> None:
    """Somebody objects to what hangs on the board: it is shown there, and 无异议 is not to be had before the answer."""
    hand = among.of("yucheng")
    hand.menu("公示")
    hand.look("公示")
    hangs = "main tbody tr:has(.tag:text-is('正在公示'))"
    name = hand.text(f"{hangs} td.t-person a")
    hand.click(f"{hangs} td.t-person a")
    page = hand.page.url
    hand.reads("目前没有收到异议", "正在公示")
    hand.look("没有异议")
    hand.click("a:has-text('登记异议')")
    assert hand.page.input_value("[name=name]"), "whom it is about is filled in"
    _objects(hand)
    hand.page.goto(page)
    hand.reads("公示期间收到异议1件：1件正在核查", "郑*安（实名）")
    hand.reads_not("郑国安")
    hand.look("有异议")
    hand.menu("公示")
    assert "异议 1 件" in hand.text(f"main tbody tr:has(td.t-person a:text-is('{name}'))")
    hand.page.goto(page)
    _refused(hand)
    _heard(among, page)
    _answered(hand, page)


def _objects(hand: Hand) -> None:
    hand.fill("raised_on", TODAY)
    hand.fill("content", OBJECTION)
    hand.tick("named", "true")
    hand.fill("objector", "郑国安")
    hand.fill("objector_phone", "13900000731")
    hand.look("登记异议")
    hand.send()
    hand.reads("已收到")


def _refused(hand: Hand) -> None:
    """Go and end the posting: that nobody objected is not to be had."""
    hand.click("a:has-text('查看个案')")
    hand.reads("异议 1 件", "正在核查，办结以前不进入下一环节")
    if (claim := hand.page.locator("main button:has-text('签收')")).count():
        with hand.page.expect_navigation():
            claim.first.click()
    hand.click("main article a.button[href$='/complete']")
    hand.reads("正在核查，办结以前不进入下一环节")
    assert hand.texts("[data-field=outcome] label.tick") == ["公示有异议"]
    hand.look("不能记为无异议")


def _heard(among: Visitors, page: str) -> None:
    """The bureau that reads the publication sees the objection and who is at it, and what it says in its case."""
    bureau = among.of("minzheng")
    bureau.page.goto(page)
    bureau.reads("公示期间收到异议1件：1件正在核查")
    bureau.click("section:has(#h-objections) tbody a")
    bureau.reads(OBJECTION, "对哪一公示提出", "正在公示")
    bureau.look("异议个案")


def _answered(hand: Hand, page: str) -> None:
    """Look into it and find it wrong: the publication says so, and its case goes on by itself again in time."""
    hand.page.goto(page)
    hand.click("section:has(#h-objections) tbody a")
    told = {"verified_on": TODAY, "findings": "到车管所查询，名下没有车辆。", "answered_on": TODAY}
    _task(hand, told, {"upheld": "false", "outcome": "rejected"})
    hand.reads("异议不成立")
    hand.page.goto(page)
    hand.reads("公示期间收到异议1件：1件经核查不成立")
    hand.look("异议办结")
    hand.click("a:has-text('查看个案')")
    hand.reads("期满，自动进入下一环节")
    hand.reads_not("办结以前不进入下一环节")
