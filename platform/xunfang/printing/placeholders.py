"""Which facts a template names, found without filling it: every branch of it, and only what is really filled."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from xunfang.printing.complaints import in_chinese
from xunfang.printing.inheritance import LAYOUT, Lineage, MissingTemplate, named_in, parts_of, path_in
from xunfang.printing.markup import broken
from xunfang.printing.rendering import PaperEnvironment
from xunfang.rulebook.acts import FACT_ROOTS

GIVEN = frozenset((LAYOUT, "loop", "self", "caller", "super"))
_ENVIRONMENT = PaperEnvironment({})
FILTERS, TESTS = frozenset(_ENVIRONMENT.filters), frozenset(_ENVIRONMENT.tests)

UNKNOWN: Any = object()
"""A value that only filling the template would tell."""

Scope = dict[str, Any]


class Named(NamedTuple):
    """Something a template names that there is not: what kind of thing, where, by which name, and which there are."""

    kind: str  # "fact", "filter", "test" or "template"
    template: str
    line: int
    name: str
    known: tuple[str, ...]


def unknown_names(lineage: Lineage, facts: Mapping[str, Any]) -> list[Named]:
    """Return everything that a template names and that is not there, in the order of its text.

    Names it sets itself are no facts, nor those it only asks about (`is defined`, `is given`, `default`), unless no
    rules at all have them. Raises what a Lineage raises, for the templates that it includes.
    """
    walk = _Walk(lineage)
    walk.whole({**facts, **dict.fromkeys(GIVEN, UNKNOWN)})
    return list(dict.fromkeys(walk.found))


def unknown_placeholders(
    template: str, templates: Mapping[str, str], facts: Mapping[str, Any], layout: str = ""
) -> list[tuple[int, str]]:
    """Return (line, dotted name) of every fact a template names that the sample facts do not have.

    Raises PrintError TEMPLATE_BROKEN.
    """
    try:
        found = unknown_names(Lineage(template, templates, layout), facts)
    except TemplateSyntaxError as error:
        raise broken(f"模板{error.name or template}第{error.lineno}行有误：{in_chinese(error)}。") from None
    except RecursionError:
        raise broken(f"模板{template}嵌套过深。") from None
    except MissingTemplate as error:
        raise broken(f"模板{error.template}第{error.line}行：找不到模板“{error.name}”。") from None
    return sorted({(each.line, each.name) for each in found if each.kind == "fact"})


class _Walk:
    """One walk through everything that filling a template would touch."""

    def __init__(self, lineage: Lineage) -> None:
        self.lineage = lineage
        self.found: list[Named] = []
        self.template = ""
        self.asked = lineage.asked
        self.deep = 0

    def whole(self, scope: Scope) -> None:
        """Walk what a template sets by itself, then the outermost one, in which the others' blocks stand."""
        *below, (name, outermost) = self.lineage.read
        for name_below, read in below:
            outside = [
                node for node in read.tree.body if not isinstance(node, (nodes.Block, nodes.Output, nodes.Extends))
            ]
            self._within(name_below, outside, scope)
        self._within(name, outermost.tree.body, scope)

    def _within(self, template: str, body: list[nodes.Node], scope: Scope) -> None:
        before, self.template = self.template, template
        for node in body:
            self._statement(node, scope)
        self.template = before

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        match node:
            case nodes.TemplateData():
                pass  # most of all there is
            case nodes.Expr():
                self.value(node, scope)
            case nodes.Block():
                self._block(node.name, scope, 0)
            case nodes.For():
                self._loop(node, scope)
            case nodes.Assign():
                self._bind(node.target, self.value(node.node, scope), scope)
            case nodes.AssignBlock():
                self._bind(node.target, UNKNOWN, scope)
                self._all(node.body, scope)
            case nodes.With():
                self._with(node, scope)
            case nodes.Macro():
                scope[node.name] = UNKNOWN
                self._all(node.body, {**scope, **{argument.name: UNKNOWN for argument in node.args}})
            case nodes.Include() | nodes.Import() | nodes.FromImport():
                self._other_template(node, scope)
            case _:
                self._all(list(parts_of(node)), scope)

    def _all(self, body: list[nodes.Node], scope: Scope) -> None:
        for node in body:
            self._statement(node, scope)

    def _block(self, name: str, scope: Scope, nth: int) -> None:
        """Walk the nearest definition of a block; those it replaces only as far as it calls them by super()."""
        defined = self.lineage.definitions(name)
        if nth >= len(defined) or self.deep > _MOST_NESTED:
            return
        template, block, continues = defined[nth]
        self.deep += 1
        self._within(template, block.body, dict(scope))
        if continues:
            self._block(name, scope, nth + 1)
        self.deep -= 1

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        several = self.value(node.iter, scope)
        one = several[0] if isinstance(several, list) and several else UNKNOWN
        inner = {**scope, "loop": UNKNOWN}
        self._bind(node.target, one, inner)
        self._all([*([node.test] if node.test else []), *node.body], inner)
        self._all(node.else_, scope)

    def _with(self, node: nodes.With, scope: Scope) -> None:
        inner = dict(scope)
        for target, value in zip(node.targets, node.values, strict=True):
            self._bind(target, self.value(value, scope), inner)
        self._all(node.body, inner)

    def _bind(self, target: nodes.Node, value: Any, scope: Scope) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = value
        else:
            scope |= {name.name: UNKNOWN for name in target.find_all(nodes.Name)}

    def _other_template(self, node: nodes.Include | nodes.Import | nodes.FromImport, scope: Scope) -> None:
        name = named_in(node.template, self.lineage.layout)
        if isinstance(node, nodes.Import):
            scope[node.target] = UNKNOWN
        if isinstance(node, nodes.FromImport):
            scope |= {each[1] if isinstance(each, tuple) else each: UNKNOWN for each in node.names}
        if name and name not in self.lineage.templates:
            known = tuple(each for each in self.lineage.templates if not each.startswith("parent/"))
            self.found.append(Named("template", self.template, node.lineno, name, known))
        elif name and isinstance(node, nodes.Include):
            walk = _Walk(Lineage(name, self.lineage.templates, self.lineage.layout))
            walk.whole(dict(scope))
            self.found += walk.found

    def value(self, node: nodes.Node, scope: Scope) -> Any:
        """Return what an expression stands for among the facts, or UNKNOWN; note each name that stands for nothing."""
        match node:
            case nodes.Name():
                return scope[node.name] if node.name in scope else self._missing(node, node.name, scope)
            case nodes.Getattr():
                return self._part(node, node.attr, scope)
            case nodes.Getitem() if isinstance(node.arg, nodes.Const):
                return self._part(node, node.arg.value, scope)
            case nodes.Filter():
                return self._filtered(node, scope)
            case nodes.Test():
                self._check("test", node, node.name, TESTS)
            case nodes.Call() if isinstance(node.node, nodes.Getattr) and path_in(node.node)[:1] == ("self",):
                self._block(node.node.attr, scope, 0)
                return UNKNOWN
        for child in parts_of(node):
            self.value(child, scope)
        return UNKNOWN

    def _part(self, node: nodes.Getattr | nodes.Getitem, name: str | int, scope: Scope) -> Any:
        path = path_in(node)
        if path and path[0] not in scope:
            return self._missing(node, path[-1], scope)
        holder = self.value(node.node, scope)
        if holder is UNKNOWN or (isinstance(holder, list) and isinstance(name, int)):
            return holder[0] if isinstance(holder, list) and holder else UNKNOWN
        if isinstance(holder, dict) and name in holder:
            return holder[name]
        return self._missing(node, str(name), holder if isinstance(holder, dict) else {})

    def _missing(self, node: nodes.Node, name: str, holder: Mapping[str, Any]) -> Any:
        path = path_in(node) or (name,)
        if path not in self.asked or _is_certain(path):
            head = ".".join(path[:-1])
            known = tuple(f"{head}.{each}" if head else each for each in holder if each not in GIVEN)
            self.found.append(Named("fact", self.template, node.lineno, ".".join(path), known))
        return UNKNOWN

    def _filtered(self, node: nodes.Filter, scope: Scope) -> Any:
        self._check("filter", node, node.name, FILTERS)
        inner = self.value(node.node, scope) if node.node else UNKNOWN
        for child in (*node.args, *node.kwargs):
            self.value(child, scope)
        taken = node.name in {"first", "last"} and isinstance(inner, list) and bool(inner)
        return inner[0] if taken else UNKNOWN

    def _check(self, kind: str, node: nodes.Node, name: str, known: frozenset[str]) -> None:
        if name not in known:
            self.found.append(Named(kind, self.template, node.lineno, name, tuple(known)))


def _is_certain(path: tuple[str, ...]) -> bool:
    """Return whether a name stands for nothing in any rules at all: what forms ask for it is not."""
    return len(path) > 1 and path[0] in _CLOSED and path[1] not in FACT_ROOTS[path[0]]


_CLOSED = frozenset({"person", "unit", "notice"})
_MOST_NESTED = 30
