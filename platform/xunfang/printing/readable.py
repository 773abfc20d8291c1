"""Can every template be read? Each one of the rules, used or not: its words, its tags and the others it names."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from xunfang.characters import unprintable
from xunfang.errors import Problem
from xunfang.printing.complaints import in_chinese
from xunfang.printing.inheritance import named_in, parsed
from xunfang.printing.markup import TAGS
from xunfang.printing.placeholders import FILTERS, TESTS
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.logos import ENDING, FOLDER, LOGO, LogoRefused, checked, is_logo, template_name
from xunfang.rulebook.model import Rulebook

_TAG = re.compile(r"<([a-zA-Z][\w-]*)")
_PICTURE = re.compile(r"\bsrc\s*=\s*[\"']?(?!data:)([\w./:-]+)")
_BRACES = re.compile(r"[｛｝]+|\{[{%]")
_OWN = "parent/"


class Fault(NamedTuple):
    """One thing wrong in a template, not yet said of a file."""

    line: int
    code: str
    message: str
    hint: str


def unreadable(rulebook: Rulebook) -> tuple[Problem, ...]:
    """Return everything that is wrong with the way the templates of these rules are written."""
    own = [name for name in rulebook.templates if name.startswith(_OWN)]
    return tuple(
        Problem(file_of(rulebook, name), fault.line, "", fault.code, fault.message, fault.hint)
        for name in own
        for fault in _all_faults(rulebook, name)
    )


def _all_faults(rulebook: Rulebook, name: str) -> Iterable[Fault]:
    text = rulebook.templates[name]
    if is_logo(name):
        return _of_logo(text)
    return (*_faults(text), *_others(rulebook, name), *_logos(rulebook, text))


@lru_cache(maxsize=256)
def _of_logo(text: str) -> tuple[Fault, ...]:
    try:
        checked(text)
    except LogoRefused as refused:
        hint = "徽标从网站“规则修改”的“徽标”里传，不在文件夹里手写"
        return (Fault(0, "LOGO_UNSAFE", str(refused), hint),)
    return ()


def _logos(rulebook: Rulebook, text: str) -> Iterator[Fault]:
    """Yield each logo that a template names and that there is not."""
    for found in LOGO.finditer(text) if "data-logo" in text else ():
        if template_name(found[1]) not in rulebook.templates:
            known = [name[len(FOLDER) + 1 : -len(ENDING)] for name in rulebook.templates if name.startswith(FOLDER)]
            hint = did_you_mean(found[1], known, 0) or "请先在“徽标”里传上，或者从模板里去掉"
            line = text.count("\n", 0, found.start()) + 1
            yield Fault(line, "LOGO_MISSING", f"没有名为“{found[1]}”的徽标", hint)


def file_of(rulebook: Rulebook, template: str) -> str:
    """Return the file that a template stands in: of the layer it names, or of the nearest layer that has it."""
    if template.startswith(_OWN):
        return f"templates/{template.removeprefix(_OWN)}"
    owners = (layer for layer in reversed(rulebook.chain) if f"{_OWN}{layer}/{template}" in rulebook.templates)
    return f"templates/{next(owners, rulebook.id)}/{template}"


@lru_cache(maxsize=2048)
def _faults(text: str) -> tuple[Fault, ...]:
    """Return what is wrong with the text of a template by itself: once for all rules that inherit it."""
    try:
        found = parsed(text).every
    except TemplateSyntaxError as error:
        hint = "花括号、百分号须成对，用英文半角；写法见 docs/rules.md 的文书一节"
        return (Fault(error.lineno, "TEMPLATE_BROKEN", f"模板写法有误：{in_chinese(error)}", hint),)
    except RecursionError:
        return (Fault(0, "TEMPLATE_BROKEN", "模板嵌套过深", "请把它拆成几个模板"),)
    texts = [node for node in found if isinstance(node, nodes.TemplateData)]
    return (*_words(found), *_markup(texts), *_characters(texts))


def _words(found: Iterable[nodes.Node]) -> Iterator[Fault]:
    for each in (node for node in found if isinstance(node, (nodes.Filter, nodes.Test))):
        known, what = (FILTERS, "过滤器") if isinstance(each, nodes.Filter) else (TESTS, "判断")
        if each.name not in known:
            hint = did_you_mean(each.name, known, len(known)) if known is FILTERS else "判断有没有填写的，写 is given"
            yield Fault(each.lineno, "TEMPLATE_WORD_UNKNOWN", f"没有名为“{each.name}”的{what}", hint)


def _markup(texts: Iterable[nodes.TemplateData]) -> Iterator[Fault]:
    for text in texts:
        for found in _TAG.finditer(text.data):
            if found[1].lower() not in TAGS:
                message = f"模板中不允许使用标签 <{found[1]}>"
                yield _at(text, found, "TEMPLATE_TAG", message, "只能用文字、段落和表格的标签，如 p、b、table")
        for found in _PICTURE.finditer(text.data):
            message = f"文书不能引用外面的图片或地址“{found[1]}”"
            yield _at(text, found, "TEMPLATE_PICTURE", message, "请删去；红头、印章的位置由版式印出")


def _characters(texts: Iterable[nodes.TemplateData]) -> Iterator[Fault]:
    """Yield what would stand on the paper as it stands here, and cannot be meant to."""
    for text in texts:
        for found in _BRACES.finditer(text.data):
            message = f"“{found[0]}”会照原样印出来"
            yield _at(text, found, "TEMPLATE_BRACES", message, "花括号、百分号用英文半角，如 {{ person.name }}")
        if strange := unprintable(text.data):
            place = re.search(re.escape(strange), text.data)
            assert place is not None
            message = f"“{strange}”（U+{ord(strange):04X}）印不出来，没有一种字体有这个字"
            yield _at(text, place, "CHARACTER_UNPRINTABLE", message, "请删去，或者换一个写法")


def _at(text: nodes.TemplateData, found: re.Match[str], code: str, message: str, hint: str) -> Fault:
    return Fault(text.lineno + text.data.count("\n", 0, found.start()), code, message, hint)


def _others(rulebook: Rulebook, name: str) -> Iterator[Fault]:
    try:
        others = parsed(rulebook.templates[name]).others
    except (TemplateSyntaxError, RecursionError):
        return
    for each in others:
        other = named_in(each.template, "")
        if other and other not in rulebook.templates:
            known = [known for known in rulebook.templates if not known.startswith(_OWN)]
            hint = did_you_mean(other, known, 0) or "请检查文件名；套用版式的写 {% extends layout %}"
            yield Fault(each.lineno, "TEMPLATE_MISSING", f"找不到模板“{other}”", hint)
