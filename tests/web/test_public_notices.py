"""What everybody may read without an account: masked, for its time only, and never a number, a phone or an illness."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from played import played

from actions.posting import ILLNESS, PHONE, number_of, object_to, on_the_website, posted
from actions.town import JURISDICTION, Town, compiled
from xunfang.casework import Publication
from xunfang.clock import parse
from xunfang.errors import TooOften
from xunfang.web.views import public_notices
from xunfang.web.views.public_notices import MOST, Readers

BOARD = f"/notices-public/{JURISDICTION}/"


@pytest.fixture(name="site")
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Town, object]]:
    monkeypatch.setattr(public_notices, "_readers", Readers())
    town, served = played(tmp_path, on_the_website(compiled()))
    yield town, served.app.test_client()
    town.database.close()


def test_a_stranger_reads_who_is_masked_and_to_whom_to_object(site: tuple[Town, object]) -> None:
    town, client = site
    hangs = posted(town)
    for path in (BOARD, f"{BOARD}{hangs.id}"):
        page = client.get(path)  # type: ignore[attr-defined]
        assert page.status_code == 200
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in page.text
        assert "欧**国" in page.text
        assert "<h1>博山区公示</h1>" in page.text
        assert page.text.index("有异议的，请在2026年3月") < page.text.index("欧**国")


def test_no_page_without_an_account_tells_what_must_stay_hidden(site: tuple[Town, object]) -> None:
    town, client = site
    hangs = posted(town)
    number = town.case(hangs.case).number
    for path in (BOARD, f"{BOARD}{hangs.id}"):
        page = client.get(path).text  # type: ignore[attr-defined]
        for secret in ("欧阳建国", "欧阳", ILLNESS, "透析", PHONE, number_of(0), "139", "村西头", number, hangs.case):
            assert secret not in page, secret


def test_it_is_gone_once_its_time_is_over_however_late_the_worker(site: tuple[Town, object]) -> None:
    town, client = site
    hangs = posted(town)
    assert hangs.until is not None
    town.at = hangs.until
    assert client.get(f"{BOARD}{hangs.id}").status_code == 410  # type: ignore[attr-defined]
    assert "欧" not in client.get(BOARD).text  # type: ignore[attr-defined]


def test_an_objection_takes_it_down_at_once(site: tuple[Town, object]) -> None:
    town, client = site
    hangs = posted(town)
    town.later(hours=2)
    object_to(town, hangs)
    gone = client.get(f"{BOARD}{hangs.id}")  # type: ignore[attr-defined]
    assert gone.status_code == 410
    assert "欧" not in gone.text


def test_what_hangs_in_the_village_is_nothing_to_the_website(tmp_path: Path) -> None:
    town, served = played(tmp_path)
    hangs = posted(town)
    client = served.app.test_client()
    assert client.get(f"{BOARD}{hangs.id}").status_code == 404
    assert "欧阳" not in client.get(BOARD).text
    assert client.get("/notices-public/999999-nowhere/").status_code == 404
    assert town.rows(Publication)[0].board == "village-board"
    town.database.close()


def test_one_address_reads_so_many_pages_a_minute_and_no_more() -> None:
    readers, now = Readers(), parse("2026-03-10T10:00:00")
    for _ in range(MOST):
        readers.count("a", now)
    with pytest.raises(TooOften):
        readers.count("a", now)
    readers.count("b", now)
    readers.count("a", now + timedelta(minutes=1))


def test_who_works_on_it_sees_the_objection_and_the_sheet(tmp_path: Path) -> None:
    town, served = played(tmp_path)
    hangs, township = posted(town), served.client("township")
    served.at = town.at
    sheet = township.get(f"/publications/sheets/{hangs.board}/{hangs.place}?paper=a3").text
    assert "欧阳建国" in sheet
    assert "对公示内容有异议的" in sheet
    town.later(minutes=5)
    object_to(town, hangs)
    assert "因异议中止" in township.get(f"/publications/{hangs.id}").text
    assert f'href="/publications/{hangs.id}"' in township.get(f"/cases/{hangs.case}").text
    assert "没有正在公示的" in township.get("/publications/").text
    town.database.close()
