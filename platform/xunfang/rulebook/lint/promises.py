"""A lower layer may promise faster; slower needs a clause of its own, however the time is said.

A time is said as the limit of a deadline or a duty, as a row of `limits`, as the number of a soft word, as the days a
state waits, as the deadline that a state or a case is given; and as the hour at which the office closes, see `offices`.
What may be given at most, see `raised`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from xunfang.clock import SHANGHAI
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.merge import Override, Part
from xunfang.rulebook.positions import Path
from xunfang.rulebook.softness import settled
from xunfang.worktime import Limit, Office, WorkCalendar, due, parse_limit

_HINT = "下级只能更快；确需放宽的，写明本级 cites"
_HINT_SOFT = "下级只能更快；确需放宽的，在 deadlines.toml 中给用到它的时限写明 limit 和本级 cites"


def lint(draft: Draft, calendar: WorkCalendar) -> None:
    """Note every time that a lower layer made longer without citing anything."""
    promises = _Promises(draft, calendar)
    for name, part in draft.parts.items():
        for override in part.overrides:
            promises.override(name, part, override)
    if "deadlines" in draft.parts:
        promises.rows(draft.parts["deadlines"])


class _Promises:
    def __init__(self, draft: Draft, calendar: WorkCalendar) -> None:
        self.draft, self.calendar = draft, calendar

    def override(self, name: str, part: Part, override: Override) -> None:
        """Note a replaced time that has become longer."""
        path, before, after = override.path, override.before, override.after
        match (name.partition(":")[0], path):
            case ("deadlines" | "duties", (_, "limit")) | ("flow", ("states", _, "waits")):
                self._compare(name, part, override, [str(before)], str(after), path[:-1], _HINT)
            case ("jurisdiction", ("soft", _)):
                self._compare(name, part, override, [str(before)], str(after), (), _HINT_SOFT)
            case ("flow", ("case_deadline",)) | ("flow", ("states", _, "deadline")):
                old, new = self._texts_of(str(before)), self._texts_of(str(after))
                for text in new if old else ():
                    self._compare(name, part, override, old, text, path[:-1], _HINT, by=str(after))

    def rows(self, part: Part) -> None:
        """Note each row of `limits` that is longer than anything the layers above allow."""
        for key, entry in part.sound().items():
            if not isinstance(entry, dict):
                continue
            for index, row in enumerate(entry.get("limits", ())):
                layer = part.origin((key, "limits", index)).layer
                above = [*self._above(part, key, row, layer)]
                own = {part.origins[at].layer for at in ((key, "limits", index, "cites"), (key, "cites"))
                       if at in part.origins}  # fmt: skip
                if above and layer not in own and self._slower(above, str(row.get("limit", ""))):
                    message = f"本级把上级的期限“{above[0]}”在这一行放宽为“{row['limit']}”，却没有引用自己的条款"
                    path = (key, "limits", index, "limit")
                    self.draft.error("deadlines", path, "PROMISE_SLOWER", message, _HINT)

    def _above(self, part: Part, key: str, row: Mapping[str, Any], layer: str) -> Iterator[str]:
        """Yield the limits that the layers above a row's own allow where it holds."""
        replaced = {override.path: override.before for override in part.overrides}
        before = replaced.get((key, "limits"), ())
        same = [str(each["limit"]) for each in before if each.get("when") == row.get("when")]
        if same:
            yield from same
            return
        yield from (str(each["limit"]) for each in before)
        origin = part.origins.get((key, "limit"))
        if (key, "limit") in replaced:
            yield str(replaced[key, "limit"])
        elif origin is not None and origin.layer != layer:
            yield str(part.data[key]["limit"])

    def _texts_of(self, deadline: str) -> list[str]:
        found = self.draft.rules.deadlines.get(deadline)
        return [str(case.limit) for case in found.limits] if found else []

    def _compare(
        self,
        name: str,
        part: Part,
        override: Override,
        before: list[str],
        after: str,
        entry: Path,
        hint: str,
        by: str = "",
    ) -> None:
        layers = {part.origins[at].layer for at in ((*entry, "cites"),) if at in part.origins}
        if by and (known := self.draft.parts["deadlines"].origins.get((by, "cites"))):
            layers.add(known.layer)
        if override.origin.layer in layers or not self._slower(before, after):
            return
        message = f"本级把上级的期限“{before[0]}”放宽为“{after}”，却没有引用自己的条款"
        self.draft.error(name, override.path, "PROMISE_SLOWER", message, hint)

    def _slower(self, before: Iterable[str], after: str) -> bool:
        """Return whether a limit is longer than each of some others; False where one of them is still to be set."""
        new, *old = (_counted(text, self.draft.rules.info.soft) for text in (after, *before))
        if new is None or not old or None in old:
            return False
        return all(_is_slower(new, each, self.calendar, self.draft.rules.info.office) for each in old if each)


def _counted(text: str, soft: Mapping[str, Limit]) -> Limit | None:
    """Return what a limit counts; None for one that is still to be set, or that nobody could read."""
    try:
        return settled(parse_limit(text), soft).counts
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _is_slower(new: Limit, old: Limit, calendar: WorkCalendar, office: Office) -> bool:
    start = datetime(calendar.last_published, 1, 1, 10, tzinfo=SHANGHAI)
    moments = [start + timedelta(days=day) for day in range(0, 330, 3)]
    return any(due(new, at, calendar, office).due_at > due(old, at, calendar, office).due_at for at in moments)
