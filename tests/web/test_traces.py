"""One line for each request, with its id on the answer; and nothing of anybody in any log, whatever was typed where."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import JURISDICTION, PASSWORD, Town, report_answers

from journals import journal_in, lines
from web.test_signing_in import enter
from xunfang.actions.reading import attach
from xunfang.journal import Keeping
from xunfang.store import Hopeless, Job, Transaction, add_job, transaction
from xunfang.worker import Worker

NAME, NUMBER, PHONE, ILLNESS = "欧阳丹丹", report_answers()["id_number"], "13805331234", "重症肌无力"
CANARIES = (NAME, NUMBER, NUMBER[:17], PHONE, ILLNESS, "%E6%AC%A7%E9%98%B3", PASSWORD, "Wrong-Horse-9", "worker@")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with journal_in(Keeping(tmp_path / "logs")) as folder:
        yield folder


def test_a_request_leaves_one_line_by_its_endpoint(town: Town, folder: Path) -> None:
    answer = town.client("clerk").get("/cases/?find=x")
    (line,) = lines(folder)
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["what"], line["outcome"], line["endpoint"], line["method"]) == ("request", "ok", "cases.index", "GET")
    assert (line["status"], line["jurisdiction"], line["account"]) == (200, JURISDICTION, town.actor("clerk").account)
    assert line["ms"] > 0
    town.app.test_client().get("/static/xunfang.css").close()
    refused = town.client("clerk").get("/accounts/")
    assert lines(folder)[1:][0]["outcome"] == "NOT_ALLOWED"
    assert refused.headers["X-Request-Id"] == lines(folder)[1]["request"]
    assert len(lines(folder)) == 2


class Failing:
    """Fails with somebody's data in its words."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def prepare(self, job: Job) -> None:
        raise self.error

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        raise AssertionError


def test_nothing_of_anybody_is_in_any_log(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _through_pages(town)
    _through_errors(town, monkeypatch)
    _through_jobs(town)
    told = lines(folder)
    assert {line["what"] for line in told} == {"request", "job", "log"}
    assert {"failed", "parked"} <= {line["outcome"] for line in told if line["what"] == "job"}
    assert any(line.get("status") == 500 for line in told)
    logged = "".join(path.read_text("utf-8") for path in folder.iterdir()) + capsys.readouterr().err
    assert [canary for canary in CANARIES if canary in logged] == []


def _through_pages(town: Town) -> None:
    worker = town.client("worker")
    typed = {**report_answers(), "name": NAME, "illness": ILLNESS, "submission_id": "a" * 32}
    worker.post("/forms/clue-report", {name: value for name, value in typed.items() if value is not None})
    told = town.report("worker", name=NAME, phone=PHONE, illness=ILLNESS)
    attach(town.deployment, town.actor("worker"), f"{NAME}{NUMBER}.jpg", "image/jpeg", b"x", town.at)
    leader = town.client("leader")
    leader.post("/cases/", {"find": NAME})
    leader.post("/cases/find", {"find": NAME})
    for path in (f"/cases/{told.case}", f"/cases/?find={NAME}&phone={PHONE}", f"/cases/{NUMBER}", f"/{NAME}/{NUMBER}"):
        leader.get(path)
    leader.post(f"/cases/{told.case}/reveal", {"reason": f"核实{NAME}", "field": "id_number"})
    enter(town.app.test_client(), NUMBER, "Wrong-Horse-9")
    enter(town.app.test_client(), "worker", PASSWORD, next=f"/cases/?find={NAME}")


def _through_errors(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_more: object) -> str:
        raise ValueError(f"{NAME} {NUMBER} {PHONE} {ILLNESS}")

    with monkeypatch.context() as patch:
        patch.setitem(town.app.view_functions, "cases.index", fails)
        answer = town.client("leader").get(f"/cases/?find={NAME}")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text


def _through_jobs(town: Town) -> None:
    words = f"{NAME} {NUMBER} {PHONE}"
    handlers = {"a": Failing(ValueError(words)), "b": Failing(Hopeless(f"{words}的文书印不出来。"))}
    worker = Worker(town.deployment.database, handlers, town.now)
    with transaction(town.deployment.database, "") as tx:
        for kind in ("a", "b", "c"):
            add_job(tx, kind, kind, {"jurisdiction": JURISDICTION}, town.at)
    for _ in range(3):
        worker.run_next()
