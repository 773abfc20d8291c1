"""How a state looks on a page: the class of the tag that names it, by what has it; most have none."""

from collections.abc import Mapping

LOOKS: Mapping[str, Mapping[str, str]] = {
    "task": {"open": "blue", "proposed": "blue", "done": "good"},
    "case": {"closed": "good"},
    "report": {"open": "blue", "closed": "good"},
    "duty": {
        "owed": "blue", "owed-late": "late", "reported": "good", "reported-late": "late", "nil": "good",
        "nil-late": "late", "visited": "good", "visited-late": "late", "missed": "late", "missed-late": "late",
    },
    "list": {
        "asking": "blue", "checked": "blue", "handed": "blue", "taken": "good", "failed": "late", "undone": "late",
    },
    "alert": {"on": "late", "ahead": "blue"},
    "sitting": {"planned": "blue", "open": "late", "closed": "good"},
    "roll": {
        "drafting": "blue", "drafted": "blue", "locked": "today", "reviewed": "today", "signed": "blue",
        "handed": "good", "paid": "good", "returned": "late",
    },
    "minutes": {
        "": "blue", "wanted": "blue", "circulated": "blue", "agreed": "today", "signed": "blue", "issued": "good",
        "failed": "late",
    },
    "circular": {
        "wanted": "blue", "draft": "today", "signed": "blue", "issued": "good", "refused": "late", "failed": "late",
    },
    "change-set": {
        "submitted": "today", "returned": "late", "approved": "blue", "waiting": "blue", "published": "good",
    },
    "gate": {"passed": "good", "failed": "late", "void": "today", "waits": "blue", "stopped": "late"},
    "publication": {"up": "blue", "over": "good", "interrupted": "late"},
    "objection": {"open": "today", "upheld": "late"},
    "item": {"proposed": "blue", "decided": "good", "postponed": "today"},
    "paper": {
        "wanted": "blue", "draft": "blue", "signed": "blue", "issued": "good", "filed": "good",
        "refused": "late", "failed": "late", "void": "late",
    },
}  # fmt: skip


def look(status: str, of: str) -> str:
    """Return the class of a status of a task, case, report, duty, event or paper, "" for a plain one."""
    return LOOKS[of].get(status, "")
