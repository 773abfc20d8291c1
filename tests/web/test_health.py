"""What watches the service is answered, nobody else is, and no answer tells of a person or a case."""

import re
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from conftest import JURISDICTION, NOW, Town

from databases import KINDS, kept_in
from doctor.ward import healthy
from xunfang.app import create_app
from xunfang.desk import Readings
from xunfang.store import SCHEMA_VERSION, Account, Case, Job, Session, add_job, connection, transaction
from xunfang.store.failures import Busy
from xunfang.store.life import beat
from xunfang.store.schema import note_version
from xunfang.web import create_web
from xunfang.web.measures import Measures
from xunfang.web.openmetrics import counter, gauge, histogram, written

PATHS = ("/healthz", "/readyz", "/metrics")
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\})? (-?[0-9.e+]+)')


def figures(text: str) -> dict[tuple[str, str], float]:
    """Return every sample of a text by its name and labels (but the process); each line must be well formed."""
    lines = text.splitlines()
    assert lines[-1] == "# EOF"
    found = {}
    for line in (line for line in lines if not line.startswith("#")):
        matched = SAMPLE.fullmatch(line)
        assert matched, line
        labels = re.sub(r'process="[^"]*",?', "", matched[2] or "")
        assert (matched[1], labels) not in found, line
        found[matched[1], labels] = float(matched[3])
    return found


def metrics(town: Town) -> dict[tuple[str, str], float]:
    return figures(town.app.test_client().get("/metrics").text)


def ask(town: Town, path: str, sender: str, **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return int(town.app.test_client().get(path, headers=sent, environ_base={"REMOTE_ADDR": sender}).status_code)


def apart(town: Town, **settings: Any) -> None:
    """Let the site be served with these settings."""
    town.app = create_web(replace(town.app.extensions["xunfang"], **settings))


@pytest.mark.parametrize("path", PATHS)
def test_only_monitors_are_answered(town: Town, path: str) -> None:
    assert ask(town, path, "127.0.0.1") == 200
    assert ask(town, path, "::1") == 200
    assert ask(town, path, "10.1.2.3") == 404
    assert ask(town, path, "") == 404
    apart(town, monitors=(ip_network("10.1.2.0/24"),))
    assert ask(town, path, "10.1.2.3") == 200
    assert ask(town, path, "10.1.3.3") == 404
    assert ask(town, path, "127.0.0.1") == 404
    apart(town, monitors=())
    assert ask(town, path, "127.0.0.1") == 404


@pytest.mark.parametrize("path", PATHS)
def test_what_comes_by_a_gateway_comes_from_behind_it(town: Town, path: str) -> None:
    assert ask(town, path, "127.0.0.1", X_Forwarded_For="203.0.113.9") == 404, "the gateway is not named"
    assert ask(town, path, "127.0.0.1", X_Real_IP="203.0.113.9") == 404
    assert ask(town, path, "127.0.0.1", Forwarded="for=203.0.113.9") == 404
    assert ask(town, path, "203.0.113.9", X_Forwarded_For="127.0.0.1") == 404, "whoever is far says to be near"
    apart(town, gateways=(ip_network("127.0.0.1"),))
    assert ask(town, path, "127.0.0.1", X_Forwarded_For="203.0.113.9") == 404
    assert ask(town, path, "127.0.0.1", X_Forwarded_For="127.0.0.1, 203.0.113.9") == 404
    assert ask(town, path, "127.0.0.1", X_Real_IP="203.0.113.9") == 404, "which is not how gateways are believed"
    assert ask(town, path, "127.0.0.1", X_Forwarded_For="127.0.0.1") == 200
    assert ask(town, path, "127.0.0.1") == 200


def test_nobody_else_can_tell_that_there_is_anything(town: Town) -> None:
    def page(path: str) -> str:
        return str(town.app.test_client().get(path, environ_base={"REMOTE_ADDR": "10.1.2.3"}).text)

    assert {page(path) for path in PATHS} == {page("/nothing")}


def test_a_look_is_no_presence(town: Town) -> None:
    browser = town.client("leader")
    town.later(minutes=5)
    for path in PATHS:
        assert browser.get(path).status_code == 200
    with connection(town.deployment.database) as reader:
        assert {session.last_seen_at for session in reader.select(Session)} == {NOW}


def test_ready_until_something_is_missing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    client = town.app.test_client()
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ok\n")
    with monkeypatch.context() as patch:
        patch.setattr(type(town.deployment.rulebooks), "current", {})
        assert (client.get("/readyz").status_code, client.get("/readyz").text) == (503, "RULES_UNUSABLE\n")
    with transaction(town.deployment.database, ""):
        note_version(town.deployment.database, NOW, SCHEMA_VERSION + 1)
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (503, "SCHEMA_TOO_NEW\n")
    assert client.get("/healthz").status_code == 200


def test_requests_are_counted_by_endpoint_and_status(town: Town) -> None:
    apart(town)
    leader = town.client("leader")
    for path in ("/", "/", "/cases/0123", "/nothing", "/login"):
        leader.get(path)
    found = metrics(town)
    labels = 'endpoint="{}",method="GET",status="{}"'.format
    assert found["xunfang_requests_total", labels("queue.index", 200)] == 2
    assert found["xunfang_requests_total", labels("cases.show", 404)] == 1
    assert found["xunfang_requests_total", labels("none", 404)] == 1
    assert found["xunfang_request_seconds_count", 'endpoint="queue.index"'] == 2
    assert found["xunfang_request_seconds_bucket", 'endpoint="queue.index",le="+Inf"'] == 2
    assert found["xunfang_request_seconds_sum", 'endpoint="queue.index"'] > 0


def test_made_up_methods_and_addresses_make_no_new_series(town: Town) -> None:
    apart(town)
    client = town.app.test_client()
    for n in range(20):
        client.open(f"/made-up-{n}", method=f"M{n}")
    made = [labels for name, labels in metrics(town) if name == "xunfang_requests_total" and "none" in labels]
    assert len(made) == 1


def test_refusals_of_a_busy_database_are_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    apart(town)
    assert metrics(town)["xunfang_refusals_total", 'code="BUSY"'] == 0

    def busy(*_given: Any, **_more: Any) -> None:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(Readings, "queue", busy)
        assert town.client("clerk").get("/").status_code == 503
    assert metrics(town)["xunfang_refusals_total", 'code="BUSY"'] == 1


def test_tasks_jobs_and_sessions_are_counted(town: Town) -> None:
    before = metrics(town)
    here = f'jurisdiction="{JURISDICTION}"'
    assert before["xunfang_open_tasks", here] == 0
    town.dispatched()
    open_now = metrics(town)["xunfang_open_tasks", here]
    assert open_now > 0
    assert metrics(town)["xunfang_overdue_tasks", here] == 0
    town.client("clerk")
    assert metrics(town)["xunfang_sessions", ""] == before["xunfang_sessions", ""] + 1
    town.later(days=90)
    later = metrics(town)
    assert 0 < later["xunfang_overdue_tasks", here] <= open_now
    assert later["xunfang_sessions", ""] == 0
    assert later["xunfang_jobs", 'status="due"'] > 0
    assert later["xunfang_oldest_due_job_seconds", ""] > 80 * 24 * 3600
    assert later["xunfang_release_in_force", here] >= 1
    assert later["xunfang_rules_held", here] == 0


def test_no_figure_tells_of_a_person_or_a_case(town: Town) -> None:
    told = town.report(name="金丝雀")
    task = town.dispatched()
    clerk = town.client("clerk")
    clerk.get(f"/cases/{told.case}?q=金丝雀")
    clerk.get(f"/tasks/{task.id}/complete")
    clerk.post(f"/cases/{told.case}/金丝雀")
    clerk.get("/金丝雀")
    with transaction(town.deployment.database, "") as tx:
        add_job(tx, "paper", f"paper:{told.case}", {"case": told.case}, NOW, jurisdiction=JURISDICTION)
        assert tx.select(Job)
    with connection(town.deployment.database) as reader:
        accounts = [text for each in reader.select(Account) for text in (each.id, each.login, each.name)]
        cases = [text for each in reader.select(Case) for text in (each.id, each.number, each.person)]
    text = town.app.test_client().get("/metrics").text
    labels = " ".join(re.findall(r'"([^"]*)"', text))
    for canary in ("金丝雀", told.case, task.id, *cases, *(each for each in accounts if len(each) > 8)):
        assert canary not in text
    assert not re.search(r"[0-9a-f]{32}", labels)


def test_without_the_database_the_process_is_still_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_given: Any) -> None:
        raise Busy

    monkeypatch.setattr("xunfang.web.views.health.figures", gone)
    found = metrics(town)
    assert found["xunfang_database_up", ""] == 0
    assert not any(name == "xunfang_jobs" for name, _ in found)
    assert any(name == "xunfang_requests_total" for name, _ in found)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_database_is_asked(kind: str, tmp_path: Any) -> None:
    with kept_in(kind):
        ward = healthy(tmp_path / "here")
        with transaction(ward.deployment.database, "") as tx:
            beat(tx, "worker", NOW - timedelta(seconds=5))
        client = create_app(ward.settings, ward.deployment).test_client()
        assert client.get("/readyz").status_code == 200
        found = figures(client.get("/metrics").text)
        ward.deployment.database.close()
    assert found["xunfang_database_up", ""] == 1
    assert found["xunfang_open_tasks", 'jurisdiction="9999-hebian"'] == 0
    assert found["xunfang_sign_of_life_seconds", 'part="worker"'] > 0


def test_text_is_as_openmetrics_writes_it() -> None:
    families = [
        gauge("a", 'what "it" is', [({}, True), ({"x": 'a"\\\n'}, 1234567.25)]),
        counter("b", "b", [({"x": "1"}, 3)]),
        histogram("c", "c", (0.1, 1.0), [({"x": "1"}, (2, 0, 1), 5.5)]),
    ]
    assert written(families).splitlines() == [
        "# TYPE a gauge", '# HELP a what \\"it\\" is', "a 1", 'a{x="a\\"\\\\\\n"} 1234567.25',
        "# TYPE b counter", "# HELP b b", 'b_total{x="1"} 3',
        "# TYPE c histogram", "# HELP c c", 'c_bucket{x="1",le="0.1"} 2', 'c_bucket{x="1",le="1.0"} 2',
        'c_bucket{x="1",le="+Inf"} 3', 'c_count{x="1"} 3', 'c_sum{x="1"} 5.5', "# EOF",
    ]  # fmt: skip


def test_durations_fall_between_their_bounds() -> None:
    measures = Measures()
    for seconds in (0.001, 0.005, 0.0051, 10.0, 11.0):
        measures.answered("x", "GET", 200, seconds)
    ((counts, total),) = measures.durations().values()
    assert (counts[0], counts[1], counts[-2], counts[-1]) == (2, 1, 1, 1)
    assert total == pytest.approx(21.0111)
