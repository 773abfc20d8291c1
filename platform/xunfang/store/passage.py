"""A jurisdiction on the way 途中: it has come in only in part, or only a part of it is left; nobody serves it.

What was begun is gone on with by the same command and the same folder: what is done already, the rows themselves tell.
"""

from datetime import datetime
from typing import NamedTuple

from xunfang.store.database import Reader, Transaction
from xunfang.store.life import set_seen
from xunfang.store.tables import Seen

ARRIVING, REMOVING = "arriving", "removing"


class Passage(NamedTuple):
    """Which way a jurisdiction goes, and by which export: where that came from, and the newest event then."""

    way: str
    jurisdiction: str
    installation: str
    head: str

    @property
    def command(self) -> str:
        """Return the command that goes on with it."""
        return "import-jurisdiction" if self.way == ARRIVING else "remove-jurisdiction"


def on_the_way(reader: Reader) -> dict[str, Passage]:
    """Return, by jurisdiction, what was begun here and not ended."""
    begun = (each.name for each in reader.every(Seen) if each.name.startswith((f"{ARRIVING}|", f"{REMOVING}|")))
    return {passage.jurisdiction: passage for passage in (Passage(*name.split("|")) for name in begun)}


def set_out(tx: Transaction, passage: Passage, at: datetime) -> None:
    """Note that a jurisdiction is on the way from now on."""
    set_seen(tx, "|".join(passage), at)


def end_passage(tx: Transaction, passage: Passage) -> None:
    """Note that a jurisdiction is there whole, or gone."""
    tx.delete(Seen, name="|".join(passage))
