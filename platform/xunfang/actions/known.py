"""What is known of somebody as the facts that duties ask for: from the registry, and where asked for, from forms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xunfang.actions.acting import Look
from xunfang.actions.filling import whole_answers
from xunfang.casework import Holding
from xunfang.casework.holdings import entitled
from xunfang.rulebook.model import Rulebook
from xunfang.rules.facts import standing
from xunfang.rules.visits import facts_about
from xunfang.store.reading.visits import Resident, filled_in, forms_about

Heard = tuple[datetime, str, Mapping[str, Any]]
"""When a form was sent, its key, and what of its answers is of use."""
MOST_HEARD = 100_000


class Hearing:
    """What of forms is of use, of those opened so far: what was sent never changes, so none is opened every night.

    Only answers to `names` are kept, where any are given.
    """

    def __init__(self, names: frozenset[str] | None = None) -> None:
        self.names = names
        self._heard: dict[str, Heard] = {}

    def of(self, look: Look, keys: Iterable[str]) -> list[Heard]:
        """Return forms by their keys, that sent first first."""
        wanted = set(keys)
        if len(self._heard) + len(wanted) > MOST_HEARD:
            self._heard.clear()
        for row in filled_in(look.tx, wanted.difference(self._heard)):
            self._heard[row.id] = (row.at, row.id, self._useful(whole_answers(look, row)))
        return sorted((self._heard[key] for key in wanted if key in self._heard), key=lambda heard: heard[:2])

    def _useful(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        names = answers.keys() if self.names is None else self.names & answers.keys()
        return {name: answers[name] for name in names if name not in _PLACES}


class ToldOf:
    """What forms told of some people, read for all of them at once when something is asked of one."""

    def __init__(self, look: Look, residents: Sequence[Resident], hearing: Hearing | None = None) -> None:
        self._look, self._residents, self._hearing = look, residents, hearing or Hearing()
        self._keys: Mapping[str, set[str]] | None = None
        self._answers: dict[str, Mapping[str, Any]] = {}

    def of(self, resident: Resident) -> Mapping[str, Any]:
        """Return everything that was told of somebody, what was told later over what was before."""
        if resident.id not in self._answers:
            if self._keys is None:
                self._keys = forms_about(self._look.tx, self._residents)
                self._hearing.of(self._look, (key for keys in self._keys.values() for key in keys))
            told = self._hearing.of(self._look, self._keys[resident.id])
            self._answers[resident.id] = {name: answer for *_, each in told for name, answer in each.items()}
        return self._answers[resident.id]

    def by(self, resident: Resident, facts: Sequence[str]) -> tuple[str, ...]:
        """Return what was told of somebody to these facts, as it can be compared."""
        return tuple(repr(self.of(resident).get(fact)) for fact in facts)


class Told(dict[str, Any]):
    """Facts of somebody; `asked` are those that only forms may have told, of which some duty made use.

    `placed`: some duty asked where they live or are registered.
    """

    def __init__(self, known: Mapping[str, Any], told: ToldOf, resident: Resident) -> None:
        super().__init__(known)
        self._told, self._resident, self.asked, self.placed = told, resident, set[str](), False

    def get(self, fact: str, default: Any = None) -> Any:
        """Return a fact, the default where nobody told it."""
        self.placed = self.placed or fact in _WHERE
        if fact in self or fact.startswith("person."):
            return super().get(fact, default)
        self.asked.add(fact)
        return self._told.of(self._resident).get(fact, default)


_WHERE = frozenset({"residence", "registration", "person.residence", "person.registration"})
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
