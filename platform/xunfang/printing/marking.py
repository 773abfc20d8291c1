"""A mark across every page of a paper that must not be taken for the real one."""

from xunfang.printing.markup import Element

_LOOK = (
    "display:block;visibility:visible;float:none;clip:auto;overflow:visible;margin:0;padding:0;height:auto;"
    "min-height:0;max-height:none;min-width:0;max-width:none;letter-spacing:0;text-transform:none;"
    "position:fixed;top:90mm;left:-20mm;right:auto;bottom:auto;width:190mm;text-align:center;text-indent:0;"
    "white-space:nowrap;font-family:hei,sans,song,rare;font-size:54pt;line-height:1.2;color:#000;opacity:.15;"
    "transform:rotate(-35deg);z-index:2147483647"
)
_STYLE = ";".join(f"{each}!important" for each in _LOOK.split(";"))
"""All that a template's own style could hide it by; above the words, so that nothing with a ground covers it."""


def mark_pages(root: Element, text: str) -> None:
    """Let a text stand large and grey across every page of a document; a template can neither set nor hide it."""
    for element in root.elements():
        if element.tag == "body":
            element.children.insert(0, Element("div", {"style": _STYLE}, [text]))
