"""Circulars 通报: by which kind of paper a unit issues them, and a believable one for trying out templates."""

from datetime import date
from typing import Any

from xunfang.rulebook.model import NoticeKind, Rulebook, UnitRef
from xunfang.rules.units import division_of, unit_id


def circular_kind(rulebook: Rulebook, unit: str) -> NoticeKind | None:
    """Return the kind of paper by which a unit issues circulars, None for a unit that issues none."""
    kinds = (kind for kind in rulebook.notices.values() if kind.about)
    return next((kind for kind in kinds if issuer_of(rulebook, kind, unit) == unit), None)


def issuer_of(rulebook: Rulebook, kind: NoticeKind, unit: str) -> str:
    """Return the unit that issues what a unit drafts: the one whose seal its kind names, or else that unit itself."""
    home = division_of(unit) or rulebook.code
    where = {"residence": home, "registration": home}
    return unit_id(rulebook, UnitRef(kind.seal), where) if kind.seal else unit


def sample_circular(rulebook: Rulebook, kind: NoticeKind, on: date) -> dict[str, Any]:
    """Return what a circular of a kind may say; nothing for any other kind."""
    if not kind.about:
        return {}
    named = {"label": "示例单位", "count": 2, "longest": 3, "named": ["示例事项，已超期3天"], "rest": 1}
    words = {"title": "示例事项的通报", "to": "各有关单位", "opening": "通报如下：", "demand": "请尽快办结。"}
    return {**words, "as_of": on.isoformat(), "corrects": "", "units": [named]}
