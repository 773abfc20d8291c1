"""Long ledgers written into a sheet: read some at a time, written by a thread of its own while the lease goes on."""

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date
from threading import Event, Thread
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.exporting import check_export
from xunfang.actions.keeping import kept_file
from xunfang.actions.long_exports import WRITING, Written, put_in_place
from xunfang.clock import Now, local
from xunfang.desk.circulating import MOST_OF_ALL, described, spooled
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.desk.spooling import Spool
from xunfang.errors import Refused
from xunfang.sheets.writing import Book, SheetColumn, write_book
from xunfang.store import Account, Attachment, Job, Transaction, connection, transaction

PIECE = 5_000
"""After so many lines it is told how far the work is, and others have their turn."""
_WAIT = 0.5


@dataclass(frozen=True, slots=True)
class LedgerExporting:
    """The worker's part: writes a ledger as whoever asked for it sees it now, or tells why it cannot be written."""

    deployment: Deployment
    now: Now
    brief: bool = False

    def prepare(self, job: Job) -> Generator[None, None, Written | None]:
        """Read the lines and write the sheet; None when nothing is left to do. Yields after each piece."""
        key = str(job.payload["attachment"])
        with connection(self.deployment.database, job.jurisdiction) as reader:
            waiting = reader.find(Attachment, key)
            account = reader.find(Account, waiting.by) if waiting else None
        if waiting is None or account is None or waiting.media_type != WRITING:
            return None
        wanted = json.loads(kept_file(self.deployment, waiting.sha256) or b"{}")
        try:
            actor = self._actor(account)
            check_export(actor, str(wanted["reason"]), whole=bool(wanted["whole"]))
            return (yield from self._written(job, key, actor, wanted))
        except Refused as refused:
            return Written(error=refused.message)

    def _actor(self, account: Account) -> Actor:
        if account.state != "active":
            raise Refused("账号已经停用。", "DISABLED")
        return self.deployment.actor(account)

    def _written(self, job: Job, key: str, actor: Actor, wanted: dict[str, Any]) -> Generator[None, None, Written]:
        desk, at, spool, told = LedgerDesk(self.deployment), self.now(), Spool(), 0
        asked, whole = asked_of(wanted["asked"]), bool(wanted["whole"])
        given = (desk, actor, str(wanted["ledger"]), asked, at)
        for rows in spooled(*given, MOST_OF_ALL, whole=whole):
            for row in rows:
                spool.add(row)
            if spool.count >= told + PIECE:
                told = spool.count
                self._tell(job, key, told)
                yield
        found = described(*given, spool, (), str(wanted["reason"]), whole=whole)
        columns = tuple(SheetColumn(*head) for head in found.heads)
        writing = _Writing(Book(found.title, found.above, columns, found.notes, found.unit, local(at)), spool.rows())
        while not writing.done.wait(_WAIT):
            yield
        data = writing.result()
        what = {"ledger": wanted["ledger"], "kind": "xlsx", "count": spool.count, "digest": found.digest}
        what |= {"asked": "；".join(found.told), "whole": whole} | ({"reason": wanted["reason"]} if whole else {})
        yield
        return Written(self.deployment.files.put(data), len(data), what)

    def _tell(self, job: Job, key: str, lines: int) -> None:
        with transaction(self.deployment.database, job.jurisdiction) as tx:
            tx.update(Attachment, {"id": key}, {"size": lines})

    def finish(self, tx: Transaction, job: Job, prepared: Written | None) -> None:
        """Put the sheet in the place of what was asked for."""
        if prepared is not None:
            put_in_place(tx, self.deployment, str(job.payload["attachment"]), prepared, self.now())


class _Writing:
    """A sheet being written by a thread of its own."""

    def __init__(self, book: Book, rows: Iterator[Any]) -> None:
        self.done, self._data, self._error = Event(), b"", list[BaseException]()
        Thread(target=self._run, args=(book, rows), daemon=True).start()

    def _run(self, book: Book, rows: Iterator[Any]) -> None:
        try:
            self._data = write_book(book, rows)
        except BaseException as error:  # whatever fails, whoever waits is told
            self._error.append(error)
        finally:
            self.done.set()

    def result(self) -> bytes:
        """Return what was written; raises what kept it from that."""
        if self._error:
            raise self._error[0]
        return self._data


def asked_of(told: dict[str, str]) -> LedgerAsked:
    """Return what is asked of a ledger as it was kept."""
    days = {name: date.fromisoformat(told[name]) for name in ("first", "last", "on") if told.get(name)}
    sort = told.get("sort", "")
    return LedgerAsked(place=told["place"], stands=told["stands"], find=told["find"], sort=sort, **days)
