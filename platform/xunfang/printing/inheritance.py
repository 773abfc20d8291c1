"""Which parts of a template and of those it extends are really filled: a block that is replaced prints nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

from jinja2 import TemplateSyntaxError, nodes

from xunfang.printing.rendering import PaperEnvironment

MOST_ANCESTORS = 8
LAYOUT = "layout"


class MissingTemplate(Exception):
    """A template extends, includes or imports one that there is not; `template` and `line` say where."""

    def __init__(self, name: str, template: str, line: int) -> None:
        super().__init__(name)
        self.name, self.template, self.line = name, template, line


Path = tuple[str, ...]
ASKING = frozenset(("defined", "undefined", "given", "string", "number", "boolean"))
"""Tests that only ask whether a fact is there, or of what kind it is: they stand that there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A template read once: its tree, and what others ask of it again and again."""

    digest: str  # of its text
    tree: nodes.Template
    every: tuple[nodes.Node, ...]  # all that is in it, in the order of its text
    extends: nodes.Extends | None
    blocks: tuple[nodes.Block, ...]
    continuing: frozenset[str]  # blocks that call super()
    asked: frozenset[Path]  # facts it only asks about
    compared: frozenset[str]  # words it compares facts with
    named: frozenset[str] | None  # every name in it, of a fact or of a part of one; None where facts decide on names
    needed: frozenset[Path]  # facts without which it says it cannot be printed
    others: tuple[nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport, ...]

    @property
    def includes(self) -> bool:
        """Whether it takes in other templates besides the one it extends."""
        return any(not isinstance(each, nodes.Extends) for each in self.others)


_READER = PaperEnvironment({})
_OTHERS = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


@lru_cache(maxsize=2048)
def parsed(text: str) -> Read:
    """Return a template, read: once, whatever layers call it; raises TemplateSyntaxError or RecursionError."""
    tree = _READER.parse(text)
    found = tuple(_within(tree))
    blocks = tuple(node for node in found if isinstance(node, nodes.Block))
    filters = [node for node in found if isinstance(node, nodes.Filter) and node.node]
    asking = [node.node for node in found if isinstance(node, nodes.Test) and node.name in ASKING]
    asking += [node.node for node in filters if node.name == "default" and node.node]
    return Read(
        digest=sha256(text.encode(errors="surrogatepass")).hexdigest(),
        tree=tree,
        every=found,
        extends=next((node for node in found if isinstance(node, nodes.Extends)), None),
        blocks=blocks,
        continuing=frozenset(block.name for block in blocks if any(map(_is_super, block.find_all(nodes.Call)))),
        asked=frozenset(path for node in asking if (path := path_in(node))),
        compared=frozenset(
            word.value
            for node in found
            if isinstance(node, (nodes.Compare, nodes.Test))
            for word in node.find_all(nodes.Const)
            if isinstance(word.value, str) and word.value
        ),
        named=_names(found),
        needed=frozenset(
            path for node in filters if node.name == "needed" and node.node and (path := path_in(node.node))
        ),
        others=tuple(node for node in found if isinstance(node, _OTHERS)),
    )


def _within(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Yield all that is in a tree, a whole before its parts: what the library does with a generator for each node."""
    waiting = list(parts_of(tree))[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += list(parts_of(node))[::-1]


def parts_of(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what lies directly in a node, in the order of its text."""
    for name in node.fields:
        value = getattr(node, name, None)
        if isinstance(value, nodes.Node):
            yield value
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, nodes.Node))


def _names(found: tuple[nodes.Node, ...]) -> frozenset[str] | None:
    items = [node.arg for node in found if isinstance(node, nodes.Getitem)]
    if not all(isinstance(item, nodes.Const) for item in items):
        return None
    names = {node.name for node in found if isinstance(node, nodes.Name)}
    names |= {node.attr for node in found if isinstance(node, nodes.Getattr)}
    return frozenset(names | {str(item.value) for item in items if isinstance(item, nodes.Const)})


def _is_super(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name == "super"


def path_in(node: nodes.Node) -> Path:
    """Return the dotted name that an expression is, () for any other expression."""
    if isinstance(node, nodes.Name):
        return (node.name,) if node.ctx == "load" else ()
    if isinstance(node, nodes.Getattr) and (head := path_in(node.node)):
        return (*head, node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and (head := path_in(node.node)):
        return (*head, str(node.arg.value))
    return ()


def _says_something(node: nodes.Node) -> bool:
    return not isinstance(node, nodes.TemplateData) or bool(node.data.strip())


def named_in(node: nodes.Node | None, layout: str) -> str:
    """Return the template that a word of a template names, "" where only its facts could tell."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return node.value
    return layout if isinstance(node, nodes.Name) and node.name == LAYOUT else ""


class Lineage:
    """A template with those it extends, nearest first; raises MissingTemplate, TemplateSyntaxError, RecursionError."""

    def __init__(self, template: str, templates: Mapping[str, str], layout: str) -> None:
        self.layout, self.templates = layout, templates
        self.read = list(self._climb(template))
        self._blocks: dict[str, list[tuple[str, nodes.Block, bool]]] = {}
        for name, read in self.read:
            for block in read.blocks:
                continues = block.name in read.continuing
                self._blocks.setdefault(block.name, []).append((name, block, continues))

    def _climb(self, name: str) -> Iterator[tuple[str, Read]]:
        by, line = name, 0
        for _ in range(MOST_ANCESTORS):
            if name not in self.templates:
                raise MissingTemplate(name, by, line)
            read = parsed(self.templates[name])
            yield name, read
            above = named_in(read.extends.template, self.layout) if read.extends else ""
            if not above:
                return
            by, line, name = name, read.extends.lineno if read.extends else 0, above
        raise TemplateSyntaxError("extends itself", line, name, name)

    def definitions(self, block: str) -> list[tuple[str, nodes.Block, bool]]:
        """Return each definition of a block, the nearest first: its template, itself, whether it calls super()."""
        return self._blocks.get(block, [])

    @property
    def unprinted(self) -> Iterator[tuple[str, nodes.Node]]:
        """What stands in a template that extends another and never comes to paper, with the template it stands in."""
        for place, (name, read) in enumerate(self.read[:-1]):
            above = {block.name for _, other in self.read[place + 1 :] for block in other.blocks}
            body = iter(read.tree.body)
            for node in body:  # what stands before it is printed
                if isinstance(node, nodes.Extends):
                    break
            for node in body:
                lost = isinstance(node, nodes.Block) and node.name not in above
                if lost or (isinstance(node, nodes.Output) and any(map(_says_something, node.nodes))):
                    yield name, node

    @cached_property
    def asked(self) -> frozenset[Path]:
        """The facts that the templates only ask about."""
        return frozenset().union(*(read.asked for _, read in self.read))

    @cached_property
    def named(self) -> frozenset[str] | None:
        """Every name in the templates, of a fact or of a part of one; None where facts decide on names."""
        named = [read.named for _, read in self.read]
        return None if None in named else frozenset().union(*filter(None, named))

    @cached_property
    def compared(self) -> frozenset[str]:
        """The words that the templates compare facts with."""
        return frozenset().union(*(read.compared for _, read in self.read))

    @cached_property
    def needed(self) -> frozenset[Path]:
        """The facts without which the templates say they cannot be printed."""
        return frozenset().union(*(read.needed for _, read in self.read))
