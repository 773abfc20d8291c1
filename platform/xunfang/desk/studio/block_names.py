"""What blocks are called that have no words of their own: a layer need not say again what those above say."""

from collections.abc import Mapping

from xunfang.desk.studio.said_options import options_said
from xunfang.rulebook.block_shapes import kind_of
from xunfang.rulebook.called import one
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.rules.describe.behind import list_title
from xunfang.rules.labels import title_of

_ANYWHERE = "removed"
_WITHIN: Mapping[tuple[str, int], str] = {
    ("flow", 2): "states/{file}",
    ("flow", 4): "outcomes/{file}/{within}",
    ("form", 2): "fields/{file}",
}
"""By the kind of a file and how deep a block stands in it, among which names its own is found."""


def known_name(book: Rulebook, path: str, key: Path) -> str:
    """Return what a block of this key is called by these rules, "" where they know no such thing."""
    kind, id = kind_of(path), str(key[-1]) if key else ""
    if not id or not isinstance(key[-1], str):
        return ""
    if kind == "lists" and len(key) == 1:
        return list_title(book, id) if id in book.lists else ""
    if kind == "duties" and len(key) == 3:
        duty = book.duties.get(str(key[0]))
        form = book.forms.get(duty.form) if duty else None
        return title_of(book, form, id) if form else ""
    return _named(book, _source(path, kind, key), id)


def _source(path: str, kind: str, key: Path) -> str:
    if kind in KINDS and len(key) == 1:
        return kind
    file = path.rpartition("/")[2].partition(".")[0]
    return _WITHIN.get((kind, len(key)), _ANYWHERE).format(file=file, within=key[1] if len(key) > 1 else "")


def _named(book: Rulebook, source: str, id: str) -> str:
    options = options_said(book)
    known = next((option.label for option in options(source) if option.value == id), "")
    return known or next((option.label for option in one(options, _ANYWHERE, id)), "")
