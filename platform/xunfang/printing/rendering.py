"""Templates into markup: a Jinja that can name facts and choose words, and can do nothing else."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, ClassVar

from jinja2 import (
    BytecodeCache,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.runtime import BlockReference, LoopContext, TemplateReference, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xunfang.printing import citations, dates, words
from xunfang.printing.complaints import in_chinese, place_of, while_filling
from xunfang.printing.markup import broken
from xunfang.printing.order import PrintError

MAX_HTML = 2 * 1024 * 1024
"""Characters a template may produce."""

MAX_NUMBER = 10**12
_KEPT_FILTERS = ("default", "first", "last", "length", "trim", "upper", "lower", "int", "escape", "e")
_OWN_FILTERS = {
    "date": words.paper_date,
    "datetime": words.paper_datetime,
    "time": words.paper_time,
    "cn_number": words.chinese_number,
    "money": words.money,
    "round": words.rounded,
    "join": words.joined,
    "lines": words.lines,
    "sentence": words.sentence,
    "bare": words.bare,
    "needed": words.needed,
    "full": citations.full_name,
    "source": citations.source,
    "citations": citations.citations,
    "sources": citations.sources,
    "day_list": dates.day_list,
    "rest_days": dates.rest_days,
}


class PaperEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox without globals, methods, or arithmetic that could grow; undefined names are errors."""

    intercepted_binops = frozenset(("*", "**", "%", "//", "/", "+", "-"))

    def __init__(self, templates: Mapping[str, str]) -> None:
        super().__init__(
            loader=_named(templates),
            bytecode_cache=_Compiled(),
            autoescape=True,
            cache_size=50,
            finalize=_printed,
            optimized=False,  # looking for constants to work out takes longer than there is to gain
        )
        self.undefined = _missing_in(self)
        self.facts: Mapping[str, Any] = {}
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _KEPT_FILTERS} | _OWN_FILTERS
        self.tests = {**self.tests, "given": words.given}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return the result of arithmetic on numbers of ordinary size; anything else is refused."""
        both = (left, right)
        if operator == "**" or not all(isinstance(side, (int, float)) and abs(side) < MAX_NUMBER for side in both):
            raise broken(f"模板中的运算“{operator}”只能用于数字；连接文字请用“~”。")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an entry of the facts or a helper of the template language; no other object has attributes."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, (LoopContext, BlockReference, TemplateReference)) and not attribute.startswith("_"):
            return super().getattr(obj, attribute)
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry of a dict or list of the facts."""
        if isinstance(obj, (dict, Undefined)) and isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, list) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(obj=obj, name=str(argument))
        if isinstance(obj, TemplateReference):
            return super().getitem(obj, argument)
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        """Return whether a template may call the object: only blocks, super() and macros of templates."""
        return isinstance(obj, BlockReference) or type(obj).__name__ in ("Macro", "LoopContext")

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if "autoescape" in source and (found := tree.find(nodes.EvalContextModifier)):
            raise TemplateSyntaxError("autoescape cannot be changed", found.lineno, name, filename)
        return tree


class _Compiled(BytecodeCache):
    """The code of templates: made once for all rulebooks that inherit the same text."""

    kept: ClassVar[dict[tuple[str, str], CodeType]] = {}
    most = 1024

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code that was made of the same text under the same name, if any."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made."""
        if len(self.kept) >= self.most:
            self.kept.clear()
        if bucket.code is not None:
            self.kept[bucket.key, bucket.checksum] = bucket.code


def _named(templates: Mapping[str, str]) -> FunctionLoader:
    """Return a loader whose templates know their own names, so that an error can say where it arose."""

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (templates[name], name, lambda: True) if name in templates else None

    return FunctionLoader(load)


def _printed(value: Any) -> Any:
    """Return how a value reads that a template prints without a filter: never None, True or a bracketed list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        cited = bool(value) and all(isinstance(entry, dict) and "document" in entry for entry in value)
        return citations.citations(value) if cited else words.joined(_printed(entry) for entry in value)
    if isinstance(value, dict):
        raise broken(f"模板直接打印了一组事实（{'、'.join(list(value)[:3])}…），请写明要打印其中哪一项。")
    return value


def render(template: str, templates: Mapping[str, str], facts: Mapping[str, Any], layout: str) -> str:
    """Return the markup of a filled template; `layout` is what the template finds under that name to extend.

    Raises PrintError PLACEHOLDER_MISSING, TEMPLATE_BROKEN, TEMPLATE_MISSING or TOO_LARGE.
    """
    values = {**facts, "layout": f"layouts/{layout or 'letter'}.html"}
    try:
        html = _limited(_environment(frozenset(templates.items())), template, values)
    except UndefinedError as error:
        raise PrintError("PLACEHOLDER_MISSING", str(error.message)) from None
    except TemplateNotFound as error:
        raise PrintError("TEMPLATE_MISSING", f"找不到模板“{error.name}”。") from None
    except TemplateSyntaxError as error:
        raise broken(f"模板{error.name or template}第{error.lineno}行有误：{in_chinese(error)}。") from None
    except (TemplateError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        name, line = place_of(error, template)
        raise broken(f"模板{name}{f'第{line}行' if line else ''}无法填写：{while_filling(error)}。") from None
    return html


@lru_cache(maxsize=4)
def _environment(texts: frozenset[tuple[str, str]]) -> PaperEnvironment:
    """Return an environment that has kept its compiled templates from the last paper of the same rulebook."""
    return PaperEnvironment(dict(texts))


def _limited(environment: PaperEnvironment, template: str, values: Mapping[str, Any]) -> str:
    environment.facts = values
    parts, size = [], 0
    for part in environment.get_template(template).generate(values):
        size += len(part)
        if size > MAX_HTML:
            raise PrintError("TOO_LARGE", "模板填写后超过200万字，请检查模板中的循环。")
        parts.append(part)
    return "".join(parts)


def _missing_in(environment: PaperEnvironment) -> type[StrictUndefined]:
    """Return the kind of undefined value that names, in Chinese, the fact a template asked for in vain."""

    class MissingFact(StrictUndefined):
        @property
        def _undefined_message(self) -> str:
            holder = self._undefined_obj
            where = path_of(environment.facts, holder) if isinstance(holder, (dict, list)) else ""
            name = f"{where}.{self._undefined_name}" if where else str(self._undefined_name)
            return f"文书缺少事实“{name}”，请补充后再打印，或修改模板中的名称。"

    return MissingFact


def path_of(facts: Any, target: Any, path: str = "") -> str:
    """Return the dotted path at which an object stands in the facts, or nothing."""
    entries = facts.items() if isinstance(facts, dict) else enumerate(facts) if isinstance(facts, list) else ()
    for key, value in entries:
        here = f"{path}.{key}" if path else str(key)
        if value is target or (found := path_of(value, target, here)):
            return here if value is target else found
    return ""
