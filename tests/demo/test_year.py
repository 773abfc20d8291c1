"""The year before the invented month: the smallest county plays it whole; the others are held to it by their proofs."""

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from demo.crawling import Crawl
from demo.test_layers import FILES, press
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.publishing import publish
from xunfang.casework import Delivery, DutyPeriod, Entitlement, Minutes, OwedThing, Person, Publication, Sitting
from xunfang.clock import parse
from xunfang.demo import month
from xunfang.demo.month import load_demo
from xunfang.desk import Readings
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import parse_document
from xunfang.store import Event, FileKeys, FileStore, Job, Keys, connection, open_database, upgrade, verify_chain
from xunfang.store.tables import Figure
from xunfang.web import Site, create_web
from xunfang.web.access import ACCESS, by

LAYER, NOW = "6205-tianshui", parse("2026-11-25T10:30:00")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("year")
    database = open_database(f"sqlite:///{folder / 'town.db'}")
    provider = FileKeys(folder / "keys" / "data.key")
    provider.create()
    keys = Keys(provider)
    upgrade(database, keys, NOW)
    books = Rulebooks(database, {LAYER: compile_rulebook(FILES, LAYER)})
    deployment = Deployment(database, keys, FileStore(folder / "files", keys), books)
    publish(deployment, FILES, NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(month._LOG, "warning", lambda _, text: pytest.fail(text))
        load_demo(deployment, FILES, LAYER, NOW, press, whole=True)
    yield deployment
    database.close()


def standing(deployment: Deployment, row: type) -> Counter[str]:
    with connection(deployment.database, LAYER) as reader:
        return Counter(one.status for one in reader.every(row))


def test_everything_that_a_year_brings_is_there(played: Deployment) -> None:
    assert standing(played, Sitting) == {"closed": 1, "planned": 1}
    assert standing(played, Minutes) == {"issued": 1}
    assert {"taken", "checked"} <= standing(played, Delivery).keys()
    with connection(played.database, LAYER) as reader:
        given = {row.state for row in reader.every(Entitlement)}
        posted = [(row.taken_down_at is None, row.interrupted) for row in reader.every(Publication)]
    assert {(True, False), (False, False), (False, True)} <= {*posted}
    assert {"granted", "refused", "exited"} <= given
    assert {"reported", "nil", "owed"} <= standing(played, DutyPeriod).keys()
    assert standing(played, OwedThing)["done"] >= 1


def test_whoever_is_visited_stays_one_person(played: Deployment) -> None:
    """A form that is opened from the list of visits tells no number, and opens a case about that very person."""
    with connection(played.database, LAYER) as reader:
        names = Counter(person.name for person in reader.every(Person))
        checked = {owed.person for owed in reader.every(OwedThing) if owed.status == "done"}
    assert checked
    assert [name for name, many in names.items() if name and many > 1] == []


def test_periods_have_figures_to_compare(played: Deployment) -> None:
    with connection(played.database, LAYER) as reader:
        quarters = {row.begins_on for row in reader.every(Figure) if row.every == "quarter" and row.whole}
    assert len(quarters) >= 4


def test_nothing_failed_on_the_way(played: Deployment) -> None:
    with connection(played.database, LAYER) as reader:
        assert not [job for job in reader.every(Job) if job.status == "parked" or job.last_error]
        names = {event.name for event in reader.every(Event)}
    assert {"sitting.minutes_issued", "sitting.item_postponed", "delivery.taken", "figures.counted"} <= names
    assert verify_chain(played.database, played.keys.chain) is None


def served(deployment: Deployment) -> Flask:
    return create_web(Site(deployment, Readings(deployment), lambda: NOW, brand="测试平台"))


@pytest.mark.parametrize("login", ["ts-gaoluzi", "ts-guanzi", "ts-qumin", "ts-fenguan", "ts-pingtai", "ts-guanli"])
def test_no_link_and_no_button_leads_nowhere(login: str, played: Deployment) -> None:
    crawl = Crawl(served(played), played, login, "Xunfang#2021", NOW)
    crawl.walk()
    assert crawl.wrong == []
    assert len(crawl.seen) >= 4, crawl.seen


def test_the_crawl_notices_a_button_for_others(played: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    app = served(played)
    monkeypatch.setitem(ACCESS, "meetings.form", by("administer"))
    crawl = Crawl(app, played, "ts-qumin", "Xunfang#2021", NOW)
    crawl.walk()
    assert any("/meetings/call" in wrong for wrong in crawl.wrong)


def test_every_county_has_a_year() -> None:
    months = {path for path in FILES if path.endswith("/demo.toml")}
    years = {path for path in FILES if path.endswith("/demo-year.toml")}
    assert {path.replace("demo.toml", "demo-year.toml") for path in months} <= years
    for path in years:
        assert parse_document(path, FILES[path]).data["cases"]
