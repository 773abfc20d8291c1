"""What the pages show of the year: the lines of every ledger, for somebody who sees all of the county."""

from collections import Counter
from typing import Any

from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import STANDS, LedgerDesk
from xunfang.store.reading.lines import SUBJECTS
from year.county import County
from year.recount import Figures

_ALL = {of: "all" for of, ways in STANDS.items() if "all" in dict(ways)}
"""Of what the ledgers list, where not all of it is told unless somebody asks for all."""


def shown(county: County, wanted: set[str]) -> Figures:
    """Return how many lines each of these ledgers has."""
    desk, director = LedgerDesk(county.deployment), county.one_who("confirm-dispatch", unit=_above_all(county))
    found: Figures = Counter()
    for ledger in county.now().ledgers.values():
        if ledger.id in wanted and ledger.of in SUBJECTS:
            asked = LedgerAsked(stands=_ALL.get(ledger.of, ""))
            found["ledger lines", ledger.id] = sum(map(len, desk.lines(director, ledger.id, asked, county.at)))
    return found


def _above_all(county: County) -> Any:
    return next(one.unit for one in county.by_id.values() if one.division == county.rulebook.code)
