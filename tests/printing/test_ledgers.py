"""A printed ledger: across, its heads on every page, nothing cut off."""

import io

from pypdf import PdfReader

from printing.orders import sheet
from xunfang.printing.press import Press

HEADS = ["序号", "线索编号", "姓名", "居住地", "困难情形"]


def test_a_ledger_is_printed_across_with_its_heads_on_every_page(press: Press) -> None:
    rows = [[str(n), f"测〔2026〕{n}号", "测试甲", "测试镇测试村", "因病住院，自付较多。"] for n in range(1, 61)]
    parts = [{"heads": HEADS, "rows": rows}, {"heads": HEADS[:2], "rows": [row[:2] for row in rows[:3]]}]
    ledger = {
        "title": "测试台账",
        "unit": "测试办",
        "above": ["填报单位：测试办"],
        "parts": parts,
        "by": "测试",
        "notes": [],
    }
    pages = PdfReader(io.BytesIO(press.print_paper(sheet("ledger.html", {"ledger": ledger})).pdf)).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert len(pages) >= 3
    assert all(page.mediabox.width > page.mediabox.height for page in pages)
    assert all("序号" in text and "线索编号" in text for text in texts)
    assert all(f"测〔2026〕{n}号" in "".join(texts) for n in range(1, 61))
