"""What everybody who acts in a year has at hand: the county, chance, an agenda, and what was told so far."""

from collections import Counter
from random import Random
from typing import Any

from year.agenda import Agenda
from year.county import County
from year.filling import Filler


class Acting:
    """Somebody acts in a county. `told`: what was told of each case; `done` and `refused`: how often what was."""

    def __init__(self, county: County, seed: int) -> None:
        self.county, self.chance = county, Random(seed)
        self.agenda, self.filler = Agenda(self.chance), Filler(self.chance)
        self.told: dict[str, dict[str, Any]] = {}
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()
        self.agendas: dict[tuple[str, str], list[str]] = {}

    def patience(self) -> float:
        """Return after how many days somebody comes to a task."""
        return self.chance.uniform(0.05, 3.5) if self.chance.random() < 0.82 else self.chance.uniform(3, 14)
