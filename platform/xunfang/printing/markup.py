"""The markup a template may produce: a small, closed part of HTML, read into a tree and written back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser

from xunfang.printing.order import PrintError

_FRAME = ("html", "head", "title", "style", "meta", "body", "header", "footer", "main", "article", "section", "div")
_TEXT = ("p", "span", "b", "strong", "em", "i", "br", "hr", "h1", "h2", "h3", "ol", "ul", "li", "dl", "dt", "dd", "img")
_TABLE = ("table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td")
TAGS = frozenset((*_FRAME, *_TEXT, *_TABLE))
VOID = frozenset(("meta", "br", "hr", "col", "img"))
INLINE = frozenset(("span", "b", "strong", "em", "i"))
INLINE_OR_VOID = INLINE | VOID
ATTRIBUTES = frozenset(
    ("class", "id", "lang", "colspan", "rowspan", "span", "charset", "name", "content", "src", "alt")
)
_FREE = frozenset(("class", "id", "lang"))
"""Those of them that may say anything."""
MAX_ELEMENTS = 5_000
MAX_NESTING = 40
MAX_SPAN = 50
_FORBIDDEN_CSS = re.compile(
    r"@import|@font-face|url\s*\(|\\|\b(?:flex|grid|columns|column-count|column-width)\b", re.IGNORECASE
)
_IMAGE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]+\Z")


@dataclass
class Element:
    """One element of a paper; `style` is set only by the press, never by a template."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """The classes of the element."""
        return frozenset(self.attributes.get("class", "").split())

    def texts(self) -> Iterator[str]:
        """Yield every text inside, in order."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()

    def elements(self) -> Iterator["Element"]:
        """Yield the elements directly inside."""
        return (child for child in self.children if isinstance(child, Element))


def broken(message: str) -> PrintError:
    """Return the error that says what is wrong with a template."""
    return PrintError("TEMPLATE_BROKEN", message)


def read(html: str) -> Element:
    """Return the root of a document. Raises PrintError TEMPLATE_BROKEN for anything outside the closed language."""
    reader = _Reader()
    if not _feed_plainly(reader, html):
        reader = _Reader()
        reader.feed(html)
        reader.close()
    return reader.root()


_PLAIN = re.compile(
    r'<([a-z][a-z0-9]*)((?: [a-z][a-z-]*="[^"<>&]*")*) ?>'  # <p class="mark">
    r"|</([a-z][a-z0-9]*)>"
    r"|([^<]+)"
    r"|<!DOCTYPE html>",
)
_PLAIN_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_TEXT_ONLY = frozenset(("style", "title", "script"))


def _feed_plainly(reader: "_Reader", html: str) -> bool:
    """Tell a reader what is in a document written in the plainest way, as nearly all are; False for any other.

    What it is told is what the parser of the standard library would tell it, in the tenth part of the time.
    """
    at, inside = 0, ""
    while at < len(html):
        token = _PLAIN.match(html, at)
        if token is None:
            return False
        opened, attributes, closed, text = token.groups()
        if (inside and opened) or (inside and closed and closed != inside):
            return False  # what is no tag here: each parser has its own mind about it
        at = token.end()
        if text is not None:
            if "&" in text and at == len(html):
                return False
            reader.handle_data(unescape(text) if "&" in text and not inside else text)
        elif opened is not None:
            reader.handle_starttag(opened, _PLAIN_ATTRIBUTE.findall(attributes))
            inside = opened if opened in _TEXT_ONLY else ""
        elif closed is not None:
            reader.handle_endtag(closed)
            inside = ""
        elif inside:
            return False
    return not inside


def write(element: Element | str) -> str:
    """Return the markup of a tree, everything escaped anew."""
    if isinstance(element, str):
        return escape(element, quote=False)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes.items())
    opening = f"<{element.tag}{attributes}>"
    if element.tag in VOID:
        return opening
    if element.tag == "style":
        return f"{opening}{''.join(element.texts())}</style>"
    return f"{opening}{''.join(write(child) for child in element.children)}</{element.tag}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._top = Element("#")
        self._open = [self._top]
        self._count = 0

    def root(self) -> Element:
        if len(self._open) > 1:
            raise broken(f"模板中的<{self._open[-1].tag}>没有结束标签。")
        for element in self._top.elements():
            if element.tag == "html":
                return element
        raise broken("模板没有套用版式：缺少<html>。模板首行应为 {% extends layout %}。")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, _attributes(tag, attrs))
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise PrintError("TOO_LONG", f"文书超过{MAX_ELEMENTS}个标签，请拆分后打印。")
        if len(self._open) > MAX_NESTING:
            raise broken(f"模板中的标签嵌套超过{MAX_NESTING}层。")
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) == 1 or self._open[-1].tag != tag:
            last = self._open[-1].tag
            near = "".join(self._open[-1].texts()).strip()[:20]
            raise broken(f"模板中的</{tag}>与前面的<{last}>不配对（“{near}”附近）。")
        _drop_white_between_blocks(self._open.pop())

    def handle_data(self, data: str) -> None:
        parent = self._open[-1]
        if parent.tag == "style":
            _check_css(data)
        if len(self._open) > 1:
            parent.children.append(data)

    def handle_pi(self, data: str) -> None:
        raise broken(f"模板中不允许处理指令<?{data[:20]}>。")

    def unknown_decl(self, data: str) -> None:
        raise broken(f"模板中不允许<![{data[:20]}。")


def _drop_white_between_blocks(element: Element) -> None:
    """Take out white space that only indents the template: a footnote would set it as an empty line."""
    if any(child.tag not in INLINE_OR_VOID for child in element.elements()):
        element.children = [child for child in element.children if not isinstance(child, str) or child.strip()]


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
    if tag not in TAGS:
        raise broken(f"模板中不允许使用标签<{tag}>。")
    return {name: _attribute(tag, name, value or "") for name, value in attrs}


def _attribute(tag: str, name: str, value: str) -> str:
    if name in _FREE:
        return value
    if name not in ATTRIBUTES and not name.startswith("data-"):
        raise broken(f"模板中<{tag}>不允许使用属性{name}。")
    if name in ("colspan", "rowspan", "span") and not (
        value.isascii() and value.isdigit() and 0 < int(value) <= MAX_SPAN
    ):
        raise broken(f"模板中<{tag}>的{name}应为1到{MAX_SPAN}的整数。")
    if name == "src" and (tag != "img" or not _IMAGE.match(value)):
        raise broken("模板中的图片只能是随事实提供的PNG或JPEG数据。")
    return value


def _check_css(css: str) -> None:
    if found := _forbidden(css):
        raise broken(f"模板的样式中不允许使用“{found}”。")


@lru_cache(maxsize=256)
def _forbidden(css: str) -> str:
    """Return what a style may not have, "" for one that has nothing of it; papers of one layout share theirs."""
    found = _FORBIDDEN_CSS.search(css)
    return found[0] if found else ""
