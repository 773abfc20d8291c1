"""What people see of a page as words: its text, what stands in its fields and lists; and what of that is no Chinese."""

import re
from html.parser import HTMLParser

_UNSEEN = frozenset({"script", "style", "textarea", "pre", "code", "head", "svg-title"})
_LATIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*[A-Za-z0-9_]|\{%|\{\{")
_KNOWN = re.compile(r"(?i:pdf|excel|toml|xlsx?|csv|zip|svg|wps|html|xunfang|editor|home-visit)")
_CLAUSE = re.compile(r"[A-Z]{2,12}(?:-[^\s，。；、：（）“”]*[一-鿿][^\s，。；、：）“”]*)+|[A-Z]{2,6}-[\w()（）.-]+")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in _UNSEEN:
            self._within.append(tag)
        if tag == "input" and told.get("type", "text") == "text":
            self.words.append(told.get("value") or "")
        self.words += [told[name] or "" for name in ("title", "aria-label", "placeholder") if name in told]

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.words.append(data)


def latin_in(page: str) -> list[str]:
    """Return the words of a page in Latin letters, with what stands around each, but clauses and what all know."""
    reader = _Words()
    reader.feed(page.partition('id="main"')[2].partition(">")[2].partition("<footer")[0])
    found = []
    for text in reader.words:
        bare = _CLAUSE.sub("", text)
        for word in _LATIN.finditer(bare):
            if not _KNOWN.fullmatch(word[0]):
                found.append(" ".join(bare[max(0, word.start() - 25) : word.end() + 15].split()))
    return found
