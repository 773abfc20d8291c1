"""A valid clue of an invented person; a test says only what matters to it."""

from datetime import datetime
from typing import Any

from xunfang.clock import SHANGHAI

AT = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI)
TOWNSHIP = "township:370304102"
VILLAGE = "village:370304102200"


def clue(**changes: Any) -> dict[str, Any]:
    """Return the answers of a clue; a change to None takes an answer away."""
    answers: dict[str, Any] = {
        "found_at": "2026-03-10T08:30",
        "finder_role": "village-cadre",
        "name": "李桂芬",
        "id_number": "370304196805120249",
        "residence": "370304102200",
        "needs": ["basic-living"],
        "willing": True,
        "urgency": "ordinary",
        **changes,
    }
    return {name: value for name, value in answers.items() if value is not None}
