"""Those who keep the registry: people move, come under a category, die."""

from typing import Any

from xunfang.actions.registry import do_to_person
from xunfang.casework import Asked, Person
from xunfang.clock import local_date
from year.acting import Acting
from year.rules import villages


class Keeping(Acting):
    """The registry, kept by hand."""

    def move_away(self) -> None:
        self._person(
            "move", kind="residence", unit=self.chance.choice(list(villages(self.county.now()))), reason="投靠子女"
        )

    def categorise(self) -> None:
        book = self.county.now()
        kinds = [entry.id for entry in book.lists["category"].entries.values() if not entry.retired]
        self._person("categorise", kind=self.chance.choice(kinds), reason="入户核实")

    def die(self) -> None:
        self._person("die", reason="村委会报告")

    def _person(self, verb: str, **told: Any) -> None:
        """Do something to somebody of the registry, as the township does where they live."""
        people = self.county.keys_of(Person)
        person = self.county.find(Person, self.chance.choice(people))
        near = [unit for unit in self.county.by_unit if (at := unit.partition(":")[2]) and person.residence[:9] == at]
        keeper = self.county.of(near[0]) if near else self.county.one_who("accept")
        day = local_date(self.county.at).isoformat()
        asked = Asked(verb=verb, actor=keeper, person=person.id, version=person.version, day=day, **told)
        do_to_person(self.county.deployment, asked, self.county.at)
        self.done[verb] += 1
