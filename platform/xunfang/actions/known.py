"""What is known of somebody as the facts that duties ask for: from the registry, and where asked for, from forms."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from xunfang.actions.acting import Look
from xunfang.actions.filling import whole_answers
from xunfang.casework import Holding
from xunfang.casework.holdings import entitled
from xunfang.rulebook.model import Rulebook
from xunfang.rules.facts import standing
from xunfang.rules.visits import facts_about
from xunfang.store import Submission
from xunfang.store.reading.visits import Resident, told_of


class ToldOf:
    """What forms told of some people, read for all of them at once when something is asked of one."""

    def __init__(self, look: Look, residents: Sequence[Resident]) -> None:
        self._look, self._residents = look, residents
        self._submissions: Mapping[str, Sequence[Submission]] | None = None
        self._answers: dict[str, Mapping[str, Any]] = {}

    def of(self, resident: Resident) -> Mapping[str, Any]:
        """Return everything that was told of somebody, what was told later over what was before."""
        if resident.id not in self._answers:
            if self._submissions is None:
                self._submissions = told_of(self._look.tx, self._residents)
            answers = (whole_answers(self._look, each) for each in self._submissions[resident.id])
            merged = {name: answer for each in answers for name, answer in each.items()}
            self._answers[resident.id] = {name: merged[name] for name in merged if name not in _PLACES}
        return self._answers[resident.id]

    def by(self, resident: Resident, facts: Sequence[str]) -> tuple[str, ...]:
        """Return what was told of somebody to these facts, as it can be compared."""
        return tuple(repr(self.of(resident).get(fact)) for fact in facts)


class Told(dict[str, Any]):
    """Facts of somebody; `asked` are those that only forms may have told, of which some duty made use."""

    def __init__(self, known: Mapping[str, Any], told: ToldOf, resident: Resident) -> None:
        super().__init__(known)
        self._told, self._resident, self.asked = told, resident, set[str]()

    def get(self, fact: str, default: Any = None) -> Any:
        """Return a fact, the default where nobody told it."""
        if fact in self or fact.startswith("person."):
            return super().get(fact, default)
        self.asked.add(fact)
        return self._told.of(self._resident).get(fact, default)


_PLACES = frozenset({"residence", "registration", "categories"})
"""What the registry knows better than any form."""


def holds_on(row: Holding, day: date) -> bool:
    """Return whether somebody is held to be of a category on a day."""
    return row.until is None or row.until >= day


def known_of(told_by: ToldOf, rulebook: Rulebook, resident: Resident, day: date) -> Told:
    """Return what is known of somebody on a day."""
    held = dict.fromkeys(row.category for row in resident.holdings if holds_on(row, day))
    given = entitled(resident.entitlements, day)
    place = rulebook.divisions.follow(resident.residence)
    told = facts_about(place, resident.registration, resident.sex, held, given)
    return Told({**standing(rulebook, day), **told}, told_by, resident)
