"""Will every paper print? Each kind is compared with the facts of each place that prints it, and filled from them.

It is filled once from samples of everything and once as if every question had been left open, but for what the
template itself says it cannot be without (`needed`). No page is set: that costs, and depends on nothing that rules say.
What counties inherit alike is tried once, with typical words; only where that fails, with each county's own.
"""

import difflib
from collections.abc import Iterator, Mapping, Set
from hashlib import sha256
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError, nodes

from xunfang.errors import Problem
from xunfang.printing.complaints import place_of, while_filling
from xunfang.printing.inheritance import Lineage, MissingTemplate, Path, parsed
from xunfang.printing.markup import read
from xunfang.printing.order import PrintError, plain_facts
from xunfang.printing.placeholders import Named, unknown_names
from xunfang.printing.readable import file_of, unreadable
from xunfang.printing.rendering import PaperEnvironment
from xunfang.printing.typical import typical
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.sample_papers import Place, places_printing, sample_notice_facts

_ANSWERED = ("case", "task", "person", "contact")
_CITE = {"document": "", "number": "", "clause": "", "text": ""}
_MOST_KEPT = 16_384
_NEAR = 0.75
_AS_OTHERS = "请对照其他文书的模板修改"
_WHERE_OPEN = "没有填写的项目也要能印：写在 {% if … is given %} 和 {% endif %} 之间"

Facts = Mapping[str, Any]


def proofs(rulebook: Rulebook) -> tuple[Problem, ...]:
    """Return everything for which a paper of these rules could not be printed, each problem once."""
    found = dict.fromkeys(unreadable(rulebook))
    if found:
        return tuple(found)  # what cannot be read cannot be filled
    environment = _Trying(rulebook.templates)
    environment.filters = {**environment.filters, "needed": lambda value, name: value}
    for kind in rulebook.notices.values():
        if {kind.template, layout_of(kind)} <= rulebook.templates.keys():
            found |= dict.fromkeys(_of_kind(rulebook, kind, environment))
    return tuple(found)


def layout_of(kind: NoticeKind) -> str:
    """Return the template that a kind's own extends by the name `layout`."""
    return f"layouts/{kind.layout or 'letter'}.html"


def _of_kind(rulebook: Rulebook, kind: NoticeKind, environment: PaperEnvironment) -> Iterator[Problem]:
    try:
        lineage = Lineage(kind.template, rulebook.templates, layout_of(kind))
    except (MissingTemplate, TemplateSyntaxError) as error:
        message = f"“{kind.label}”的模板互相套用，没有尽头"
        yield Problem(file_of(rulebook, kind.template), getattr(error, "line", 0), "", "TEMPLATE_BROKEN", message, "")
        return
    for name, node in lineage.unprinted:
        yield _unprinted(rulebook, lineage, name, node)
    shapes: dict[tuple[str, str], Place] = {}
    for place in places_printing(rulebook, kind):
        shapes.setdefault((place.flow.id, place.origin.id), place)
    places: list[Place | None] = [*shapes.values()]
    for printing in places or [None]:
        yield from _Trial(rulebook, kind, printing, lineage, environment).problems()


def _unprinted(rulebook: Rulebook, lineage: Lineage, name: str, node: nodes.Node) -> Problem:
    file = file_of(rulebook, name)
    if isinstance(node, nodes.Block):
        known = {block.name for other, read in lineage.read if other != name for block in read.blocks}
        message = f"上级模板里没有“{node.name}”这一块，写在里面的不会印出来"
        hint = did_you_mean(node.name, known)
        return Problem(file, node.lineno, "", "TEMPLATE_BLOCK_UNKNOWN", message, hint)
    message = "套用了上级的模板，写在 {% block %} 外面的不会印出来"
    return Problem(
        file, node.lineno, "", "TEMPLATE_OUTSIDE", message, "请写进某个 {% block … %} 和 {% endblock %} 之间"
    )


class _Trying(PaperEnvironment):
    """An environment that makes code of templates as they have been read already."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return parsed(source).tree


_PRINTS: dict[bytes, bool] = {}
"""Whether a paper was found to print before, by the digest of everything that this depends on."""


class _Trial:
    """One kind of paper, printed by one place."""

    def __init__(
        self,
        rulebook: Rulebook,
        kind: NoticeKind,
        place: Place | None,
        lineage: Lineage,
        environment: PaperEnvironment,
    ) -> None:
        self.rulebook, self.kind, self.lineage, self.environment = rulebook, kind, lineage, environment
        self.sample = sample_notice_facts(rulebook, kind, place)
        self.what = f"“{kind.label}”由{place}印发时" if place else f"“{kind.label}”印发时"

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong."""
        alone = not any(read.includes for _, read in self.lineage.read)
        return () if alone and self._prints() else self._tried(plain_facts(self.sample))

    def _prints(self) -> bool:
        """Return whether nothing is wrong with typical facts, as it was found before if that has been asked."""
        facts = typical(self.sample, self.lineage)
        texts = [read.digest for _, read in self.lineage.read]
        depends = repr((self.kind.template, texts, self.lineage.layout, facts))
        key = sha256(depends.encode(errors="surrogatepass")).digest()
        found = _PRINTS.get(key)
        if found is None:
            if len(_PRINTS) >= _MOST_KEPT:
                _PRINTS.clear()
            found = _PRINTS[key] = not self._tried(facts)
        return found

    def _tried(self, facts: Facts) -> tuple[Problem, ...]:
        try:
            missing = tuple(self._missing(facts))
        except (RecursionError, TemplateSyntaxError):
            message = f"“{self.kind.label}”的模板互相套用，没有尽头"
            return (self._problem(self.kind.template, 0, "TEMPLATE_BROKEN", message, "请检查其中的 {% include %}"),)
        return missing or (*self._filled(facts), *self._filled(self._left_open(facts)))

    def _missing(self, facts: Facts) -> Iterator[Problem]:
        known = {**facts, "cites": facts["cites"] or [_CITE]}
        for each in unknown_names(self.lineage, known):
            if each.kind == "fact":
                message = f"{self.what}没有“{each.name}”这一项，文书会印不出来"
                yield self._problem(each.template, each.line, "TEMPLATE_FACT_UNKNOWN", message, _instead(each))

    def _filled(self, facts: Facts) -> Iterator[Problem]:
        self.environment.facts = facts
        try:
            read(self.environment.get_template(self.kind.template).render({**facts, "layout": self.lineage.layout}))
        except PrintError as error:
            said, hint = str(error.message).rstrip("。"), _AS_OTHERS
            yield self._problem(*place_of(error, self.kind.template), error.code, f"{self.what}印不出来：{said}", hint)
        except (TemplateError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
            message = f"{self.what}印不出来：{while_filling(error)}"
            hint = _WHERE_OPEN if isinstance(error, (UndefinedError, TypeError, ValueError)) else _AS_OTHERS
            yield self._problem(*place_of(error, self.kind.template), "TEMPLATE_BROKEN", message, hint)

    def _left_open(self, facts: Facts) -> Facts:
        """Return facts as of forms whose every question was left open, but for what the paper may not be without."""
        needed = self.lineage.needed
        own = {name: _emptied(facts[name], (name,), needed) for name in _ANSWERED}
        return {**facts, **own, "results": [_emptied(each, ("result",), needed) for each in facts["results"]]}

    def _problem(self, template: str, line: int, code: str, message: str, hint: str) -> Problem:
        return Problem(file_of(self.rulebook, template), line, "", code, message, hint)


def _emptied(facts: Any, path: Path, needed: Set[Path]) -> Any:
    if path in needed:
        return facts
    if isinstance(facts, dict):
        return {name: _emptied(value, (*path, name), needed) for name, value in facts.items()}
    return [] if isinstance(facts, list) else ""


def _instead(each: Named) -> str:
    if near := difflib.get_close_matches(each.name, each.known, 1, _NEAR):
        return f"是否想写“{near[0]}”？"
    form = {"case": "受理时填的表单", "task": "本流程各环节的表单", "result": "本流程各环节的表单"}
    holder = each.name.partition(".")[0]
    added = f"请在{form[holder]}中加上这个字段；" if holder in form else ""
    return f"{added}可有可无的，写作 {{% if {each.name} is given %}}…{{% endif %}}"
