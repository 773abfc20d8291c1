"""What departments' lists came to, by the events alone: how each ended, and what became of those who stand in it."""

from collections import Counter
from dataclasses import dataclass, field

from year.recount import Figures, Told

_STANDS = {
    "received": "received", "asked": "asking", "columns_told": "received", "checked": "checked", "failed": "failed",
    "withdrawn": "withdrawn", "handed_over": "handed", "taking": "taking", "taken": "taken", "undoing": "undoing",
    "undone": "undone",
}  # fmt: skip
"""How a list stands after what happened to it."""


@dataclass
class OneList:
    """What the events told of a list so far. `opened`: the reports that it became, by the form that tells each now."""

    feed: str
    month: str
    status: str = ""
    checked: Counter[str] = field(default_factory=Counter)
    opened: set[str] = field(default_factory=set)
    back: int = 0


class Lists:
    """Goes through the events of lists. While one is taken in nobody reports beside it: what is reported is its own."""

    def __init__(self) -> None:
        self.lists: dict[str, OneList] = {}
        self.taking: OneList | None = None
        self.of_report: dict[str, OneList] = {}

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        subject, _, what = event.name.partition(".")
        if subject == "delivery":
            self._of_list(event, what)
        elif event.name == "clue.submitted" and self.taking:
            key = str(event.data["submission"])
            self.taking.opened.add(key)
            self.of_report[key] = self.taking
        elif event.name == "clue.corrected" and (one := self.of_report.pop(str(event.data["corrects"]), None)):
            self.of_report[str(event.data["submission"])] = one
        elif event.name == "clue.withdrawn" and (one := self.of_report.pop(str(event.data["submission"]), None)):
            one.back += one.status in ("taking", "taken", "undoing")

    def _of_list(self, event: Told, what: str) -> None:
        key = str(event.data["delivery"])
        one = self.lists.setdefault(key, OneList(str(event.data["feed"]), event.month))
        one.status = _STANDS[what]
        if what == "checked":
            one.checked = Counter({name: n for name, n in event.data.items() if name not in ("feed", "delivery")})
        if what in ("taking", "taken"):
            self.taking = one if what == "taking" else None

    def figures(self) -> Figures:
        """Return how many lists ended how, and what became of those in them, by feed and month."""
        found: Figures = Counter()
        for one in self.lists.values():
            found["lists", one.feed, one.status, one.month] += 1
            for verdict, n in self._verdicts(one).items():
                found["people on lists", one.feed, verdict, one.month] += n
        return found

    def _verdicts(self, one: OneList) -> Counter[str]:
        """Whoever was new and opened nothing could not be reported; whose list was undone is taken back."""
        found = Counter(one.checked)
        if one.status in ("taken", "undone"):
            found["bad"] += found["new"] - len(one.opened)
            found["new"] = len(one.opened)
        if one.status == "undone":
            found["undone"], found["new"] = one.back, found["new"] - one.back
        return found
