"""A whole deployment of invented rules in a folder, its papers really printed, its clock turned by hand."""

import io
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from printing.orders import FONT_DIR
from xunfang.actions.deployment import Actor, Deployment, Rulebooks
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import complete
from xunfang.actions.jobs import handlers
from xunfang.actions.papers import NoticeOrder, open_notice
from xunfang.actions.publishing import publish
from xunfang.actions.signing import sign_several
from xunfang.actions.submitting import Submitted, submit
from xunfang.casework import Decided
from xunfang.clock import parse
from xunfang.printing import Paper, PrintOrder, print_paper
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.settings import read_settings
from xunfang.store import (
    Account,
    Dispatch,
    FileKeys,
    FileStore,
    Keys,
    Notice,
    Task,
    connection,
    new_id,
    open_database,
    transaction,
    upgrade,
)
from xunfang.store.jobs import next_due
from xunfang.worker import Worker

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests" / "fixtures"

People = Mapping[str, tuple[str, tuple[str, ...], str]]
"""Who works there, by login: the unit, the roles and the division."""


def on_the_national_layer(fixture: str) -> dict[str, str]:
    """Return the rules of an invented jurisdiction that stands below the shipped national layer, with that layer."""
    shipped = {path: text for path, text in read_files(ROOT).items() if path.split("/")[1] == "00-national"}
    return shipped | read_files(FIXTURES / fixture)


def press(order: NoticeOrder) -> Paper:
    return print_paper(PrintOrder(order.template, order.templates, order.facts, order.layout, {}, FONT_DIR))


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


class Elsewhere:
    """A deployment of one invented jurisdiction and what its people do."""

    def __init__(
        self, folder: Path, rulebook: Rulebook, files: Mapping[str, str], people: People, at: datetime
    ) -> None:
        self.at, jurisdiction = at, rulebook.id
        self.database = open_database(f"sqlite:///{folder / 'elsewhere.db'}")
        provider = FileKeys(folder / "keys" / "data.key")
        provider.create()
        keys = Keys(provider)
        upgrade(self.database, keys, at)
        books = Rulebooks(self.database, {jurisdiction: rulebook})
        self.deployment = Deployment(self.database, keys, FileStore(folder / "files", keys), books)
        publish(self.deployment, dict(files), at)
        with transaction(self.database, "") as tx:
            for login, (unit, roles, division) in people.items():
                tx.insert(
                    Account(
                        id=f"account-{login}", login=login, name=f"测试{login}", password_hash="",
                        jurisdiction=jurisdiction, unit=unit, roles=roles, created_at=at, division=division,
                    )
                )  # fmt: skip
        found = handlers(self.deployment, read_settings(ROOT / "config.toml"), lambda: self.at)
        for job in found.values():
            if hasattr(job, "press"):
                job.press = press
        self.worker = Worker(self.database, found, lambda: self.at)

    def actor(self, login: str) -> Actor:
        return self.deployment.actor(self.first(Account, login=login))

    def first(self, row: Any, **where: Any) -> Any:
        with connection(self.database) as reader:
            found = reader.select(row, **where)
        assert found, (row, where)
        return found[0]

    def rows(self, row: Any, **where: Any) -> list[Any]:
        with connection(self.database) as reader:
            return reader.select(row, **where)

    def work_until(self, moment: str) -> None:
        until = parse(moment)
        while job := next_due(self.database, until):
            self.at = max(self.at, job.run_at)
            self.worker.run_next()
        self.at = max(self.at, until)

    def submit(self, login: str, form: str, answers: Mapping[str, Any]) -> Submitted:
        return submit(self.deployment, self.actor(login), form, answers, new_id(), self.at)

    def confirm(self, login: str, case: str) -> None:
        """Let somebody confirm a dispatch as it was proposed."""
        waiting = self.first(Dispatch, case=case, status="proposed")
        decided = [Decided(row["lead"], tuple(row["assist"])) for row in waiting.proposed]
        confirm_dispatch(self.deployment, self.actor(login), case, waiting.version, decided, self.at)

    def open_task(self, case: str, unit: str) -> Any:
        return self.first(Task, case=case, unit=unit, ended_at=None)

    def complete(self, login: str, task: Any, outcome: str, **answers: Any) -> None:
        actor = self.actor(login)
        complete(self.deployment, actor, task.id, task.version, outcome, answers, new_id(), self.at)

    def sign(self, login: str, kind: str) -> None:
        """Let somebody sign the papers of a kind that wait for it."""
        waiting = [(row.id, row.version) for row in self.rows(Notice, kind=kind, status="draft")]
        done, undone = sign_several(self.deployment, self.actor(login), "sign-off", waiting, "", self.at)
        assert (done, undone) == (len(waiting), 0)

    def read(self, login: str, kind: str) -> str:
        """Return the text of the paper of a kind that was issued, as somebody opens it."""
        notice = self.first(Notice, kind=kind)
        return text_of(open_notice(self.deployment, self.actor(login), notice.id, self.at))
