"""The sheet of a board and the paper of a roster on the real press: heads on every page, who signed, the stamp."""

import io
from typing import Any

from pypdf import PdfReader

from printing.orders import sheet
from xunfang.printing.press import Press


def printed(press: Press, template: str, facts: dict[str, Any]) -> list[Any]:
    return list(PdfReader(io.BytesIO(press.print_paper(sheet(template, facts)).pdf)).pages)


def words(page: Any) -> str:
    return "".join(page.extract_text().split())


def test_several_households_hang_on_one_sheet(press: Press) -> None:
    rows = [[str(n), f"测试{n}", "2人", "530元"] for n in range(1, 31)]
    told = {
        "name": "测试",
        "title": "公示",
        "opens": "现予公示：",
        "heads": ["序号", "姓名", "人数", "金额"],
        "rows": rows,
    }
    sheet = {**told, "firsts": ["有异议的，请在10月8日以前向测试镇提出。"], "paper": "A3 landscape"}
    pages = printed(press, "board-sheet.html", {"sheet": sheet})
    assert float(pages[0].mediabox.width) > 1100 > float(pages[0].mediabox.height)
    assert words(pages[0]).startswith("公示有异议的，请在10月8日以前向测试镇提出。")
    assert all("序号姓名" in words(page) for page in pages)
    assert "公示单位（盖章）" in words(pages[-1])
    assert all(f"测试{n}" in "".join(map(words, pages)) for n in range(1, 31))


def test_a_roster_tells_who_signed_it_and_which_workbook_it_is_paid_by(press: Press) -> None:
    sums = {"heads": ["镇", "合计（元）"], "rows": [["测试镇", "1,591.50"]], "whole": ["合计", "1,591.50"]}
    who = {"drafter": "测试甲", "reviewer": "测试乙", "signer": "测试丙", "signed_at": "2026年3月10日"}
    what = {"title": "3月名册", "unit": "测试局", "month": "2026年3月", "to": "测试财政", "xlsx": "a1b2", "lines": 1}
    roster = {**who, **what, "sums": sums, "heads": ["姓名", "账号"], "rows": [["测试丁", "****0123"]]}
    text = "".join(map(words, printed(press, "roster.html", {"roster": roster})))
    assert all(
        f"{name}：{roster[key]}" in text
        for name, key in (("编制", "drafter"), ("审核", "reviewer"), ("签发", "signer"))
    )
    assert all(each in text for each in ("a1b2", "合计1,591.50", "测试丁****0123"))
