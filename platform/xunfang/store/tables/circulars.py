"""Circulars 通报."""

from xunfang.casework.rows import Circular
from xunfang.store.rows import table

table(
    "circular",
    unique=[("jurisdiction", "series", "year", "n")],
    indexes=[("jurisdiction", "drafted_at", "id"), ("corrects",), ("sha256",)],
    checks=["residence <> ''"],
    references={"release": "release"},
    sealed=("told", "reason", "error"),
)(Circular)

__all__ = ["Circular"]
