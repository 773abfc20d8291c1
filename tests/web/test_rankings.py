"""Ranking tables on a phone: each cell stands under the other and says by itself what it is."""

import re
from pathlib import Path

import xunfang.web

PAGES = Path(xunfang.web.__file__).parent / "templates" / "pages"
RANKINGS = [page for page in sorted(PAGES.glob("*.html")) if "table-box ranking" in page.read_text("utf-8")]


def test_each_cell_of_a_ranking_says_what_it_is() -> None:
    assert len(RANKINGS) >= 2
    for page in RANKINGS:
        for body in re.findall(r"table-box ranking.*?<tbody>(.*?)</tbody>", page.read_text("utf-8"), re.S):
            cells = re.findall(r"<td[^>]*>", body)
            assert cells, page.name
            assert [cell for cell in cells if not re.search(r'data-head="[^"]+"', cell)] == [], page.name
            assert '<th scope="row">' in body, page.name
