"""Numbers 文号: gapless in each series and year, because they are taken in the transaction that uses them."""

from xunfang.steps import reached
from xunfang.store import statements
from xunfang.store.database import Transaction
from xunfang.store.tables import NumberSeries


def take_number(tx: Transaction, jurisdiction: str, series: str, year: int) -> int:
    """Return the next number of a series; if the transaction is undone, so is the taking."""
    tx.database.run(statements.next_number(tx.database.dialect.mark), (jurisdiction, series, year))
    found = tx.find(NumberSeries, jurisdiction, series, year)
    assert found is not None
    reached("number.taken")
    return found.n
