"""Lists that departments hand in 部门数据报送, the people in them, and what their columns are called."""

from xunfang.casework.rows.feeds import Delivery, HeadWord, ListedPerson, ListedStretch
from xunfang.store.rows import table

table(
    "delivery",
    indexes=[
        ("sha256",),
        ("owed",),
        ("jurisdiction", "unit", "received_at", "id"),
        ("jurisdiction", "received_at", "id"),
    ],
    checks=["residence <> ''"],
    references={"release": "release"},
    sealed=("name", "error", "head"),
)(Delivery)

table(
    "listed_person",
    unique=[("delivery", "n")],
    indexes=[("delivery", "verdict", "n"), ("jurisdiction", "digest"), ("case",)],
    references={"delivery": "delivery"},
    sealed=("told",),
)(ListedPerson)

table(
    "listed_stretch",
    indexes=[("delivery", "verdict", "last")],
    references={"delivery": "delivery"},
)(ListedStretch)

table(
    "head_word",
    unique=[("jurisdiction", "unit", "feed", "word")],
)(HeadWord)

__all__ = ["Delivery", "HeadWord", "ListedPerson", "ListedStretch"]
