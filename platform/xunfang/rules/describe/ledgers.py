"""Ledgers in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Ledger, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.facts import of_subject
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import SUBJECTS


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every ledger: what it lists and its columns."""
    for ledger in rulebook.ledgers.values():
        yield line(rulebook, ledger.id, _ledger(rulebook, ledger), ledger.basis)


def _ledger(rulebook: Rulebook, ledger: Ledger) -> str:
    where = condition_words(rulebook, of_subject(ledger.where, ledger.of))
    text = f"{ledger.label}按{SUBJECTS.get(ledger.of, '事项')}逐条登记"
    text += f"（{where}的）" if where else ""
    heads = [column.label for column in ledger.columns if column.label]
    return f"{text}，列为{'、'.join(heads)}" if heads else text
