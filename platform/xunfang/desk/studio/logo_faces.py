"""Logos of a draft's layer: which there are, which papers carry them, where one stands in a template or may stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xunfang.actions.drafting import Edited
from xunfang.casework.change_sets import text_digest
from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.files import file_label, layer_names, layer_of
from xunfang.desk.studio.table_edits import gap_label
from xunfang.errors import Conflict, FieldProblem, Invalid, NotFound
from xunfang.rulebook.files import Files
from xunfang.rulebook.logos import (
    ENDING,
    FOLDER,
    LOGO,
    MOST_ALT,
    Logo,
    LogoRefused,
    checked,
    is_logo,
    is_name,
    logo_path,
    reworded,
)
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rulebook.template_gaps import gaps

LEAST_WIDTH, MOST_WIDTH, USUAL_WIDTH = 5, 156, 30
ALIGNED = {"left": "靠左", "center": "居中", "right": "靠右"}
RED_HEADED = frozenset(("document", "letter", "minutes", "telegram"))
"""Layouts of official papers, which by GB/T 9704 carry no logo."""
HEAD = "head"
_OWN_HEAD = re.compile(r"\{%-?\s*block\s+head\b")
_EXTENDS = re.compile(r"\{%-?\s*extends\s+(?:(layout)\b|[\"'](layouts)/|[\"']parent/([\w.-]+/[\w./-]+)[\"'])")
_MOST_ABOVE = 8
_SAID = re.compile(r'data-(width|align)="([a-z0-9]+)"')


@dataclass(frozen=True, slots=True)
class LogoFace:
    """A logo: by which name templates ask for it, what it shows, whose it is, and which papers carry it."""

    name: str
    alt: str
    own: bool
    layer: str
    covers: bool  # it stands before one of a layer above
    used: Sequence[str]
    problem: str
    size: int  # of its text, in kB
    digest: str


@dataclass(frozen=True, slots=True)
class LogoPlace:
    """A logo as a template has it: the nth one, called so, so wide in mm, on which side."""

    nth: int
    name: str
    alt: str
    width: int
    align: str


@dataclass(frozen=True, slots=True)
class LogosFace:
    """The logos of a template, those it may carry, and where another may be put; `red` where none belongs."""

    there: Sequence[LogoPlace]
    known: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]
    red: bool


def logo_faces(draft: Drafted, rules: Rulebook) -> list[LogoFace]:
    """Return the logos that papers of a layer may carry, the nearest layer's of each name."""
    names, found = layer_names(draft.files), dict[str, LogoFace]()
    for layer in rules.chain:
        for name, path in _logos_of(draft.files, layer):
            text, covers = draft.files[path], name in found
            alt, problem = _read(text)
            used = list(dict.fromkeys(_papers_with(draft.files, rules, name)))
            own, kb = layer == draft.layer, len(text) // 1000 + 1
            found[name] = LogoFace(
                name, alt, own, names.get(layer, layer), covers, used, problem, kb, text_digest(text)
            )
    return sorted(found.values(), key=lambda logo: (not logo.own, logo.name))


def _logos_of(files: Files, layer: str) -> Iterator[tuple[str, str]]:
    head = f"templates/{layer}/{FOLDER}/"
    for path in sorted(files):
        if path.startswith(head) and path.endswith(ENDING):
            yield path.removeprefix(head).removesuffix(ENDING), path


def _read(text: str) -> tuple[str, str]:
    """Return what a logo shows, and what is wrong with its file."""
    try:
        return checked(text).alt, ""
    except LogoRefused as refused:
        return "", str(refused)


def _papers_with(files: Files, rules: Rulebook, name: str) -> Iterator[str]:
    """Yield the papers whose templates name a logo, a template of no one kind of paper by its own title."""
    for path, text in sorted(files.items()):
        within = path.startswith("templates/") and layer_of(path) in rules.chain and not is_logo(path)
        if within and any(found[1] == name for found in LOGO.finditer(text)):
            kinds = [kind.label for kind in rules.notices.values() if path.split("/", 2)[2] == kind.template]
            yield from kinds or [file_label(path, text)]


def logo_text(draft: Drafted, chain: Sequence[str], name: str) -> str:
    """Return the text of a logo that may be shown; raises NotFound for none, and for one that is not safe."""
    found = [text for layer in chain if (text := draft.files.get(logo_path(layer, name))) is not None]
    if not found or _read(found[-1])[1]:
        raise NotFound
    return found[-1]


def new_name(draft: Drafted, chain: Sequence[str], asked: str) -> str:
    """Return the name of a new logo: what was asked for, or the next that is free. Raises Invalid."""
    if asked and not is_name(asked):
        told = "编号用小写英文字母、数字和连字符，以字母开头。"
        raise Invalid([FieldProblem("name", told)], told)
    taken = {name for layer in chain for name, _ in _logos_of(draft.files, layer)}
    if asked in taken:
        told = "已经有这个编号了。要换图，在它下面换。"
        raise Invalid([FieldProblem("name", told)], told)
    free = (f"logo-{n}" if n > 1 else "logo" for n in range(1, len(taken) + 2))
    return asked or next(name for name in free if name not in taken)


def words_for(alt: str) -> str:
    """Return what was typed as the words for a logo. Raises Invalid."""
    alt = " ".join(alt.split())
    if not 0 < len(alt) <= MOST_ALT or not alt.isprintable():
        told = f"写明这是什么标志，如“社会救助服务中心标志”，不超过{MOST_ALT}个字。"
        raise Invalid([FieldProblem("alt", told)], told)
    return alt


def kept(logo: Logo, *, new: bool, saw: str) -> Edited:
    """Return the edit that keeps a logo."""
    said = f"{'加了' if new else '换了'}徽标“{logo.alt}”"
    return Edited(logo.text, "logo.add" if new else "logo.set", said, saw=saw)


def reworded_edit(text: str, alt: str, saw: str) -> Edited:
    """Return the edit that tells otherwise what a logo shows. Raises Invalid."""
    try:
        return Edited(reworded(checked(text), alt).text, "logo.set", f"徽标改说明为“{alt}”", saw=saw)
    except LogoRefused as refused:
        raise Invalid([FieldProblem("alt", str(refused))], str(refused)) from None


def removed(logo: LogoFace, saw: str) -> Edited:
    """Return the edit that takes a logo away. Raises Conflict while a paper carries it and no layer above has it."""
    if logo.used and not logo.covers:
        raise Conflict(f"还有文书印着这个徽标：{'、'.join(logo.used[:5])}。先从这些文书里去掉。", "LOGO_USED")
    return Edited("", "logo.remove", f"去掉徽标“{logo.alt or logo.name}”", gone=True, saw=saw)


def logos_face(draft: Drafted, rules: Rulebook, kind: NoticeKind, text: str) -> LogosFace:
    """Return the logos of a template, and where another may be put."""
    known = [(logo.name, logo.alt) for logo in logo_faces(draft, rules) if not logo.problem]
    labels = dict(known)
    there = [_place(n, found, labels) for n, found in enumerate(LOGO.finditer(text))]
    places = [(str(n), gap_label(gap)) for n, gap in enumerate(gaps(text))]
    if _head_is_free(draft.files, text):
        places.insert(0, (HEAD, "标题上面"))
    return LogosFace(there, known, places, kind.layout in RED_HEADED)


def _head_is_free(files: Files, text: str) -> bool:
    """Return whether nothing stands above the title of a template, in it or in those that it goes on from."""
    for _ in range(_MOST_ABOVE):
        found = None if _OWN_HEAD.search(text) else _EXTENDS.search(text)
        if found is None or found[1] or found[2]:
            return found is not None
        text = files.get(f"templates/{found[3]}", "")
    return False


def _place(nth: int, found: re.Match[str], labels: dict[str, str]) -> LogoPlace:
    said = dict(_SAID.findall(found[0]))
    width = said.get("width", "")
    wide = int(width) if width.isdecimal() and len(width) < 4 else USUAL_WIDTH
    return LogoPlace(nth, found[1], labels.get(found[1], found[1]), wide, said.get("align", "left"))


def logo_tag(name: str, width: str, align: str) -> str:
    """Return how a template names a logo. Raises Invalid."""
    if not width.isdecimal() or not width.isascii() or not LEAST_WIDTH <= int(width) <= MOST_WIDTH:
        told = f"宽度写{LEAST_WIDTH}到{MOST_WIDTH}之间的整数，单位是毫米。"
        raise Invalid([FieldProblem("width", told)], told)
    side = f' data-align="{align}"' if align in ALIGNED and align != "left" else ""
    return f'<img data-logo="{name}" data-width="{int(width)}"{side}>'


def with_logo(files: Files, text: str, where: str, tag: str) -> str:
    """Return a template with a logo more. Raises NotFound for a place that it does not have."""
    if where == HEAD and _head_is_free(files, text):
        line = "" if text.endswith("\n") else "\n"
        return f"{text}{line}{{% block head %}}{tag}{{% endblock %}}\n"
    found = gaps(text)
    if not where.isdecimal() or len(where) > 4 or int(where) >= len(found):
        raise NotFound
    at = found[int(where)].at
    return f"{text[:at]}\n{tag}{text[at:] if text[at:].startswith(chr(10)) else chr(10) + text[at:]}"


def with_other_logo(text: str, nth: int, tag: str) -> str:
    """Return a template with its nth logo as `tag` says, "" to take it away. Raises NotFound."""
    found = next((found for n, found in enumerate(LOGO.finditer(text)) if n == nth), None)
    if found is None:
        raise NotFound
    before, after = text[: found.start()], text[found.end() :]
    if not tag and before.endswith("{% block head %}") and after.startswith("{% endblock %}\n"):
        return before.removesuffix("{% block head %}") + after.removeprefix("{% endblock %}\n")
    if not tag and before.endswith("\n") and after.startswith("\n"):
        after = after[1:]
    return f"{before}{tag}{after}"
