"""Does every name exist? One module per group of files; each notes all it finds."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.link import casework, forms, ledgers, papers, places


def link(draft: Draft) -> None:
    """Note every name in a draft that stands for nothing, and every binding rule without a basis."""
    places.link(draft)
    forms.link(draft)
    casework.link(draft)
    papers.link(draft)
    ledgers.link(draft)
