"""Another world on the same engine: a roads office, from the pothole reported to the printed order and the reminder."""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from elsewhere import ROOT, Elsewhere
from xunfang.actions.handling import claim
from xunfang.actions.signing_in import token_hash
from xunfang.actions.submitting import Submitted
from xunfang.checking import check
from xunfang.clock import parse
from xunfang.desk import Readings
from xunfang.prove.coverage import coverage
from xunfang.prove.scenarios import run
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample import sample_answers
from xunfang.store import (
    Account,
    Case,
    Message,
    Notice,
    Session,
    Task,
    transaction,
    verify_chain,
)
from xunfang.web import Site, create_web
from xunfang.worktime import parse_office

CITY = "9999-hebian"
START = parse("2026-06-16T09:30:00")  # the Tuesday before the dragon boat festival
RELIEF = re.compile("困难群众|困难线索|社会救助|低保|特困|户籍|发现人|致困|申请救助")
PEOPLE = {
    "watchman": ("crew:999901", ("watchman",), "999901"),
    "mender": ("crew:999901", ("crew-member",), "999901"),
    "other-mender": ("crew:999902", ("crew-member",), "999902"),
    "chief": ("road-office", ("chief",), "9999"),
    "keeper": ("road-office", ("keeper",), ""),
}


def rule_files() -> dict[str, str]:
    """Return the rules of the other world, with the national frames of papers and nothing else of the shipped rules."""
    frames = "templates/00-national/layouts/"
    shipped = {path: text for path, text in read_files(ROOT).items() if path.startswith(frames)}
    return read_files(ROOT / "tests" / "fixtures" / "potholes") | {
        path.replace("00-national", "00-roads"): text for path, text in shipped.items()
    }


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(rule_files(), CITY)


class Roads(Elsewhere):
    """The deployment of the roads office."""

    def __init__(self, folder: Path, rulebook: Rulebook) -> None:
        super().__init__(folder, rulebook, rule_files(), PEOPLE, START)

    def report(self, **changes: Any) -> Submitted:
        answers = {
            "seen_at": self.at.isoformat(), "caller": "过路司机", "caller_phone": "13800000001", "place": "999901001",
            "spot": "桥头路口由西向东第二条车道", "damage": "pothole", "depth_cm": 4, "danger": "none", **changes,
        }  # fmt: skip
        return self.submit("watchman", "pothole-report", answers)


@pytest.fixture
def roads(tmp_path: Path, rulebook: Rulebook) -> Iterator[Roads]:
    roads = Roads(tmp_path, rulebook)
    yield roads
    roads.database.close()


def test_the_configuration_stands_by_itself(rulebook: Rulebook) -> None:
    assert rulebook.chain == ("00-roads", CITY)
    assert [str(problem) for problem in check(rule_files(), CITY, START.date()).warnings] == []
    for scenario in rulebook.scenarios:
        assert [str(failure) for failure in run(rulebook, scenario)] == []
    assert coverage(rulebook, prove=True).exercised >= {"GYG-2", "GYG-3"}
    for form in rulebook.forms.values():
        assert sample_answers(rulebook, form)


def test_a_pothole_from_the_report_to_the_printed_order_the_repair_and_the_letter(roads: Roads, tmp_path: Path) -> None:
    case = roads.report().case
    assert roads.first(Case, id=case).number == "路报〔2026〕1号"
    roads.confirm("chief", case)
    task = roads.open_task(case, "crew:999901")
    assert task.due_at == parse("2026-06-22T18:00:00")  # three workdays over the festival
    roads.work_until("2026-06-16T10:00:00")
    order = roads.first(Notice, kind="work-order")
    assert (order.status, order.number) == ("issued", "路派〔2026〕1号")
    text = roads.read("mender", "work-order")
    assert "桥头路口由西向东第二条车道报有坑槽，深4厘米" in text
    assert "2026年6月22日" in text
    claim(roads.deployment, roads.actor("mender"), task.id, task.version, roads.at)
    roads.complete("mender", roads.open_task(case, "crew:999901"), "mended", mended=True, asphalt_kg=40)
    telling = roads.open_task(case, "road-office")
    roads.complete("chief", telling, "done", told_on="2026-06-16", how="message")
    roads.work_until("2026-06-16T11:00:00")
    assert "已经修复" in roads.read("chief", "thanks-letter")
    assert roads.first(Case, id=case).closed_at
    assert verify_chain(roads.database, roads.deployment.keys.chain) is None


def test_danger_goes_out_at_once_and_the_office_hears_when_it_is_late(roads: Roads) -> None:
    case = roads.report(depth_cm=15, danger="traffic").case
    task = roads.open_task(case, "road-office")
    assert (task.state, task.due_at) == ("mending", START + timedelta(hours=4))
    assert {found.unit for found in roads.rows(Task, case=case, role="assist")} == {"crew:999901"}
    roads.work_until("2026-06-16T15:00:00")
    assert roads.first(Task, id=task.id).overdue_at == START + timedelta(hours=4)
    assert {"due", "supervise"} <= {message.kind for message in roads.rows(Message, unit="road-office")}
    assert roads.first(Notice, kind="overdue-slip").status == "issued"


def client(roads: Roads, login: str) -> Any:
    app = create_web(Site(roads.deployment, Readings(roads.deployment), lambda: roads.at, brand="路面坑洼随手报"))
    token = f"token-{login}"
    with transaction(roads.database, "") as tx:
        account = tx.first(Account, login=login)
        tx.insert(
            Session(
                token_hash=token_hash(token), account=account.id, csrf="csrf", created_at=roads.at,
                last_seen_at=roads.at, ends_at=roads.at + timedelta(hours=2),
            )
        )  # fmt: skip
    browser = app.test_client()
    browser.set_cookie("xunfang", token)
    return browser


PAGES = {
    "watchman": ("/forms/", "/forms/pothole-report", "/cases/"),
    "mender": ("/", "/cases/", "/cases/{case}", "/tasks/{task}/complete", "/inbox/", "/papers/", "/rules/"),
    "chief": ("/", "/dispatch/", "/cases/{case}", "/papers/", "/inbox/", "/rules/"),
    "keeper": ("/accounts/", "/rules/"),
}


@pytest.mark.parametrize("login", PAGES)
def test_the_pages_speak_of_roads_and_of_nothing_else(roads: Roads, login: str) -> None:
    roads.at = START.astimezone(UTC)
    case = roads.report().case
    roads.confirm("chief", case)
    task = roads.open_task(case, "crew:999901").id
    roads.work_until("2026-06-16T10:00:00")
    roads.report(caller="另一位司机", caller_phone="13800000002", place="999902001", damage="manhole", depth_cm=None)
    browser = client(roads, login)
    for path in PAGES[login]:
        answer = browser.get(path.format(case=case, task=task), follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code)
        assert not (said := RELIEF.findall(answer.text)), (path, said)


def test_a_city_in_which_nothing_is_urgent_needs_no_duty_desk() -> None:
    files, path = rule_files(), f"workflows/{CITY}/jurisdiction.toml"
    own = '\n[[off_hours]]\nunit = "road-office"\npractice = "值班表"\n'
    (warning,) = compile_rulebook({**files, path: files[path] + own}, CITY).warnings
    assert warning.code == "DUTY_NEVER_TOLD"
    assert "任何任务都不算紧急" in warning.message


def test_rules_that_say_no_office_hours_have_the_usual_ones() -> None:
    files = rule_files()
    root = "workflows/00-roads/jurisdiction.toml"
    silent = compile_rulebook(files | {root: files[root].partition("[office]")[0]}, CITY)
    assert silent.info.office == parse_office(["08:30-12:00", "13:30-17:30"])
    assert silent.info.office_basis.cites == ()
