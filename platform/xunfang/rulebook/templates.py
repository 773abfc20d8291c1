"""Which template text each name stands for: the nearest layer's file wins, the parent's stays within reach."""

from collections.abc import Iterable

from xunfang.rulebook.files import Files


def templates_of(files: Files, chain: Iterable[str]) -> dict[str, str]:
    """Return the texts of all templates: "x.html" is the nearest layer's, "parent/<layer>/x.html" each layer's own."""
    found: dict[str, str] = {}
    for layer in chain:
        head = f"templates/{layer}/"
        for path, text in files.items():
            if path.startswith(head):
                name = path.removeprefix(head)
                found[name] = text
                found[f"parent/{layer}/{name}"] = text
    return found
