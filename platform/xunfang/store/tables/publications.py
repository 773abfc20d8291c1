"""Publications 公示."""

from xunfang.casework.rows import HelpedList, Publication
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

table(
    "helped_list",
    indexes=[
        ("jurisdiction", "programme", "board", "residence", "posted_at", "id"),
        ("jurisdiction", "board", "replaced_at", "residence", "id"),
    ],
    checks=["residence <> ''"],
    references={"release": "release"},
    sealed=("told",),
)(HelpedList)

__all__ = ["HelpedList", "Publication"]
