"""Numbers 文号: gapless in each series and year, because they are taken in the transaction that uses them."""

from xunfang.steps import reached
from xunfang.store import statements
from xunfang.store.database import Transaction
from xunfang.store.tables import NumberSeries


def take_number(tx: Transaction, jurisdiction: str, series: str, year: int) -> int:
    """Return the next number of a series; if the transaction is undone, so is the taking."""
    found = tx.find(NumberSeries, jurisdiction, series, year)
    number = found.n + 1 if found else 1
    keep_number(tx, jurisdiction, series, year, number)
    return number


def keep_number(tx: Transaction, jurisdiction: str, series: str, year: int, last: int) -> None:
    """Write down the last number taken of a series, which whoever holds the right to write has just read."""
    tx.database.run_later(statements.keep_number(tx.database.dialect.mark), [(jurisdiction, series, year, last)])
    reached("number.taken")
