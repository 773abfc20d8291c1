"""Logos 徽标: the marks a layer puts on its papers, kept as texts of the smallest part of SVG that draws them.

What a file may hold is a closed list: shapes, colours, gradients, a picture carried along as data. Nothing in it runs,
asks for anything outside, or refers to more than a gradient or an outline of its own.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from xml.etree import ElementTree

FOLDER, ENDING = "logos", ".svg"
MOST_TEXT, MOST_ALT = 300_000, 60
MOST_ELEMENTS, MOST_NESTED = 2_000, 24
MOST_PIXELS = 1_000
MOST_PICTURE = 200_000
LOGO = re.compile(r'<img\b[^<>]*\bdata-logo="([^"<>]*)"[^<>]*>')
"""A logo as a template names it."""
_SVG = "{http://www.w3.org/2000/svg}"
_TITLE = re.compile(r"<title>([^<>]*)</title>")
_XLINK = "{http://www.w3.org/1999/xlink}href"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_SHAPES = frozenset(("g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image"))
_PAINTS = frozenset(("defs", "linearGradient", "radialGradient", "stop", "clipPath"))
_UNSEEN = frozenset(("title", "desc", "metadata"))
_PRESENTED = frozenset((
    "clip-path", "clip-rule", "color", "display", "fill", "fill-opacity", "fill-rule", "opacity", "stop-color",
    "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-opacity", "stroke-width", "visibility",
))  # fmt: skip
_MEASURED = frozenset((
    "clipPathUnits", "cx", "cy", "d", "fx", "fy", "gradientTransform", "gradientUnits", "height", "href", "id",
    "offset", "points", "preserveAspectRatio", "r", "rx", "ry", "spreadMethod", "transform", "width", "x", "x1", "x2",
    "y", "y1", "y2",
))  # fmt: skip
_OWN = re.compile(r"url\(\s*['\"]?#[\w.-]+['\"]?\s*\)")
_PLAIN = re.compile(r"[\w\s#%.,+()\-'\"]*")
_PICTURE = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/]+={0,2})")
_BEGINS = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
_DOCTYPE = re.compile(r"<!DOCTYPE\s+svg(?:\s+PUBLIC\s+\"[^\"\[\]<>]*\"\s+\"[^\"\[\]<>]*\")?\s*>", re.IGNORECASE)
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:px|pt|mm|cm|in)?")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?", re.IGNORECASE)
_MOST_RATIO = 20


class LogoRefused(ValueError):
    """A file is no logo that papers may carry; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as papers carry it: its text, what it shows in words, and its width divided by its height."""

    text: str
    alt: str
    ratio: float


def logo_path(layer: str, name: str) -> str:
    """Return where a layer keeps a logo."""
    return f"templates/{layer}/{template_name(name)}"


def template_name(name: str) -> str:
    """Return by which name papers find a logo among the templates."""
    return f"{FOLDER}/{name}{ENDING}"


def is_logo(path: str) -> bool:
    """Return whether a file, by its path or by its name among the templates, is a logo."""
    return path.endswith(ENDING)


def is_name(name: str) -> bool:
    """Return whether a logo can be called so in templates."""
    return bool(_NAME.fullmatch(name))


def drawn(text: str, alt: str) -> Logo:
    """Return a drawing somebody chose as a logo, all taken out of it that only drawing programs need.

    Raises LogoRefused for whatever could do more than be looked at, and for what would look otherwise without it.
    """
    root = _read(_DOCTYPE.sub("", text.removeprefix("\ufeff"), count=1))
    box = _box(root)
    looks = "".join(f' {name}="{escape(value)}"' for name, value in _attributes("svg", root) if name in _PRESENTED)
    body = list(_written(root, 2 if looks else 1, _Counted()))
    body = [f"<g{looks}>", *body, "</g>"] if body and looks else body
    if not body:
        raise LogoRefused("图里没有看得见的图形。请换一张，或者改用PNG图片。")
    if not _ends(root):
        raise LogoRefused("图里的渐变或者裁剪互相引用，没有尽头。请重新导出，或者改用PNG图片。")
    return checked("\n".join([_head(box, alt), *body, "</svg>", ""]))


def pictured(data: bytes, kind: str, width: int, height: int, alt: str) -> Logo:
    """Return a picture ("png" or "jpeg") as a logo. Raises LogoRefused."""
    if len(data) > MOST_PICTURE or max(width, height) > MOST_PIXELS:
        raise LogoRefused(f"图片太大：不超过{MOST_PICTURE // 1000} kB、{MOST_PIXELS}点。")
    said = base64.b64encode(data).decode("ascii")
    image = f'<image height="{height}" href="data:image/{kind};base64,{said}" width="{width}"/>'
    return checked("\n".join([_head((0, 0, width, height), alt), image, "</svg>", ""]))


@lru_cache(maxsize=64)
def checked(text: str) -> Logo:
    """Return the logo that a file holds; raises LogoRefused for a file that says anything but that."""
    root = _read(text)
    alt = (root.findtext(f"{_SVG}title") or "").strip()
    if not 0 < len(alt) <= MOST_ALT or not alt.isprintable():
        raise LogoRefused(f"没有写明徽标是什么（替代文字），或者超过{MOST_ALT}个字。")
    box = _box(root)
    made = "\n".join([_head(box, alt), *_written(root, 1, _Counted()), "</svg>", ""])
    if made != text or not _ends(root):
        raise LogoRefused("这个文件不是从“徽标”页存进来的样子。请把图片在那里重新传一次。")
    return Logo(text, alt, box[2] / box[3])


def words_of(text: str) -> str:
    """Return in words what a logo shows, whether its file may be used or not."""
    found = _TITLE.search(text)
    return unescape(found[1]).strip() if found else "没有说明"


def reworded(logo: Logo, alt: str) -> Logo:
    """Return a logo with other words for what it shows. Raises LogoRefused."""
    return checked(logo.text.replace(f"<title>{_said(logo.alt)}</title>", f"<title>{_said(alt)}</title>", 1))


Box = tuple[float, float, float, float]


def _head(box: Box, alt: str) -> str:
    said = " ".join(f"{side:.4f}".rstrip("0").rstrip(".") for side in box)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{said}">\n<title>{_said(alt)}</title>'


def _said(text: str) -> str:
    return escape(text.strip(), quote=False)


def _read(text: str) -> ElementTree.Element:
    """Return the root of a text that declares nothing: no entity, no document type, no section."""
    if len(text) > MOST_TEXT:
        raise LogoRefused(f"图形太复杂：文字超过{MOST_TEXT // 1000} kB。请简化，或者改用PNG图片。")
    if "<!" in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL):
        raise LogoRefused("图里有声明或者未解析的内容，不能用。请在绘图软件里另存为“普通SVG”，或者改用PNG图片。")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, RecursionError):
        raise LogoRefused("读不出这个SVG文件。请重新导出，或者改用PNG图片。") from None
    if root.tag != f"{_SVG}svg":
        raise LogoRefused("这不是SVG图形。请选SVG、PNG或JPG文件。")
    return root


def _box(root: ElementTree.Element) -> Box:
    numbers = [float(found) for found in _NUMBER.findall(root.get("viewBox", ""))]
    if len(numbers) != 4:
        sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
        numbers = [0, 0, *(float(side[1]) if side else 0 for side in sides)]
    left, top, width, height = numbers
    if not (0 < width < 1e6 and 0 < height < 1e6 and 1 / _MOST_RATIO <= width / height <= _MOST_RATIO):
        raise LogoRefused("看不出图有多大，或者太长太扁。请重新导出，或者改用PNG图片。")
    return left, top, width, height


def _ends(root: ElementTree.Element) -> bool:
    """Return whether what refers to something of its own comes to an end: no gradient goes on from itself."""
    if any(inner.get("clip-path") for clip in root.iter(f"{_SVG}clipPath") for inner in clip.iter()):
        return False
    links = {each.get("id", ""): each.get(_XLINK) or each.get("href") or "" for each in root.iter() if each.get("id")}
    for begin in links:
        here, steps = begin, 0
        while (here := links.get(here, "").removeprefix("#")) and here in links:
            steps += 1
            if steps > len(links):
                return False
    return True


class _Counted:
    """How many elements were written."""

    def __init__(self) -> None:
        self.elements = 0

    def one_more(self, deep: int) -> None:
        """Count an element; raises LogoRefused for too many, or too deep."""
        self.elements += 1
        if self.elements > MOST_ELEMENTS or deep > MOST_NESTED:
            raise LogoRefused("图形太复杂。请简化，或者改用PNG图片。")


def _written(parent: ElementTree.Element, deep: int, counted: _Counted) -> Iterator[str]:
    """Yield the lines of everything within an element that may be drawn."""
    for element in parent:
        tag = element.tag if isinstance(element.tag, str) else ""
        name = tag.removeprefix(_SVG)
        if not tag.startswith(_SVG) or name in _UNSEEN:
            continue  # what drawing programs keep for themselves
        if name not in _SHAPES | _PAINTS:
            raise LogoRefused(
                f"图里有{_WHAT.get(name, f'“{name[:20]}”')}，不能用。请在绘图软件里去掉，或者改用PNG图片。"
            )
        counted.one_more(deep)
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in _attributes(name, element))
        inside = list(_written(element, deep + 1, counted))
        if inside:
            yield f"<{name}{attributes}>"
            yield from inside
            yield f"</{name}>"
        elif name not in ("g", "defs"):
            yield f"<{name}{attributes}/>"


_WHAT: Mapping[str, str] = {
    "script": "程序（script）", "foreignObject": "网页内容（foreignObject）", "style": "样式表（style）",
    "text": "文字（请先转成轮廓）", "use": "引用（use，请先展开）", "a": "链接（a）", "animate": "动画", "set": "动画",
    "animateTransform": "动画", "filter": "滤镜", "mask": "蒙版", "pattern": "图案填充", "symbol": "符号（请先展开）",
}  # fmt: skip


def _attributes(tag: str, element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes that draw, in the order of their names."""
    found: dict[str, str] = {}
    for key, value in element.attrib.items():
        name = "href" if key == _XLINK else key
        if name.lower().startswith("on"):
            raise LogoRefused("图里有程序（事件），不能用。请换一张，或者改用PNG图片。")
        if name == "style":
            found |= dict(_styles(value))
        elif name in _MEASURED or name in _PRESENTED:
            found[name] = value
    yield from ((name, _value(tag, name, found[name])) for name in sorted(found))


def _styles(style: str) -> Iterator[tuple[str, str]]:
    for part in style.split(";"):
        name, _, value = part.partition(":")
        if name.strip() in _PRESENTED:
            yield name.strip(), value.strip()


def _value(tag: str, name: str, value: str) -> str:
    value = " ".join(value.split())
    if name == "href":
        return _link(tag, value)
    if not _PLAIN.fullmatch(_OWN.sub("", value)) or "url" in _OWN.sub("", value).lower():
        raise LogoRefused("图里引用了外面的内容，不能用。请在绘图软件里嵌入或去掉，或者改用PNG图片。")
    return value


def _link(tag: str, value: str) -> str:
    """Return a reference: a picture carried as data, or a gradient that another one goes on from."""
    if tag in ("linearGradient", "radialGradient") and re.fullmatch(r"#[\w.-]+", value):
        return value
    found = _PICTURE.fullmatch(value.replace(" ", "")) if tag == "image" else None
    if not found or not base64.b64decode(found[2][:16]).startswith(_BEGINS[found[1]]):
        raise LogoRefused("图里引用了外面的图片，不能用。请在绘图软件里嵌入PNG或JPG，或者直接传那张图片。")
    return found[0]
