"""Lists 名单 of departments: what a row says by its form, where somebody lives, and what follows from it."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from xunfang.division import Level
from xunfang.rulebook.model import Duty, Feed, Rulebook
from xunfang.rules.duties import owing, receivers
from xunfang.sheets.heads import Head

BAD, LEFT_OUT, ENTITLED, REPEATED = "bad", "left-out", "entitled", "repeated"
OPEN_CASE, LISTED, NEW, UNDONE = "open-case", "listed", "new", "undone"
VERDICTS: Mapping[str, str] = {
    NEW: "新线索",
    OPEN_CASE: "已有在办个案",
    ENTITLED: "已享受救助",
    LEFT_OUT: "不符合报送条件",
    REPEATED: "以前的名单已立过线索",
    LISTED: "只供比对",
    BAD: "有问题，未收",
    UNDONE: "已撤销",
}
"""What may become of somebody in a list, as pages call it."""

_DIGITS = re.compile("[0-9]+")
_COUNTY = re.compile("[^省市区县镇乡村街旗州盟]{2,8}[县旗]")
_ABOVE = re.compile(".+?[省市县区旗州盟]")
_VILLAGES = re.compile("(村民委员会|社区居民委员会|居民委员会|村委会|居委会|社区居委会)$")


def duties_of(rulebook: Rulebook, unit: str) -> Iterator[Duty]:
    """Yield the duties under which a unit hands lists in."""
    yield from (duty for duty in rulebook.duties.values() if duty.feed and unit in owing(rulebook, duty))


def feeds_of(rulebook: Rulebook, unit: str) -> Mapping[str, tuple[str, ...]]:
    """Return the feeds under which a unit hands lists in, with the units that get them; itself where nobody else."""
    found = {duty.feed: receivers(rulebook, duty, unit) for duty in duties_of(rulebook, unit)}
    return {feed: to or (unit,) for feed, to in found.items() if feed in rulebook.feeds}


def feeds_to(rulebook: Rulebook, unit: str) -> tuple[str, ...]:
    """Return the feeds whose lists come to a unit."""
    duties = (duty for duty in rulebook.duties.values() if duty.feed)
    found = (duty.feed for duty in duties for each in owing(rulebook, duty) if unit in receivers(rulebook, duty, each))
    return tuple(dict.fromkeys(found))


# ----- heads


def words_of(rulebook: Rulebook, feed: Feed, remembered: Mapping[str, str]) -> dict[str, list[str]]:
    """Return by which words each column is known: those of the rules, the title of its field, and what was told."""
    form = rulebook.forms[feed.row_form]
    words = {name: [*heads, form.fields[name].title] for name, heads in feed.columns.items()}
    for name, heads in words.items():
        heads.extend(_USUAL.get(form.fields[name].kind, ()))
        heads.extend(word for word, column in remembered.items() if column == name)
    return words


_USUAL = {
    "resident-id": ("身份证", "身份证号", "身份证号码", "居民身份证号", "身份证件号", "证件号", "证件号码"),
    "phone": ("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码"),
}
"""What offices call a column of a kind everywhere."""


def lacking(rulebook: Rulebook, feed: Feed, head: Head) -> tuple[str, ...]:
    """Return the columns without which no row can be taken in, that a head does not name."""
    return tuple(name for name in feed.columns if name in needed(rulebook, feed) and name not in head.names)


def needed(rulebook: Rulebook, feed: Feed) -> frozenset[str]:
    """Return the columns without which no row can be taken in."""
    fields = rulebook.forms[feed.row_form].fields
    must = {name for name in feed.columns if fields[name].required and not fields[name].when}
    return frozenset((must | {feed.match}) & feed.columns.keys())


def to_be_asked(rulebook: Rulebook, feed: Feed, head: Head) -> bool:
    """Return whether somebody must say what a column is: words are unknown while columns are missing."""
    return bool(lacking(rulebook, feed, head)) or (bool(head.unknown) and bool(feed.columns.keys() - head.names))


# ----- where somebody lives


def level_asked(rulebook: Rulebook, feed: Feed) -> str:
    """Return of which level the place must be where somebody lives, for the form that a row opens."""
    opens = rulebook.forms[feed.opens]
    field = opens.fields.get(opens.person.get("residence", ""))
    return field.level if field else ""


@lru_cache(maxsize=4096)
def place_in(rulebook: Rulebook, words: str, level: str) -> str:
    """Return the division of the jurisdiction that words name, of a level or the lowest; "" where none is clear.

    None is where they name another county before it: there is a 城关镇 in many.
    """
    told = "".join(words.split())
    found = _place_in(rulebook, told, level)
    return "" if found and _is_elsewhere(rulebook, told, found) else found


def _is_elsewhere(rulebook: Rulebook, told: str, code: str) -> bool:
    """Return whether words name a county, before a division of this jurisdiction, in which that does not lie."""
    if not _COUNTY.search(told):
        return False
    own = rulebook.divisions.ancestor(code, Level.TOWNSHIP) or code
    before = told.partition(rulebook.divisions.name(own))[0]
    above = [each[:-1] for each in _ABOVE.findall(rulebook.divisions.label(own))]
    return any(not each[:-1].endswith(tuple(above)) for each in _COUNTY.findall(before))


def _place_in(rulebook: Rulebook, told: str, level: str) -> str:
    towns = _named(rulebook, Level.TOWNSHIP, told)
    within = towns[0] if len(towns) == 1 else ""
    if within and level == Level.TOWNSHIP:
        return within
    villages = _named(rulebook, Level.VILLAGE, told)
    villages = [code for code in villages if code.startswith(within)] if within else villages
    if len(villages) == 1 and (within or not towns):
        return villages[0] if level != Level.TOWNSHIP else rulebook.divisions.ancestor(villages[0], Level.TOWNSHIP)
    return within if not level or (within and level == Level.TOWNSHIP) else ""


def _named(rulebook: Rulebook, level: Level, told: str) -> list[str]:
    """Return the divisions of a level of which a name stands somewhere in a text.

    北域城村 names not 域城村 too, which is written in it. Addresses have digits, names hardly ever: what stands between
    those is the same in many addresses.
    """
    found = dict[str, Mapping[str, None]]()
    for part in (told,) if _has_digits(rulebook, level) else _DIGITS.split(told):
        found.update(_named_in(rulebook, level, part))
    if len(found) > 1:
        found = {name: codes for name, codes in found.items() if not any(name in one and name != one for one in found)}
    return list(dict.fromkeys(code for codes in found.values() for code in codes))


@lru_cache(maxsize=16)
def _has_digits(rulebook: Rulebook, level: Level) -> bool:
    return any(_DIGITS.search(name) for _, names in _names(rulebook, level) for name in names)


@lru_cache(maxsize=1 << 14)
def _named_in(rulebook: Rulebook, level: Level, part: str) -> Mapping[str, Mapping[str, None]]:
    """Return the names that stand somewhere in a part of a text, each with the divisions of that name."""
    begins, found = _by_beginning(rulebook, level), dict[str, Mapping[str, None]]()
    for place in range(len(part) - 1):
        for name, codes in begins.get(part[place : place + 2], ()):
            if part.startswith(name, place):
                found[name] = codes
    return found


@lru_cache(maxsize=16)
def _by_beginning(rulebook: Rulebook, level: Level) -> Mapping[str, tuple[tuple[str, dict[str, None]], ...]]:
    """Return the names of divisions, with those of that name, by their first two characters: none is shorter."""
    names: dict[str, dict[str, None]] = {}
    for code, ways in _names(rulebook, level):
        for name in ways:
            names.setdefault(name, {})[code] = None
    found: dict[str, list[tuple[str, dict[str, None]]]] = {}
    for name, codes in names.items():
        found.setdefault(name[:2], []).append((name, codes))
    return {begin: tuple(each) for begin, each in found.items()}


@lru_cache(maxsize=16)
def _names(rulebook: Rulebook, level: Level) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the divisions of a level with the ways in which addresses write their names."""
    found = []
    for each in rulebook.divisions.of_level(level, rulebook.code):
        ways = {each.name, _VILLAGES.sub("", each.name)}
        if level is Level.TOWNSHIP:
            ways |= {each.name.removesuffix("办事处")}
        else:
            bare = _VILLAGES.sub("", each.name).removesuffix("村").removesuffix("社区")
            ways = {each.name, f"{bare}村", f"{bare}社区"} if len(bare) > 1 else {each.name}
        found.append((each.code, tuple(sorted(way for way in ways if len(way) > 1))))
    return tuple(found)
