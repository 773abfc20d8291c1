"""What no sentence tells: values, the order of things, the words of papers, files of which nothing else is told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from xunfang.rulebook.compile import files_of, merged_parts
from xunfang.rulebook.differences import Difference, differences, reorderings
from xunfang.rulebook.findings import key_text
from xunfang.rulebook.logos import is_logo, words_of
from xunfang.rulebook.merge import Origin, Part
from xunfang.rulebook.paper_tables import looks_changed
from xunfang.rulebook.policy_texts import document_of, is_policy_text
from xunfang.rulebook.positions import Path
from xunfang.rules.changes.faces import ChangeLine, Edition, Spot, how_of
from xunfang.rules.changes.owning import single
from xunfang.rules.changes.paper_texts import text_changes, whole_text
from xunfang.rules.changes.statement import Statement
from xunfang.rules.changes.statements import PLACES, SCENARIOS

OTHERS, TEMPLATES = "others", "templates"
_QUIET = "文件内容有改动，但没有一条规则、一项取值随之改变：改的是注释、写法或版式，或者已由下级的规定取代。"
_ORIGINAL = "政策原文有改动，条款和规则不变。"
_DIVISIONS = "/divisions.csv"


@dataclass(slots=True)
class Told:
    """The files of which something is told already, the values that no sentence tells, and orders that one tells."""

    files: set[str] = field(default_factory=set)
    untold: list[tuple[Spot, Statement | None]] = field(default_factory=list)
    orders: set[tuple[str, Path]] = field(default_factory=set)


def values_changed(old: Edition, new: Edition) -> Iterator[Difference]:
    """Yield every value that the files of both come to otherwise."""
    was, now = _parts(old), _parts(new)
    yield from single(differences(now, was))
    for name in was:
        if name not in now:
            yield from (_gone(each) for each in differences({name: was[name]}, {}))


def _parts(edition: Edition) -> dict[str, Part]:
    return merged_parts(files_of(edition.files, edition.rules.chain), edition.rules.id)


def _gone(each: Difference) -> Difference:
    return Difference(each.part, each.path, each.after, None, each.origin, each.origin)


def others(old: Edition, new: Edition, told: Told) -> tuple[ChangeLine, ...]:
    """Return what is left to be told, after everything else."""
    return (*_values(told), *_orders(old, new, told), *_files(old, new, told))


def _values(told: Told) -> Iterator[ChangeLine]:
    for spot, statement in told.untold:
        about = f"{spot.file} 第{spot.line}行　{spot.key}"
        before, after = (
            f"{spot.name}：{value}" if value and spot.name else value for value in (spot.before, spot.after)
        )
        belongs = statement.text if statement else ""
        key = f"{OTHERS}:{spot.file}:{spot.key}"
        yield ChangeLine(key, how_of(before, after), about, before, after, belongs=belongs, spots=(spot,))


def orders(old: Edition, new: Edition) -> Iterator[tuple[str, Path, Origin]]:
    """Yield each part and table in it of which both say the same names in another order, with where it is written."""
    was, now = _parts(old), _parts(new)
    yield from ((name, path, now[name].origin(path)) for name, path in reorderings(now, was))


def _orders(old: Edition, new: Edition, told: Told) -> Iterator[ChangeLine]:
    was, now = _parts(old), _parts(new)
    for name, path, origin in orders(old, new):
        if (name, path) in told.orders:
            continue
        key = key_text(path)
        told.files |= {origin.file, was[name].origin(path).file}
        before, after = (_order(parts[name], path) for parts in (was, now))
        about = f"{origin.file} 第{origin.line}行　{key or name}　先后次序"
        yield ChangeLine(f"{OTHERS}:{origin.file}:{key}:order", "changed", about, before, after)


def _order(part: Part, path: Path) -> str:
    value: Any = part.data
    for key in path:
        value = next(row for row in value if row.get("id") == key) if isinstance(value, list) else value[key]
    pairs = [(str(row["id"]), row) for row in value] if isinstance(value, list) else list(value.items())
    names = [str(_called(item) or name) for name, item in pairs]
    return "、".join(names)


def _called(item: Any) -> str:
    """Return what people call something in a file, "" for what has no name."""
    return str(item.get("label") or item.get("title") or "") if isinstance(item, dict) else ""


def _files(old: Edition, new: Edition, told: Told) -> Iterator[ChangeLine]:
    """Yield each file that differs and of which nothing is told: nothing passes unseen."""
    was, now = (files_of(each.files, each.rules.chain) for each in (old, new))
    for path in sorted({*was, *now}):
        if was.get(path) != now.get(path) and path not in told.files:
            scenarios = [
                f"“{each.label}”" for each in (new.rules.scenarios or old.rules.scenarios) if each.file == path
            ]
            text = f"情景{'、'.join(scenarios)}的内容有改动，规则不变。" if scenarios else _QUIET
            about = path
            if is_policy_text(path):
                about, text = f"{_title(new, old, path)}全文", _ORIGINAL
            yield ChangeLine(f"{OTHERS}:{path}", how_of(path in was, path in now), about, "", text)


def _title(new: Edition, old: Edition, path: str) -> str:
    """Return what the document is called whose whole text a file is."""
    name = document_of(path)
    policy = new.rules.policies.get(name) or old.rules.policies.get(name)
    return f"《{policy.title}》" if policy else name


def template_lines(old: Edition, new: Edition, told: Told) -> tuple[ChangeLine, ...]:
    """Return each paragraph of a template that reads otherwise, and note which files are told by that."""
    was, now = (files_of(each.files, each.rules.chain) for each in (old, new))
    found: list[ChangeLine] = []
    for path in sorted({*was, *now}):
        if was.get(path) == now.get(path):
            continue
        if path.startswith("templates/") and is_logo(path):
            found.append(_logo(path, was.get(path), now.get(path)))
            told.files.add(path)
        elif path.startswith("templates/") and (
            lines := list(_paragraphs(old, new, path, was.get(path), now.get(path)))
        ):
            found += lines
            told.files.add(path)
    return tuple(found)


def _logo(path: str, was: str | None, now: str | None) -> ChangeLine:
    """Return in words what became of a logo."""
    before, after = (f"徽标“{words_of(text)}”" if text is not None else "" for text in (was, now))
    if was is not None and now is not None:
        after = f"换了一张图：{after}" if before == after else after
    what = f"加了{after}" if was is None else f"去掉{before}" if now is None else f"换了{before}"
    return ChangeLine(
        f"{TEMPLATES}:{path}", how_of(was is not None, now is not None), f"{what}（{path}）", before, after
    )


def _paragraphs(old: Edition, new: Edition, path: str, was: str | None, now: str | None) -> Iterator[ChangeLine]:
    name = path.split("/", 2)[2]
    before = old.rules.templates.get(name, "") if was is None else was
    after = new.rules.templates.get(name, "") if now is None else now
    labels = [f"《{kind.label}》" for kind in new.rules.notices.values() if kind.template == name]
    about = f"{'、'.join(labels) or '各种文书共用的版式'}（{path}）"
    if not before or not after:
        told = (whole_text(old.rules, before), whole_text(new.rules, after))
        if any(told):
            yield ChangeLine(f"{TEMPLATES}:{path}", how_of(*told), about, *told)
        return
    known: Counter[str] = Counter()
    for gone, come in (*text_changes(old.rules, new.rules, before, after), *looks_changed(before, after)):
        mark = sha256((gone or come).encode()).hexdigest()[:10]
        known[mark] += 1
        nth = f"#{known[mark]}" if known[mark] > 1 else ""
        yield ChangeLine(f"{TEMPLATES}:{path}:{mark}{nth}", how_of(gone, come), about, gone, come)


def listed_files(old: Edition, new: Edition, lines: Mapping[str, Mapping[str, ChangeLine]]) -> set[str]:
    """Return the files of divisions and scenarios that are told by those that changed in them."""
    paths = {path for each in (old, new) for path in each.files}
    found = {path for path in paths if path.endswith(_DIVISIONS)} if lines[PLACES] else set[str]()
    scenarios = (*old.rules.scenarios, *new.rules.scenarios)
    return found | {each.file for each in scenarios if each.id in lines[SCENARIOS]}
