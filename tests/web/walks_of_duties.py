"""Walks through what recurs: a monthly visit on the phone, a list handed back with errors, a report and its figures."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from PIL import Image
from walking import PHONE, TODAY, Hand, Visitors, numbers_in

from sheets.books import listed, number, patient

VISIT = "家有重病、分散供养特困人员、孤困儿童走访联系"
LIST = "居民医保大额住院费用人员"
REPORT = "困难线索办理落实情况月报"
PROBLEM = "核对问题"


def visit_on_the_phone(among: Visitors) -> None:
    """A village's cadre visits whom the month asks for, with a photo; list, file and township know of it."""
    hand = among.of("dy-xiaosong", PHONE)
    hand.menu("走访")
    hand.fits()
    hand.look("名单")
    before, owed = _progress(hand, VISIT), numbers_in(hand.text("nav.switch a[aria-current]"))[0]
    due = f"main tbody tr:has(.t-what strong:text-is('{VISIT}')):has(a.button)"
    name = hand.text(f"{due} .t-person strong")
    assert len(hand.lines()) == owed, "as many rows as the tab says"
    hand.menu("走访")
    hand.click(f"{due} a.button")
    hand.fits()
    hand.reads(name, VISIT, "第1节，共3节")
    assert hand.page.input_value("[name=visited_on]") == TODAY, "the day is filled in"
    hand.look("填写")
    _fill_visit(hand, among.folder)
    hand.reads("走访记录已保存，已计入走访任务。")
    assert _progress(hand, VISIT) == [before[0], before[1] + 1], "one more of as many was visited"
    assert numbers_in(hand.text("nav.switch a[aria-current]"))[0] < owed
    assert not hand.page.locator(due).get_by_text(name, exact=True).count(), "nobody is owed the same visit twice"
    hand.look("走访以后")
    hand.click("nav.switch a:has-text('已完成')")
    hand.reads(name, VISIT)
    hand.click(f"main tbody a:has-text('{name}')")
    hand.fits()
    hand.unfold(f"{TODAY}填报的情况")
    hand.reads("院子里收拾得干净，药在按时吃。")
    assert hand.page.locator(f"img[alt='{TODAY}走访照片1']").count() == 1
    hand.look("档案")
    _township_sees(among.of("dy-niuzhuang"), before[1] + 1)


def _fill_visit(hand: Hand, folder: Path) -> None:
    """Go through the sections as somebody at a gate does, and send them with a photo."""
    hand.page.click("[data-next]")
    hand.page.click("[data-next]")
    hand.tick("found_difficulty", "false")
    photo = folder / "门前.jpg"
    Image.new("RGB", (1200, 900), (96, 128, 88)).save(photo)
    hand.page.set_input_files("#f-photos", photo)
    hand.page.wait_for_selector("input[type=hidden][name=photos]", state="attached")
    hand.fill("remarks", "院子里收拾得干净，药在按时吃。")
    hand.look("照片和情况")
    hand.send()


def _progress(hand: Hand, label: str) -> list[int]:
    """Return how many the unit is to visit for a duty, and how many it has visited."""
    whole = hand.page.locator(f".wholes li:has(strong:text-is('{label}'))").first
    found = re.search(r"共 (\d+) 人，已走访 (\d+) 人", whole.text_content() or "")
    assert found, whole.text_content()
    return [int(each) for each in found.groups()]


def _township_sees(hand: Hand, visited: int) -> None:
    hand.menu("定期任务")
    hand.click(f"main tbody tr:has-text('{VISIT}'):has-text('小宋') td.t-person a")
    hand.reads(VISIT, f"已走访 {visited} 人", "待完成")
    hand.look("镇里看到的")


def list_handed_back(among: Visitors) -> None:
    """A list of bills comes back with its errors named row by row, is mended and goes through, and opens clues."""
    hand, path = among.of("yibao"), among.folder / "区第一医院九月大额住院费用.xlsx"
    path.write_bytes(listed(*_faulty()))
    _upload(hand, path)
    hand.until("已核对4人，其中3人有问题")
    hand.click("nav.switch a:has-text('问题')")
    told = {int(row[0]): row[3] for row in hand.lines()}
    assert sorted(told) == [3, 4, 5], told
    hand.look("有问题")
    back = hand.download("a:has-text('下载原表')")
    _same_but_for_the_column(path, back, told)
    mended = _mended(back, among.folder / "区第一医院九月大额住院费用（改好）.xlsx")
    _upload(hand, mended)
    hand.until("已核对4人，没有问题")
    hand.look("改好再报")
    hand.click("button:has-text('报送4人')")
    hand.reads("名单已报送。", "核收")
    _taken_in(among.of("paidan"), mended.name)


def _faulty() -> list[list[Any]]:
    """Return a list as it comes: a number with a wrong check digit, a short phone, no name beside no day."""
    wrong = number(702)[:-1] + ("0" if number(702)[-1] != "0" else "1")
    return [
        patient(701, name="麦秋菊", discharged_on="2026-09-16"),
        patient(702, name="谷长庚", id_number=wrong, discharged_on="2026-09-18"),
        patient(703, name="穆兰亭", phone="1390000070", discharged_on="2026-09-20"),
        patient(704, name="", discharged_on="上个月"),
    ]


def _upload(hand: Hand, path: Path) -> None:
    hand.menu("部门报送")
    hand.look("上传")
    form = hand.page.locator(f"section:has(h2:text-is('{LIST}')) form:has(input[type=file])")
    form.locator("input[type=file]").set_input_files(path)
    with hand.page.expect_navigation():
        form.locator("button:has-text('上传核对')").click()


def _rows(path: Path) -> tuple[Workbook, list[list[Any]]]:
    book = load_workbook(path)
    return book, [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def _same_but_for_the_column(sent: Path, back: Path, told: dict[int, str]) -> None:
    """Stop unless the sender's own workbook came back with one column more, which says what the page says."""
    (_, before), (_, after) = _rows(sent), _rows(back)
    width = len(before[0])
    assert [row[:width] for row in after] == before, "everything else is as it was sent"
    assert after[0][width] == PROBLEM
    words = {line: str(row[width]) for line, row in enumerate(after, 1) if line > 1 and row[width]}
    assert words.keys() == told.keys()
    for line, said in told.items():
        for sentence in said.splitlines():
            assert sentence.strip().rstrip("。") in words[line], (line, sentence, words[line])


def _mended(back: Path, path: Path) -> Path:
    """Return the workbook that came back, with its errors put right where they stand."""
    book, _ = _rows(back)
    sheet = book.worksheets[0]
    for place, value in {"C3": number(702), "D4": "13900000703", "B5": "宫素英", "G5": "2026-09-21"}.items():
        sheet[place] = value
    book.save(path)
    return path


def _taken_in(hand: Hand, file: str) -> None:
    """Let whoever gets the list take it in: each person who is not covered becomes a clue with a case."""
    hand.menu("部门报送")
    hand.click(f"main tbody tr:has-text('{file}') a")
    new = int(re.search(r"新线索 (\d+)", hand.text("nav.switch")).group(1))  # type: ignore[union-attr]
    assert new == 4
    hand.look("核收")
    hand.click("button:has-text('核收，登记新线索')")
    hand.until("整份撤销")
    hand.click("nav.switch a:has-text('新线索')")
    assert len(hand.lines()) == new
    assert hand.page.locator("main tbody a[href^='/cases/']").count() == new, "each opens its case"
    hand.look("核收以后")
    hand.click("main tbody a[href^='/cases/']")
    hand.reads("麦秋菊", "区第一医院")
    hand.look("立的线索")


def report_with_figures(among: Visitors) -> None:
    """A township's monthly report opens filled in; each figure opens as many rows as it says; it is handed in."""
    hand = among.of("yucheng")
    hand.menu("定期任务")
    hand.click("nav.switch a:text-is('待报送')")
    hand.look("定期任务")
    hand.click(f"main tbody tr:has-text('{REPORT}') td.t-person a")
    owed = hand.page.url
    hand.click("a.button:has-text('报送')")
    hand.look("打开已填好")
    told = _figures_opened(hand)
    assert told, "there are figures to open"
    for name in ("reporter", "reviewer"):
        if not hand.page.input_value(f"[name={name}]"):
            hand.fill(name, "李洪亮")
    hand.send()
    hand.reads("已报送")
    hand.look("报送以后")
    sent = {row[0]: (row[1], row[2]) for row in hand.lines() if len(row) > 3}
    assert {title: sent[title] for title in told} == {title: (value, value) for title, value in told.items()}
    reader = among.of("paidan")
    reader.page.goto(owed)
    reader.reads(REPORT, "李洪亮", *(f"{value}" for value in told.values()))
    reader.look("中心看到的")


def _figures_opened(hand: Hand) -> dict[str, str]:
    """Open the rows of each figure beside the report; return what each came to, by its title."""
    told = dict[str, str]()
    for box in hand.page.locator("[data-field].has-count").all():
        title, value = _caption(box), box.locator(".counted strong").first.inner_text()
        given = box.locator("input:not([name^='why-'])").first.input_value()
        assert Decimal(given) == Decimal(value.replace(",", "")), f"{title}: {given} filled in, {value} counted"
        told[title] = value
        if (link := box.locator("a:has-text('看是哪')")).count():
            with hand.page.expect_popup() as opened:
                link.click()
            beside = Hand(opened.value, hand.among)
            beside.page.wait_for_load_state()
            _agrees(beside, title, value)
            beside.page.close()
        else:
            assert Decimal(value) == 0, f"{title} is {value} and opens nothing"
    return told


def _caption(box: Any) -> str:
    return str(box.locator("label, legend").first.evaluate("each => each.firstChild.textContent")).strip()


def _agrees(hand: Hand, title: str, value: str) -> None:
    """Stop unless the rows behind a figure are as many as it says, or come to it where amounts are added up."""
    hand.look(title)
    heads = hand.texts("main thead th")
    rows = hand.lines()
    if "计入数额" in heads:
        place = heads.index("计入数额")
        came = sum(Decimal(re.sub(r"[^\d.]", "", row[place]) or "0") for row in rows)
    else:
        came = Decimal(len(rows))
    assert came == Decimal(value.replace(",", "")), f"{title}: {value} on the report, {came} behind it"
