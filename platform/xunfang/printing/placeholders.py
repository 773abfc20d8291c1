"""Which facts a template names, found without filling it, so that a wrong name is met at publishing."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from xunfang.printing.markup import broken
from xunfang.printing.rendering import PaperEnvironment

GIVEN = frozenset(("layout", "loop", "self", "caller", "super"))


def unknown_placeholders(
    template: str, templates: Mapping[str, str], facts: Mapping[str, Any]
) -> list[tuple[int, str]]:
    """Return (line, dotted name) of every fact a template names that the sample facts do not have.

    Names the template only asks about (`is defined`) or sets itself are not facts. Raises PrintError TEMPLATE_BROKEN.
    """
    environment = PaperEnvironment(templates)
    try:
        tree = environment.parse(templates[template], template)
    except TemplateSyntaxError as error:
        raise broken(f"模板{template}第{error.lineno}行有误：{error.message}") from None
    except RecursionError:
        raise broken(f"模板{template}嵌套过深。") from None
    own = GIVEN | _own_names(tree)
    asked = _asked(tree)
    named = ((line, path) for line, path in _paths(tree) if path[0] not in own and path not in asked)
    return sorted({(line, ".".join(path)) for line, path in named if not _has(facts, path)})


def _own_names(tree: nodes.Template) -> frozenset[str]:
    stored = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
    return frozenset(stored | {macro.name for macro in tree.find_all(nodes.Macro)})


def _asked(tree: nodes.Template) -> set[tuple[str, ...]]:
    tests = (test for test in tree.find_all(nodes.Test) if test.name in ("defined", "undefined"))
    return {path for test in tests if (path := _path(test.node))}


def _paths(node: nodes.Node) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each longest chain of names once: person.residence.label, not person as well."""
    path = _path(node)
    if path:
        yield node.lineno, path
        return
    for child in node.iter_child_nodes():
        yield from _paths(child)


def _path(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,) if node.ctx == "load" else ()
    if isinstance(node, nodes.Getattr):
        head = _path(node.node)
        return (*head, node.attr) if head else ()
    return ()


def _has(facts: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(facts, Mapping) or name not in facts:
            return False
        facts = facts[name]
    return True
