"""What was published, by the events alone: what hung where, until when, and what came down before its time."""

from collections import Counter
from dataclasses import dataclass

from year.recount import Figures, Recount, Told


@dataclass
class OnePosted:
    """What the events told of something published so far."""

    case: str
    board: str
    state: str
    posted: str
    until: str
    down: str = ""
    cut_short: bool = False


class Boards:
    """Goes through the events of what was published; `against`: by each form that objects, what it objects to."""

    def __init__(self) -> None:
        self.posted: dict[str, OnePosted] = {}
        self.against: dict[str, str] = {}
        self._reported = ""

    @property
    def objections(self) -> Counter[str]:
        """How many objections by form stand against each, those left out that were taken back."""
        return Counter(self.against.values())

    def hear(self, event: Told) -> None:
        """Take in what one event tells."""
        data = event.data
        if event.name == "publication.posted":
            told = (event.case, str(data["board"]), str(data["state"]), event.at, str(data.get("until", ""))[:19])
            self.posted[str(data["publication"])] = OnePosted(*told)
        elif event.name == "clue.submitted":
            self._reported = str(data["submission"])
        elif event.name == "publication.objected":  # by what was reported last
            self.against[self._reported] = str(data["publication"])
        elif event.name == "clue.corrected" and str(data["corrects"]) in self.against:
            self.against[str(data["submission"])] = self.against.pop(str(data["corrects"]))
        elif event.name == "clue.withdrawn":
            self.against.pop(str(data["submission"]), None)
        elif event.name == "publication.taken_down":
            self.posted[str(data["publication"])].down = event.at
        elif event.name in ("case.wait_interrupted", "case.wait_replanned"):
            for one in self.posted.values():
                if one.case == event.case and not one.down and one.state == data["state"]:
                    one.cut_short |= event.name == "case.wait_interrupted"
                    one.until = str(data.get("now_due", one.until))[:19]

    def objected(self, recount: Recount) -> Figures:
        """Return how each objection to what was published ended, found to be right or wrong, or that it is open."""
        found: Figures = Counter()
        where = {key: case for case in recount.cases.values() for key in case.reports}
        for key, posted in self.against.items():
            case = where[key]
            ended = "upheld" if recount.rules.upholds(case.flow, case.how) else "rejected"
            found["objections", posted, ended if case.closed else "open"] += 1
        return found

    def figures(self) -> Figures:
        """Return what was posted, until when, and how it came down, by board."""
        found: Figures = Counter()
        for one in self.posted.values():
            found["published", one.board, one.state, one.posted[:7]] += 1
            found["published until", one.board, one.until[:7]] += 1
            how = "cut short" if one.cut_short else "to the end" if one.down >= one.until else "otherwise"
            found["taken down", one.board, how if one.down else "hangs", one.down[:7]] += 1
        return found
