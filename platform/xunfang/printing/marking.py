"""A mark across every page of a paper that must not be taken for the real one."""

from xunfang.printing.markup import Element

_STYLE = (
    "position:fixed;top:90mm;left:-20mm;width:190mm;text-align:center;text-indent:0;white-space:nowrap;"
    "font-family:hei,sans,song,rare;font-size:54pt;line-height:1.2;color:#d9d9d9;transform:rotate(-35deg);z-index:-1"
)


def mark_pages(root: Element, text: str) -> None:
    """Let a text stand large and grey behind every page of a document; a template can neither set nor hide it."""
    for element in root.elements():
        if element.tag == "body":
            element.children.insert(0, Element("div", {"style": _STYLE}, [text]))
