"""A database server that is restarted, or gives way to another, in the middle of a request."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from conftest import JURISDICTION, PEOPLE, Town, open_town

from databases import kept_in, name_in, shared_server
from xunfang.actions import storing
from xunfang.rulebook.model import Rulebook
from xunfang.store import Database, ReadOnly, ScopedReader, Task, Unreachable, connection, open_database, transaction

SAID = "数据库服务器连不上，本次操作没有保存，请稍后重试"


@pytest.fixture
def far(tmp_path: Path, rulebook: Rulebook) -> Iterator[Town]:
    """A site whose database is on a server, behind walls."""
    with kept_in("walled"):
        town = open_town(tmp_path, {JURISDICTION: rulebook}, PEOPLE.values())
        yield town
        town.deployment.database.close()


def lose(database: Database) -> None:
    """End every connection there is to a database, as a server does that is restarted."""
    shared_server().run(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name_in(database.url)}'"
    )


def lost_before(town: Town, real: Callable[..., Any]) -> Callable[..., Any]:
    def lost(*given: Any, **more: Any) -> Any:
        lose(town.deployment.database)
        return real(*given, **more)

    return lost


def test_a_page_that_loses_its_connection_says_so_and_the_next_one_is_whole(
    far: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, clerk = far.dispatched(), far.client("clerk")
    assert clerk.get("/").status_code == 200
    with monkeypatch.context() as patch:
        patch.setattr(ScopedReader, "queue", lost_before(far, ScopedReader.queue))
        answer = clerk.get("/")
    assert answer.status_code == 503
    assert SAID in answer.text
    for path in ("/", f"/cases/{task.case}", "/inbox/"):
        assert clerk.get(path).status_code == 200


def test_an_act_that_loses_its_connection_leaves_nothing_and_can_be_done_again(
    far: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, clerk = far.dispatched(), far.client("clerk")
    events, asked = far.events(), {"version": task.version}
    with monkeypatch.context() as patch:
        patch.setattr(storing, "_put_jobs", lost_before(far, storing._put_jobs))  # all but the jobs is written
        answer = clerk.post(f"/tasks/{task.id}/claim", asked)
    assert (answer.status_code, SAID in answer.text) == (503, True)
    assert (far.events(), far.task(task.id).status) == (events, "open")
    assert clerk.post(f"/tasks/{task.id}/claim", asked).status_code in (302, 303)
    assert far.task(task.id).status == "claimed"


def test_what_idles_is_given_up_with_the_first_that_was_lost(far: Town) -> None:
    database = far.deployment.database
    with connection(database), ThreadPoolExecutor(1) as other:
        other.submit(lambda: read(database)).result()
    assert database.peewee.idle() == 2
    idle = list(database.peewee._idle)
    lose(database)
    with pytest.raises(Unreachable, match="连不上"), connection(database):
        database.run("SELECT 1")  # it was in use a moment ago, and is not asked first
    assert database.peewee.idle() == 0
    assert all(each.closed for each in idle)
    assert read(database) == []


def read(database: Database) -> list[Task]:
    with connection(database) as reader:
        return reader.select(Task)


def test_what_turns_out_to_be_a_standby_is_given_up(far: Town) -> None:
    """What was connected to a server while it was the first one is of no use once it only follows."""
    standby = open_database(far.deployment.database.url, reading=True)
    with pytest.raises(ReadOnly, match="只读的备库"), transaction(standby, JURISDICTION) as tx:
        tx.delete(Task)
    assert standby.peewee.idle() == 0
    standby.close()


def test_of_two_hosts_the_one_that_answers_is_taken(far: Town) -> None:
    folder = quote(str(shared_server().folder), safe="")
    url = f"postgresql://app@/{name_in(far.deployment.database.url)}?host=%2Fnowhere,{folder}"
    database = open_database(f"{url}&target_session_attrs=read-write")
    assert read(database) == []
    database.close()
