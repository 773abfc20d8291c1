"""Rosters 发放名册: rolls of single months, their lines, and the accounts that are paid into."""

from xunfang.casework.rows import Payee, Roll, RollLine
from xunfang.store.rows import table

table(
    "roll",
    unique=[("jurisdiction", "roster", "unit", "month", "turn")],
    indexes=[("jurisdiction", "month", "id")],
    checks=["residence <> ''"],
    references={"release": "release"},
    sealed=("receiver", "reason"),
)(Roll)

table(
    "roll_line",
    unique=[("roll", "person", "month")],
    indexes=[("roll", "residence", "id"), ("person", "month")],
    checks=["residence <> ''"],
    references={"roll": "roll", "person": "person"},
    sealed=("name", "id_number", "payee", "relation", "bank", "account", "note"),
)(RollLine)

table(
    "payee",
    indexes=[("person",)],
    checks=["residence <> ''"],
    references={"person": "person"},
    sealed=("name", "relation", "bank", "account"),
)(Payee)

__all__ = ["Payee", "Roll", "RollLine"]
