"""Notices 文书 and the gapless series their numbers 文号 come from."""

from dataclasses import dataclass

from xunfang.casework.rows import Notice
from xunfang.store.rows import table

table(
    "notice",
    unique=[("key",), ("jurisdiction", "series", "year", "n")],
    indexes=[
        ("case",),
        ("jurisdiction", "wanted_at", "id"),
        ("jurisdiction", "status", "wanted_at", "id"),
        ("sha256",),
    ],
    references={"case": "case"},
    sealed=("error",),
)(Notice)


@table("number_series", key=("jurisdiction", "series", "year"))
@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeries:
    """The last number given out in one series and year."""

    jurisdiction: str
    series: str
    year: int
    n: int


__all__ = ["Notice", "NumberSeries"]
