"""What is to become of divisions 区划调整: a name, an end with all that lies in them, a beginning; as one change.

Whatever lies in a division that ends goes on under a new code in the one that follows: codes tell what lies in what.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xunfang.division import Division, DivisionTree, Level, digits_of
from xunfang.errors import FieldProblem, Invalid
from xunfang.rulebook.division_edits import DivisionChange, Heirs

LONGEST = 60
_LEVELS = {digits_of(level): level for level in Level}


@dataclass(frozen=True, slots=True)
class Ending:
    """That a division ends on a day: who follows it, and of what lies in it, into what it goes and as what.

    `heir_name` names an heir that is set up on the day. `towards` and `named` are by code: the division it goes into
    where that is not the heir, and the code and name it bears there where these are not the proposed ones.
    """

    code: str
    heir: str
    on: date
    heir_name: str = ""
    towards: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def _refuse(place: str, told: str) -> Invalid:
    return Invalid([FieldProblem(place, told)], told)


def standing(tree: DivisionTree, code: str, on: date | None = None) -> Division:
    """Return the line of a division that has no end yet; raises Invalid where there is none before a day."""
    lines = [one for one in tree.lines() if one.code == code and one.until is None]
    if not lines:
        raise _refuse("on", f"{tree.name(code)}已经写明撤销，不能再改；要改的请按文字修改。")
    if on is not None and lines[0].since is not None and lines[0].since >= on:
        raise _refuse("on", f"{lines[0].name}从 {lines[0].since} 才设立，生效日期要在那以后。")
    return lines[0]


def renaming(tree: DivisionTree, code: str, name: str, on: date) -> DivisionChange:
    """Return the change by which a division bears another name from a day on; raises Invalid."""
    before, name = standing(tree, code, on), _name(name)
    if name == before.name:
        raise _refuse("name", "新名称和现在的一样。")
    _told_apart(tree, tree.parent(code), name, "name")
    return DivisionChange(on, (Division(code, name, before.level, on),), {code: Heirs()})


def adding(tree: DivisionTree, above: str, code: str, name: str, on: date | None) -> DivisionChange:
    """Return the change that sets up a division in another; raises Invalid."""
    name = _name(name)
    level = _LEVELS.get(len(code)) if code.isascii() and code.isdigit() else None
    if level is None:
        raise _refuse("code", "区划代码写数字：镇（街道）9位，村（社区）12位，网格15位。")
    if not code.startswith(above) or len(code) <= len(above):
        raise _refuse("code", f"{tree.name(above)}以下的代码要以 {above} 开头。")
    if code in tree:
        raise _refuse("code", f"{code} 已经有了：{tree.name(code)}。")
    if (home := tree.parent(code)) != above:
        raise _refuse("code", f"这个代码在{tree.name(home)}以下，请到那里新设。")
    _told_apart(tree, above, name, "name")
    return DivisionChange(on, (Division(code, name, level, on),))


def _name(text: str) -> str:
    if not text or len(text) > LONGEST or not text.isprintable():
        raise _refuse("name", f"请写名称，不超过{LONGEST}个字。")
    return text


def _told_apart(tree: DivisionTree, above: str, name: str, place: str) -> None:
    same = next((one for one in tree.children(above) if one.name == name), None)
    if same:
        raise _refuse(place, f"{tree.name(above)}里已经有{name}（{same.code}），重名的选的人分不清。")


def ending(tree: DivisionTree, ask: Ending) -> DivisionChange:
    """Return the change by which a division ends, with all that lies in it; raises Invalid."""
    return _Ending(tree, ask).change()


class _Ending:
    """Makes the lines of an ending."""

    def __init__(self, tree: DivisionTree, ask: Ending) -> None:
        self.tree, self.ask = tree, ask
        self.before = standing(tree, ask.code, ask.on)
        self.taken = {one.code for one in tree.lines()}
        self.begins: list[Division] = []
        self.ends: dict[str, Heirs] = {}

    def change(self) -> DivisionChange:
        """Return the change; raises Invalid."""
        heir = self._heir(self.ask.heir, "into")
        children = self._children(self.ask.code)
        wanted = [self._heir(self.ask.towards.get(one.code) or heir, f"to:{one.code}") for one in children]
        self.taken |= {code for code, _ in self.ask.named.values()}
        for child, into in zip(children, wanted, strict=True):
            self._move(child, into, f"code:{child.code}")
        heirs = tuple(dict.fromkeys((heir, *wanted)))
        self.ends[self.ask.code] = Heirs(heirs, heir if len(heirs) > 1 else "")
        self._names_apart()
        return DivisionChange(self.ask.on, tuple(self.begins), self.ends)

    def _heir(self, code: str, place: str) -> str:
        if any(one.code == code for one in self.begins):
            return code
        found = self.tree.on(self.ask.on).get(code) if code in self.tree else None
        if found is None:
            return self._set_up(code, place)
        if found.level is not self.before.level or code == self.ask.code:
            raise _refuse(place, f"请选另一个同级的区划，{found.name}不是。")
        if found.until is not None or (found.since and found.since > self.ask.on):
            raise _refuse(place, f"{found.name}那一天还没有设立，或者也要撤销，不能接续。")
        return code

    def _set_up(self, code: str, place: str) -> str:
        if not code:
            raise _refuse(place, "请选由哪里接续。")
        if place != "into" or not self.ask.heir_name:
            raise _refuse(place, f"没有 {code} 这个区划；新设的请同时写名称。")
        made = adding(self.tree, self.tree.parent(self.ask.code), code, self.ask.heir_name, self.ask.on).begins[0]
        if made.level is not self.before.level:
            raise _refuse(place, f"代码要和{self.before.name}一样写{len(self.ask.code)}位。")
        self.taken.add(code)
        self.begins.append(made)
        return code

    def _children(self, code: str) -> Sequence[Division]:
        """Return what lies right in a division and goes on; raises Invalid for what is set up there later."""
        found = [one for one in self.tree.children(code) if one.until is None]
        late = next((one for one in found if one.since and one.since >= self.ask.on), None)
        if late:
            raise _refuse("on", f"其中的{late.name}从 {late.since} 才设立，生效日期要在那以后。")
        return found

    def _move(self, division: Division, into: str, place: str) -> None:
        """Let a division, and what lies in it, go on in another."""
        code, name = self.ask.named.get(division.code, ("", ""))
        code, name = code or self._free(division.code[len(self.tree.parent(division.code)) :], into), name.strip()
        sound = code.isascii() and code.isdigit() and len(code) == digits_of(division.level) and code.startswith(into)
        if not sound or code in self.tree or any(one.code == code for one in self.begins):
            told = f"{division.name}的新代码要以 {into} 开头、共{digits_of(division.level)}位，而且没有用过。"
            raise _refuse(place, told)
        self.taken.add(code)
        self.begins.append(Division(code, _name(name or division.name), division.level, self.ask.on))
        self.ends[division.code] = Heirs((code,))
        for child in self._children(division.code):
            self._move(child, code, place)

    def _free(self, tail: str, into: str) -> str:
        """Return the code of something in another division: that with the same end, or the next that is free."""
        width, first = len(tail), int(tail)
        most = 10**width
        codes = (f"{into}{(first + n) % most:0{width}}" for n in range(most))
        return next(code for code in codes if code not in self.taken)

    def _names_apart(self) -> None:
        """Raise Invalid where two would bear one name in the same division."""
        homes = {code: next((n for n in self._above(code)), "") for code in (one.code for one in self.begins)}
        seen = {(home, one.name): one.code for home in set(homes.values()) for one in self.tree.children(home)}
        was = {heirs.codes[0]: code for code, heirs in self.ends.items() if heirs.codes}
        for one in self.begins:
            other = seen.setdefault((homes[one.code], one.name), one.code)
            if other != one.code:
                place = f"name:{was.get(one.code, '')}"
                raise _refuse(place, f"接续的区划里已经有{one.name}（{other}），请把名称写得分得清，如加上原来的镇名。")

    def _above(self, code: str) -> Iterator[str]:
        known = {one.code for one in self.begins}
        widths = sorted((width for width in _LEVELS if width < len(code)), reverse=True)
        return (code[:width] for width in widths if code[:width] in self.tree or code[:width] in known)
