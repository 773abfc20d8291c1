"""Orders to print: the county's own templates over the national ones, with invented people's facts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xunfang.printing import PrintOrder

ROOT = Path(__file__).resolve().parents[2]
FACTS = Path(__file__).parent / "facts"
FONT_DIR = ROOT / "var" / "fonts"
LAYERS = ("00-national", "370304-boshan")
LAYOUTS = {
    "transfer-slip": "letter",
    "closing-notice": "form",
    "refusal-notice": "form",
    "supervision-notice": "letter",
}


def templates() -> dict[str, str]:
    """The templates as a rulebook hands them over."""
    found: dict[str, str] = {}
    for layer in LAYERS:
        for path in sorted((ROOT / "templates" / layer).rglob("*.html")):
            name = path.relative_to(ROOT / "templates" / layer).as_posix()
            text = path.read_text(encoding="utf-8")
            found |= {name: text, f"parent/{layer}/{name}": text}
    return found


def facts(kind: str) -> dict[str, Any]:
    """The sample facts of a kind of notice."""
    found: dict[str, Any] = json.loads((FACTS / f"{kind}.json").read_text(encoding="utf-8"))
    return found


def order(kind: str, changed: Mapping[str, Any] | None = None, **more: Any) -> PrintOrder:
    """An order for one of the county's notices."""
    given = dict(changed) if changed is not None else facts(kind)
    wanted: dict[str, Any] = {
        "template": f"{kind}.html", "templates": templates(), "facts": given, "layout": LAYOUTS[kind],
        "fonts": {}, "font_dir": FONT_DIR,
    } | more  # fmt: skip
    return PrintOrder(**wanted)


def sheet(template: str, facts: Mapping[str, Any]) -> PrintOrder:
    """An order for one of the sheets that offices print: ledgers, rosters, boards."""
    return PrintOrder(template, templates(), facts, "sheet", {}, FONT_DIR)


def small(body: str, values: Mapping[str, Any] | None = None) -> PrintOrder:
    """An order for a template of a few words without any layout."""
    page = "<html><head><title>样</title></head><body>{}</body></html>"
    return PrintOrder("x.html", {"x.html": page.format(body)}, values or {}, "", {}, FONT_DIR)
