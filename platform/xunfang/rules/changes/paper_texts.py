"""What papers say, read from their templates: each paragraph as people read it, facts by their names in brackets."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from html import unescape

from xunfang.rulebook.logos import LOGO, template_name, words_of
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rulebook.paper_tables import ROW
from xunfang.rules.describe.facts import engine_fact

_UNSEEN = (("{#", "#}"), ("<head", "</head>"), ("<style", "</style>"), ("{% block style %}", "{% endblock %}"))
_JINJA = (("{%", "%}"), ("{{", "}}"))
_ENDS = re.compile(r"</(?:p|h1|h2|h3|li|tr|td|th|title|div|section)>|<br[^<>]*>|\n")
_TAG = re.compile(r"<[^<>]*>")
_FRAME = re.compile(r"\{%-? *(?:block|endblock|extends|set|import|from)\b[^%]*%\}")
_KEPT = re.compile("\ue000([0-9]+)\ue001")
_NAMED = re.compile(r"\b(?:[a-z_]+(?:\.[a-z_]+)+|cites|signer|results)\b(?![\"'])")
_USED = re.compile(r"\{%-?\s*(?:extends|include|import|from)\s+(?:\"([^\"]+)\"|(layout))")
_SIGNS = (
    (re.compile(r"^if (.+?) is given$"), "〔填有{}的：〕"),
    (re.compile(r"^(?:if|elif) (.+)$"), "〔如果{}：〕"),
    (re.compile(r"^for \w+ in (.+?)(?: *\| *default\(\[\]\))?$"), "〔逐项列出{}：〕"),
    (re.compile(r"^else$"), "〔否则：〕"),
    (re.compile(r"^end(?:if|for)$"), "〔完〕"),
)

_LOGO = "logo"
_OF_PAPERS = {
    "jurisdiction.name": "辖区名称", "jurisdiction.brand": "服务品牌", "jurisdiction.hotline": "服务热线",
    "issuer.label": "制发单位", "notice.issued_on": "印发日期", "notice.label": "文书名称", "notice.copies": "抄送单位",
    "notice.addressee": "主送单位", "notice.number": "文号", "unit.label": "主送单位", "task.unit_label": "承办单位",
    "task.due_at": "办理时限", "task.limit": "期限", "task.assist": "协办单位", "task.opened_at": "交办时间",
    "task.label": "环节", "task.outcome": "办理结果", "case.number": "案号", "case.opened_at": "立案时间",
    "case.source": "线索来源", "contact.unit": "联系单位", "contact.phone": "联系电话",
    "person.residence.label": "现居住地", "person.registration.label": "户籍所在地",
    "deadline.counted": "计入的日子", "deadline.skipped": "不计入的日子", "deadline.provisional": "暂定",
    "loop.index": "序号", "cites": "依据", "signer": "签发人", "results": "办理结果",
}  # fmt: skip

_ANSWERED = (
    (re.compile(r"([\w.]+) is boolean and not \1"), r"\1 is no"),
    (re.compile(r"([\w.]+) is boolean and \1"), r"\1 is yes"),
)
_WORDS = {
    " is no": "为“否”", " is yes": "为“是”",
    " is given": "已填", " is string": "填的是文字", " is boolean": "填的是“是”或“否”", "[:10]": "的日期",
    " not in ": "不在", " in ": "在", " or ": "或者", " and ": "并且",
}  # fmt: skip

Pair = tuple[str, str]
"""A paragraph before and after; "" for one that was not there or is no more."""


def text_changes(old: Rulebook, new: Rulebook, before: str, after: str) -> Iterator[Pair]:
    """Yield the paragraphs in which two texts of a template differ, in their order."""
    was, now = _paragraphs(before), _paragraphs(after)
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            gone, come = was[a:b], now[c:d]
            for nth in range(max(len(gone), len(come))):
                yield _told(old, new, gone[nth] if nth < len(gone) else "", come[nth] if nth < len(come) else "")


def whole_text(rules: Rulebook, text: str) -> str:
    """Return a whole template as people read it, a paragraph a line."""
    return "\n".join(_read(rules, each) for each in _paragraphs(text))


def _told(old: Rulebook, new: Rulebook, before: str, after: str) -> Pair:
    """Return both as people read them; as they are written where people would read the same."""
    read = _read(old, before), _read(new, after)
    return read if read[0] != read[1] else (before, after)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a template as they are written, without what only sets them."""
    for opens, closes in _UNSEEN:
        text = "".join(outside for outside, _ in _parted(text, opens, closes))
    signs: list[str] = []
    text = LOGO.sub(lambda found: f"<p>{{{{ {_LOGO} {found[1]} }}}}</p>", text)
    for opens, closes in _JINJA:  # put aside: they may stand within tags, and hold what looks like one
        text = "".join(outside + _kept(signs, sign) for outside, sign in _parted(text, opens, closes))
    lines = (unescape(_TAG.sub("", part)) for part in _ENDS.split(_TAG.sub(_ended, text)))
    told = (_KEPT.sub(lambda found: signs[int(found[1])], line) for line in lines)
    return list(_joined(line for each in told if (line := " ".join(each.split()))))


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines, a condition that stands alone with what it is about: the end of one with what is before."""
    opened, last = "", ""
    for line in lines:
        alone = line.startswith("{%") and line.find("%}") == len(line) - 2
        if alone and line[2:].strip("- ").startswith("end"):
            last += line
        elif alone:
            opened += line
        else:
            yield from [last] if last else []
            opened, last = "", opened + line
    yield from [last + opened] if last + opened else []


def _parted(text: str, opens: str, closes: str) -> Iterator[Pair]:
    """Yield what stands outside such brackets, each with the bracket behind it."""
    at = 0
    while (start := text.find(opens, at)) >= 0 and (end := text.find(closes, start)) >= 0:
        yield text[at:start], text[start : end + len(closes)]
        at = end + len(closes)
    yield text[at:], ""


def _kept(signs: list[str], sign: str) -> str:
    """Put a sign aside and return what stands for it; what only frames the text ends a line."""
    if not sign or _FRAME.fullmatch(sign):
        return "\n" if sign else ""
    signs.append(sign)
    return f"\ue000{len(signs) - 1}\ue001"


def _ended(found: re.Match[str]) -> str:
    return "\n" if _ENDS.fullmatch(found[0]) else ""


def _read(rulebook: Rulebook, text: str) -> str:
    signs = "".join(out + (_sign(rulebook, _bare(sign)) if sign else "") for out, sign in _parted(text, *_JINJA[0]))
    facts = ((out, _bare(fact).partition("|")[0].strip()) for out, fact in _parted(signs, *_JINJA[1]))
    return "".join(out + (f"〔{_fact(rulebook, fact)}〕" if fact else "") for out, fact in facts)


def _fact(rulebook: Rulebook, fact: str) -> str:
    if fact.startswith(f"{_LOGO} "):
        text = rulebook.templates.get(template_name(fact.removeprefix(f"{_LOGO} ")), "")
        return f"徽标“{words_of(text)}”"
    return _named(rulebook, fact)


def _bare(sign: str) -> str:
    """Return what stands within brackets of a template."""
    return sign[2:-2].strip("-").strip()


def _sign(rulebook: Rulebook, sign: str) -> str:
    for pattern, words in _SIGNS:
        if found := pattern.match(sign):
            return words.format(*(_named(rulebook, each) for each in found.groups()))
    return f"〔{sign}〕"


def _named(rulebook: Rulebook, expression: str) -> str:
    for asked, answered in _ANSWERED:
        expression = asked.sub(answered, expression)
    told = _NAMED.sub(lambda found: _name(rulebook, found[0]), expression)
    for written, read in _WORDS.items():
        told = told.replace(written, read)
    return told


def _name(rulebook: Rulebook, path: str) -> str:
    """Return what a fact of a paper is called, such as case.difficulty; one that nobody knows stays as it is."""
    root, _, leaf = path.rpartition(".")
    if path in _OF_PAPERS:
        return _OF_PAPERS[path]
    if root == ROW and f"task.{leaf}" in _OF_PAPERS:
        return _OF_PAPERS[f"task.{leaf}"]
    if root in ("case", "task", "result", "contact", ROW):
        return _titles(rulebook).get(leaf, path)
    return engine_fact(path) or path


@lru_cache(maxsize=16)
def _titles(rulebook: Rulebook) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for form in rulebook.forms.values():
        for field in form.fields.values():
            found.setdefault(field.name, field.title)
    columns = (
        column
        for form in rulebook.forms.values()
        for field in form.row_fields
        if field.row
        for column in field.row.fields.values()
    )
    for column in columns:
        found.setdefault(column.name, column.title)
    return found


def reads(rulebook: Rulebook, kind: NoticeKind) -> dict[str, str]:
    """Return every template text that a kind of paper is printed from, by name."""
    found: dict[str, str] = {}
    waiting = [kind.template]
    while waiting:
        name = waiting.pop()
        if name in rulebook.templates and name not in found:
            found[name] = rulebook.templates[name]
            used = _USED.findall(found[name])
            waiting += [named or f"layouts/{kind.layout or 'letter'}.html" for named, _ in used]
    return found
