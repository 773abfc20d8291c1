"""The record for its auditor: every event in words, in kinds that people ask for."""

from collections.abc import Mapping, Sequence

from xunfang.clock import local_date
from xunfang.desk.event_words import WORDS
from xunfang.desk.events import acts_behind, doer, particulars, what_happened
from xunfang.desk.faces import RecordLine
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases
from xunfang.store import RecordItem

KINDS: Mapping[str, tuple[str, frozenset[str]]] = {
    "entry": ("登录与账号", frozenset({"account", "access", "deputy"})),
    "reveal": ("查看加密内容", frozenset({"person"})),
    "casework": (
        "办理",
        frozenset(
            [
                "submission",
                "clue",
                "case",
                "flow",
                "dispatch",
                "task",
                "duty",
                "delivery",
                "alert",
                "sitting",
                "publication",
                "roll",
                "opening",
                "helped",
                "visit",
                "registry",
                "entitlement",
                "household",
                "residence",
                "question",
                "message",
                "attachment",
            ]
        ),
    ),
    "papers": ("文书", frozenset({"notice", "circular", "ledger", "figures", "sheet"})),
    "rules": ("规则", frozenset({"release", "rules", "change_set", "county"})),
    "system": ("系统", frozenset({"job", "jobs", "record", "clock", "keys", "jurisdiction"})),
}
"""What can be asked for: the words for it, and the subjects of its events."""


def names_of(kind: str) -> tuple[str, ...]:
    """Return the names of the events of a kind; none for no kind."""
    subjects = KINDS[kind][1] if kind in KINDS else ()
    return tuple(name for name in WORDS if name.partition(".")[0] in subjects)


def record_lines(items: Sequence[RecordItem], rules: Releases) -> tuple[RecordLine, ...]:
    """Return the events of a page of the record in words, those of a case by the names of its release."""
    acts = acts_behind(item.event for item in items)
    return tuple(_line(item, rules.labels(item.release), acts.get(item.event.n, "")) for item in items)


def _line(item: RecordItem, labels: Labels, act: str) -> RecordLine:
    event = item.event
    labels = labels.on(local_date(event.at))
    who, unit = doer(event, labels)
    return RecordLine(
        n=event.place,
        at=event.at,
        who=who,
        unit=unit,
        what=what_happened(event, labels, item.flow),
        details=particulars(event, labels, act),
        case_number=item.case_number,
    )
