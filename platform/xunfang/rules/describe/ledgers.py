"""Ledgers in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.acts import ROW
from xunfang.rulebook.conditions import tests_of
from xunfang.rulebook.model import Column, IntakeForm, Ledger, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.facts import engine_fact, of_subject
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import SUBJECTS


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every ledger: what it lists and its columns."""
    for ledger in rulebook.ledgers.values():
        yield line(rulebook, ledger.id, _ledger(rulebook, ledger), ledger.basis)


def _ledger(rulebook: Rulebook, ledger: Ledger) -> str:
    return f"{ledger.label}{what_it_lists(rulebook, ledger)}，列为{'、'.join(heads(rulebook, ledger))}"


def what_it_lists(rulebook: Rulebook, ledger: Ledger) -> str:
    """Return in words of which things a ledger has a line each."""
    where = condition_words(rulebook, of_subject(ledger.where, ledger.of))
    return f"按{SUBJECTS.get(ledger.of, '事项')}逐条登记{f'（{where}的）' if where else ''}"


def heads(rulebook: Rulebook, ledger: Ledger) -> list[str]:
    """Return what stands over each column of a ledger."""
    forms = forms_filling(rulebook, ledger)
    return [_head(forms, column) for column in ledger.columns]


def forms_filling(rulebook: Rulebook, ledger: Ledger) -> list[IntakeForm]:
    """Return the forms that may fill a ledger: first those of the flows that it lists."""
    flows = [rulebook.flows[word] for word in _flows_of(ledger) if word in rulebook.flows]
    names = [name for flow in flows for name in (*flow.opens_on, *(state.form for state in flow.states.values()))]
    return [rulebook.forms[name] for name in dict.fromkeys((*names, *rulebook.forms)) if name in rulebook.forms]


def _flows_of(ledger: Ledger) -> tuple[str, ...]:
    asked = [test.value for test in tests_of(ledger.where) if test.path.rpartition(".")[2] == "flow"]
    return tuple(str(word) for value in asked for word in (value if isinstance(value, tuple) else (value,)))


def _head(forms: list[IntakeForm], column: Column) -> str:
    """Return what stands over a column: its label, else what the field or the fact is called that fills it."""
    name = column.path.rpartition(".")[2]
    titles = (form.fields[name].title for form in forms if name in form.fields)
    number = "序号" if column.path == ROW else ""
    return column.label or number or engine_fact(column.path) or next(titles, column.path)
