"""What the site says besides its pages: errors, headers, caches, limits, files. None of it tells more than it must."""

import re
from typing import Any

import pytest
from conftest import Town
from peewee import IntegrityError

from web.test_visits import owes_visit
from xunfang.desk import Readings
from xunfang.store import Case, connection
from xunfang.web.access import ACCESS
from xunfang.web.guard import SAFE

SECRET = (
    'UNIQUE constraint failed: person.id_index = "370304195803142241" in /srv/xunfang/var/xunfang.db: SELECT * FROM'
)
INSIDE = re.compile(r"UNIQUE|SELECT|370304195803|/srv/|\.py|Traceback|peewee|werkzeug|flask|sqlite|jinja", re.I)


@pytest.mark.parametrize("kind", [IntegrityError, ValueError, RuntimeError, KeyError])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_error_page_tells_nothing_of_the_inside(
    town: Town, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], accept: str
) -> None:
    def fail(*_given: Any, **_more: Any) -> None:
        raise kind(SECRET)

    for name in ("case", "queue", "cases", "inbox", "papers", "dispatches", "task_form", "account"):
        monkeypatch.setattr(Readings, name, fail)
    monkeypatch.setattr("xunfang.web.views.photos.open_photo", fail)
    leader, admin = town.client("leader"), town.client("admin")
    paths = ("/", "/cases/", f"/cases/{'0' * 32}", "/inbox/", "/papers/", "/dispatch/", f"/photos/{'0' * 32}")
    for browser, path in [*((leader, path) for path in paths), (admin, f"/accounts/{'0' * 32}")]:
        answer = browser.get(path, headers={"Accept": accept})
        assert answer.status_code == 500, path
        assert not INSIDE.search(answer.text), path
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


def test_an_act_that_fails_tells_nothing_and_leaves_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    task, clerk = town.dispatched(), town.client("clerk")
    before = town.events()

    def fail(*_given: Any, **_more: Any) -> None:
        raise IntegrityError(SECRET)

    monkeypatch.setattr("xunfang.store.database.statements.insert", fail)  # the event, after the change
    answer = clerk.post(f"/tasks/{task.id}/claim", {"version": task.version})
    monkeypatch.undo()
    assert answer.status_code == 500
    assert not INSIDE.search(answer.text)
    assert town.events() == before
    assert town.task(task.id).status == "open"


def test_no_answer_may_be_kept_and_every_one_is_guarded(town: Town) -> None:
    task = town.dispatched()
    paths = ("/", "/login", "/cases/", f"/cases/{task.case}", "/forms/", "/forms/clue-report", "/dispatch/",
             "/inbox/", "/papers/", "/supervision/", "/rules/", "/password/", "/nowhere",
             f"/tasks/{task.id}/complete")  # fmt: skip
    for login in ("leader", "clerk"):
        browser = town.client(login)
        for path in paths:
            headers = browser.get(path).headers
            assert headers["Cache-Control"] == "no-store", path
            assert "unsafe" not in headers["Content-Security-Policy"], path
            assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), path
            assert "Last-Modified" not in headers, path
            assert "ETag" not in headers, path


@pytest.mark.parametrize("endpoint", sorted(ACCESS))
def test_no_address_takes_a_body_beyond_its_limit(town: Town, endpoint: str) -> None:
    rule = next(rule for rule in town.app.url_map.iter_rules() if rule.endpoint == endpoint)
    method = next(iter((rule.methods or set()) - SAFE), "")
    if not method:
        return
    path = re.sub(r"<[^>]+>", "clue-report" if "form" in rule.rule else "0" * 32, rule.rule)
    keepers = {"accounts": "admin", "system": "operator", "audit": "auditor"}
    keepers |= dict.fromkeys(("studio", "versions"), "rule-keeper")
    keepers["openings"] = "admin" if endpoint == "openings.passwords" else "leader"
    browser = town.client(keepers.get(endpoint.partition(".")[0].partition("-")[0], "leader"))
    limit = ACCESS[endpoint].body
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = browser.client.open(path, method=method, data=b"a" * (limit + 1), content_type=kind)
        assert answer.status_code == 413, kind
        nobody = town.app.test_client().open(path, method=method, data=b"a" * (limit + 1), content_type=kind)
        assert nobody.status_code in (400, 401, 413), kind
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(2100)) + b"--x--"
    if len(parts) < limit:
        answer = browser.client.open(path, method=method, data=parts, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    ["../access.py", "..%2faccess.py", "%2e%2e/%2e%2e/app.py", "/etc/passwd", "%2fetc%2fpasswd", "..\\access.py", ".",
     "", "xunfang.css/../../access.py", "xunfang.css%00.py", "templates/pages/case.html", "__pycache__/"],
)  # fmt: skip
def test_the_static_folder_gives_out_nothing_else(town: Town, path: str) -> None:
    answer = town.app.test_client().get(f"/static/{path}", follow_redirects=True)
    assert answer.status_code in (404, 405), path
    assert "import" not in answer.text


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example", "/\\evil.example", "evil.example", "../..", "é"]
)
def test_no_act_leads_elsewhere(town: Town, there: str) -> None:
    """Forms that say where to go on name a case; whatever else they name stays within the site."""
    task, clerk = town.dispatched(), town.client("clerk")
    for path in (f"/tasks/{task.id}/claim", "/logout"):
        data = {"version": task.version, "case": there, "next": there}
        answer = clerk.post(path, data, headers={"Referer": f"http://{there}/"})
        assert answer.status_code in (302, 303)
        assert re.match(r"/(?![/\\])", answer.headers["Location"])
        assert "evil" not in answer.headers["Location"]
    fault = clerk.get("/nowhere", headers={"Referer": "http://evil.example/"})
    assert "evil" not in fault.text


def test_no_title_of_a_page_names_a_person(town: Town) -> None:
    """A browser keeps titles in its history, on a computer that several people share."""
    thing, name = owes_visit(town), "孙桂兰"
    with connection(town.deployment.database) as reader:
        (case,) = reader.select(Case)
    both = (f"/cases/{case.id}", f"/people/{case.person}")
    paths = {"leader": (*both, "/people/", "/dispatch/"), "worker": (*both, f"/visits/{thing.id}/form", "/visits/")}
    for login, path in ((login, path) for login, some in paths.items() for path in some):
        page = town.client(login).get(path).text
        (title,) = re.findall("<title>(.*?)</title>", page)
        assert (name in page, name in title) == (True, False), path


def test_the_address_of_a_person_tells_no_person(town: Town) -> None:
    """Addresses hold keys only: no name, number or telephone, after no act and on no page."""
    task = town.dispatched()
    personal = ("孙桂兰", "370304195803", "13805331234", "脑梗")
    leader = town.client("leader")
    for path in (
        "/",
        "/cases/",
        f"/cases/{task.case}",
        "/dispatch/",
        "/inbox/",
        "/papers/",
        "/supervision/",
        "/forms/",
    ):
        links = re.findall(r'(?:href|action|src)="([^"]*)"', leader.get(path).text)
        assert links
        assert not [link for link in links for word in personal if word in link or word.encode().hex() in link.lower()]
