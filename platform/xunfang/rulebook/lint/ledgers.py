"""Columns of ledgers without a head: nobody who reads one would know what stands there."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint.listed import fields_told


def lint(draft: Draft) -> None:
    """Note every column that is given no name."""
    for ledger in draft.rules.ledgers.values():
        for index, column in enumerate(ledger.columns):
            if not column.label.strip():
                message = f"“{ledger.label}”的“{column.path}”这一列没有列名，台账上看不出填的是什么"
                hint = f'请在 labels 中写 "{column.path}" = "{_title(draft, column.path)}"'
                path = (ledger.id, "columns", index)
                draft.findings.warning(draft.parts["ledgers"], path, "COLUMN_UNNAMED", message, hint)


def _title(draft: Draft, fact: str) -> str:
    root, _, name = fact.partition(".")
    return next((field.title for field in fields_told(draft, root, name)), "<列名>")
