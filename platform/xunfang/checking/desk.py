"""What the child does: orders about drafts, one after the other, on the files that it holds and what differs."""

import gc
import os
from collections.abc import Callable, Mapping
from datetime import date
from json import dumps, loads
from typing import Any

from xunfang.checking.judging import Checked, check, collecting_nothing, verdict
from xunfang.checking.telling import coverage_told, problems_told, sentences_told, tried_told
from xunfang.confinement import Answer
from xunfang.errors import RulebookError
from xunfang.prove.coverage import coverage
from xunfang.prove.examined import Sentence, Tried
from xunfang.prove.scenarios import run
from xunfang.prove.scenarios.wording import worded
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Entry, Rulebook, Scenario
from xunfang.rules.describe import sentences

_NICE = 5
"""The child works when nobody else does: whoever waits for a page comes before it."""
Told = dict[str, Any]


class Desk:
    """Holds the files of the draft that was asked about last, and what was made of them."""

    def __init__(self) -> None:
        self._name = ""
        self._files: dict[str, str] = {}
        self._checked: dict[tuple[str, str], Checked] = {}

    def work(self, order: Mapping[str, Any], body: bytes) -> Answer:
        """Answer one order; one about files that are not held here is not understood."""
        if order["was"] and order["was"] != self._name:
            return Answer({"unknown": True})
        try:
            with collecting_nothing():
                self._take(order, body)
                told = _DEEDS[order["do"]](self, order)
                return Answer({}, dumps(told, default=str).encode())
        except (MemoryError, RecursionError):
            return Answer({"heavy": True}, ends=True)
        except Exception as error:  # whatever a draft does to the compiler is told, and stays here
            return Answer({"failed": type(error).__name__}, ends=True)

    def _take(self, order: Mapping[str, Any], body: bytes) -> None:
        """Hold the files that are named: all of them, or those held already with what differs."""
        if order["is"] == self._name:
            return
        files = self._files if order["was"] else {}
        changed: dict[str, str | None] = loads(body)
        kept = {path: text for path, text in files.items() if path not in changed}
        self._files = kept | {path: text for path, text in changed.items() if text is not None}
        self._name, self._checked = order["is"], {}

    def check(self, order: Mapping[str, Any]) -> Told:
        """Tell what is wrong with the draft."""
        found = verdict(self._check(order))
        warnings, problems = problems_told(found.warnings), problems_told(found.problems)
        return {"problems": problems, "warnings": warnings, "digest": found.digest, "name": found.name}

    def scenarios(self, order: Mapping[str, Any]) -> Told:
        """Tell how its scenarios turn out."""
        found = self._check(order)
        if found.rulebook is None:
            return {"problems": problems_told(found.problems)}
        return {"tried": [tried_told(_tried(found.rulebook, each)) for each in found.rulebook.scenarios]}

    def coverage(self, order: Mapping[str, Any]) -> Told:
        """Tell how its clauses stand."""
        book = self._compiled(order)
        return {"problems": book} if isinstance(book, list) else {"coverage": coverage_told(coverage(book))}

    def show(self, order: Mapping[str, Any]) -> Told:
        """Tell its rules in sentences."""
        book, rule = self._compiled(order), order["rule"]
        if isinstance(book, list):
            return {"problems": book}
        found = [
            Sentence(section.title, line.id, line.text, line.cites)
            for section in sentences(book)
            for line in section.lines
            if rule in ("", line.id)
        ]
        if rule in book.lists:
            found += [_entry(rule, entry) for entry in book.lists[rule].entries.values()]
        return {"sentences": sentences_told(found)}

    def _check(self, order: Mapping[str, Any]) -> Checked:
        asked = (order["jurisdiction"], order["day"])
        if asked not in self._checked:
            self._checked[asked] = check(self._files, asked[0], date.fromisoformat(asked[1]))
        return self._checked[asked]

    def _compiled(self, order: Mapping[str, Any]) -> Rulebook | list[Told]:
        """Return the rules of the draft, or what is told where they do not compile."""
        jurisdiction, released = order["jurisdiction"], order.get("released", False)
        checked = () if released else self._checked.values()
        for found in checked:
            if found.jurisdiction == jurisdiction and found.rulebook is not None:
                return found.rulebook
        try:
            return compile_rulebook(self._files, jurisdiction, released=released)
        except RulebookError as error:
            return problems_told(error.problems)


_DEEDS: Mapping[str, Callable[[Desk, Mapping[str, Any]], Told]] = {
    "check": Desk.check,
    "scenarios": Desk.scenarios,
    "coverage": Desk.coverage,
    "show": Desk.show,
}


def _entry(id: str, entry: Entry) -> Sentence:
    retired = f"，用到{entry.retired:%Y-%m-%d}为止" if entry.retired else ""
    return Sentence("字典", id, f"{entry.label}（{entry.id}{retired}）", entry.basis.cites)


def _tried(rulebook: Rulebook, scenario: Scenario) -> Tried:
    given = (scenario.id, scenario.label, scenario.file)
    try:
        failures = run(rulebook, scenario)
        return Tried(*given, failures, words=tuple(worded(each, rulebook) for each in failures))
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # a story that rules make impossible to tell
        return Tried(*given, stuck=f"这个情景推演不下去（{type(error).__name__}），请检查它的各步写得是否齐全")


def prepare(_: Mapping[str, Any]) -> Callable[[Mapping[str, Any], bytes], Answer]:
    """Get ready for the first order."""
    os.nice(_NICE)
    gc.freeze()
    return Desk().work
