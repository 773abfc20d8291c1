"""Reports 报表: what was counted beforehand and what was handed in instead, both kept; a correction needs a reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xunfang.casework.draft import Draft
from xunfang.casework.rows import DutyPeriod, ReportedFigure
from xunfang.errors import FieldProblem

MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class CountedFigure:
    """What a field of a report held before anybody filled it in; None where nothing was counted yet."""

    field: str
    value: int | float | None
    things: int = 0
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a report as they were counted, and why some are handed in otherwise, by field."""

    figures: Sequence[CountedFigure] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    def reason(self, field: str) -> str:
        """Return why a figure is handed in otherwise than it was counted, "" for no reason."""
        return self.reasons.get(field, "").strip()


def reasons_wanting(counts: Counts, answers: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Yield a problem for each figure that is another than was counted without a word about why, or with too many."""
    for figure in counts.figures:
        if not is_corrected(figure, answers):
            continue
        reason = counts.reason(figure.field)
        if not reason:
            was, now = shown(figure.value), shown(answers.get(figure.field))
            message = f"统计数是{was}，填的是{now or '空'}：请在下面写明更正理由，或者改回统计数。"
            yield FieldProblem(figure.field, message, "CORRECTION_WITHOUT_REASON")
        elif len(reason) > MOST_REASON:
            yield FieldProblem(figure.field, f"更正理由最多{MOST_REASON}字，请精简。", "REASON_TOO_LONG")


def is_corrected(figure: CountedFigure, answers: Mapping[str, Any]) -> bool:
    """Return whether a figure is handed in otherwise than it was counted."""
    return figure.value is not None and answers.get(figure.field) != figure.value


def shown(value: Any) -> str:
    """Return a number as people write it, "" for none."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def keep_counts(draft: Draft, owed: DutyPeriod, counts: Counts, answers: Mapping[str, Any]) -> list[str]:
    """Keep every figure as it was counted and as it was handed in; returns the fields that were corrected."""
    for place, figure in enumerate(counts.figures):
        corrected = is_corrected(figure, answers)
        draft.put(
            ReportedFigure(
                id=draft.new_id(),
                jurisdiction=owed.jurisdiction,
                residence=owed.residence,
                period=owed.id,
                field=figure.field,
                place=place,
                counted=shown(figure.value),
                told=shown(answers.get(figure.field)),
                reason=counts.reason(figure.field) if corrected else "",
                things=figure.things,
                counted_at=figure.counted_at,
            )
        )
    return [figure.field for figure in counts.figures if is_corrected(figure, answers)]
