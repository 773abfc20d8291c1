"""The figures of reports 报表数字 as they were handed in."""

from xunfang.casework.rows import ReportedFigure
from xunfang.store.rows import table

table(
    "reported_figure",
    unique=[("period", "field")],
    indexes=[("jurisdiction", "id")],
    checks=["residence <> ''"],
    references={"period": "duty_period"},
    sealed=("reason", "told"),
)(ReportedFigure)

__all__ = ["ReportedFigure"]
