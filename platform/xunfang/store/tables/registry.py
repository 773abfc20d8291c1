"""The registry 救助对象档案: categories, entitlements, visits, households and who belongs to them."""

from xunfang.casework.rows import Entitlement, Holding, Household, Membership, Visit
from xunfang.store.rows import table

table(
    "holding",
    indexes=[("person",), ("submission",), ("jurisdiction", "until", "residence", "id")],
    checks=["residence <> ''"],
    references={"person": "person"},
    sealed=("category",),
)(Holding)

table(
    "entitlement",
    indexes=[
        ("person",),
        ("case",),
        ("submission",),
        ("jurisdiction", "id"),
        ("jurisdiction", "residence", "id"),
        ("jurisdiction", "programme", "state", "residence", "id"),
    ],
    checks=["residence <> ''"],
    references={"person": "person"},
    sealed=("reason",),
)(Entitlement)

table(
    "visit",
    unique=[("submission",)],
    indexes=[
        ("person", "visited_on"),
        ("jurisdiction", "visited_on", "id"),
        ("jurisdiction", "unit", "visited_on", "id"),
        ("jurisdiction", "residence", "visited_on", "id"),
        ("jurisdiction", "form", "residence", "visited_on"),
    ],
    checks=["residence <> ''"],
    references={"submission": "submission"},
)(Visit)

table(
    "household",
    unique=[("jurisdiction", "number")],
    indexes=[("jurisdiction", "residence", "id")],
    checks=["residence <> ''"],
)(Household)

table(
    "membership",
    indexes=[("household",), ("person",)],
    references={"household": "household", "person": "person"},
)(Membership)

__all__ = ["Entitlement", "Holding", "Household", "Membership", "Visit"]
