"""Publications 公示."""

from xunfang.casework.rows import Publication
from xunfang.store.rows import table

table(
    "publication",
    indexes=[
        ("case",),
        ("jurisdiction", "posted_at", "id"),
        ("jurisdiction", "board", "place", "taken_down_at", "posted_at", "id"),
    ],
    checks=["residence <> ''"],
    references={"release": "release", "case": "case"},
    sealed=("told",),
)(Publication)

__all__ = ["Publication"]
