"""What a check finds, in words that people know: files by what they are called, ids by their labels, times as said.

Who edits a file as text is told as it is written there; on all other pages nobody has ever seen an id.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from xunfang.desk.studio.files import file_label
from xunfang.desk.studio.said_options import options_said
from xunfang.rulebook import spoken
from xunfang.rulebook.called import one
from xunfang.rulebook.lint.personal import every_field
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe.words import each_unit_words

_QUOTED = re.compile("“([!-~][ -~]*)”")
_PATH = re.compile(r"(?:workflows|forms|templates)/[\w./-]+\.(?:toml|json|html|csv)(?::([0-9]+))?")
_LISTED = re.compile(r"[a-z][a-z0-9_-]*(?:、[a-z][a-z0-9_-]*)+")
_ANSWER = re.compile(r'；有意如此的，在这一项中写 accepted = "<理由> (#\w+)"，不再提醒')
_HOW = (spoken.LIMIT, spoken.REMINDER, spoken.AFTER)


def words_said(book: Rulebook, text: str) -> str:
    """Return a sentence about rules with whatever it names called as people call it."""
    text = _ANSWER.sub(r"；有意如此的，在“对提醒的答复”里写上理由和记号 \1，不再提醒", text)
    text = _PATH.sub(lambda found: file_said(book, found[0].partition(":")[0]) + _line(found[1]), text)
    text = _LISTED.sub(lambda found: "、".join(_in_a_list(book, each) for each in found[0].split("、")), text)
    return _QUOTED.sub(lambda found: f"“{_called(book, found[1])}”", text)


def _line(number: str | None) -> str:
    return f"第{number}行" if number else ""


def file_said(book: Rulebook, path: str) -> str:
    """Return what a file of rules is called, by what stands in it in these rules."""
    label = file_label(path, "") if path.count("/") > 1 else path
    name = path.rpartition("/")[2].rpartition(".")[0]
    own = _by_file(book).get(path) or _by_file(book).get(f"{path.partition('/')[0]}:{name}", "")
    return label.removesuffix(path.rpartition("/")[2]).removesuffix(name) + own if own else label


@lru_cache(maxsize=8)
def _by_file(book: Rulebook) -> Mapping[str, str]:
    found = {f"forms:{form.id}": form.title for form in book.forms.values()}
    found |= {f"workflows:{flow.id}": flow.label for flow in book.flows.values()}
    found |= {f"templates:{each.template.rpartition('.')[0]}": each.label for each in book.notices.values()}
    return found | {scenario.file: scenario.label for scenario in book.scenarios}


def _called(book: Rulebook, named: str) -> str:
    """Return what is quoted as people say it; as it is where nobody knows, or it may be several things."""
    labels = _labels(book).get(named, frozenset())
    if len(labels) == 1:
        return next(iter(labels))
    told = next((said for how in _HOW if (said := spoken.said(how, named)) != named), "")
    return told or next((option.label for option in one(options_said(book), "facts", named)), named)


def _in_a_list(book: Rulebook, id: str) -> str:
    """Return one of several that are named together: options of a list, where it is one."""
    found = (entries.entries[id].label for entries in book.lists.values() if id in entries.entries)
    return next(found, "") or _called(book, id)


@lru_cache(maxsize=8)
def _labels(book: Rulebook) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for id, label in _named(book):
        found.setdefault(id, set()).add(label)
    return {id: frozenset(labels) for id, labels in found.items()}


def _named(book: Rulebook) -> Iterator[tuple[str, str]]:
    kinds = (
        book.roles, book.deadlines, book.notices, book.ledgers, book.duties, book.feeds, book.meetings,
        book.indicators, book.programmes, book.alerts, book.rosters, book.flows, book.routing,
    )  # fmt: skip
    for kind in kinds:
        yield from ((id, each.label) for id, each in kind.items())
    yield from ((id, each_unit_words(book, id)) for id in book.units)
    for form in book.forms.values():
        yield form.id, form.title
        yield from ((each.name, each.title) for _, each in every_field(form))
    for entries in book.lists.values():
        yield from ((id, entry.label) for id, entry in entries.entries.items())
    for flow in book.flows.values():
        for state in flow.states.values():
            yield state.id, state.label
            yield from ((outcome.id, outcome.label) for outcome in state.outcomes.values())
