"""Divisions that hang in the air, that end and leave nobody in their place, or leave open who of several it is."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

from xunfang.division import Division, DivisionTree, Level, digits_of
from xunfang.errors import Problem
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.model import Unit

Said = tuple[str, str, str]
"""A code, a message, a hint."""
On = Callable[[date], DivisionTree]
"""Returns the divisions as they stand on a day; most that end do so on the same."""
_ABOVE = {Level.VILLAGE: Level.TOWNSHIP, Level.GRID: Level.VILLAGE}
_WORDS = {
    Level.CITY: "市", Level.COUNTY: "县（市、区）", Level.TOWNSHIP: "镇（街道）", Level.VILLAGE: "村（社区）",
    Level.GRID: "网格（村民小组）",
}  # fmt: skip
_HANDED_OVER = (
    "个案、文号和留痕各归各的辖区，系统不把它们移交给别的辖区：这一行先不写 until、successor，"
    "照《规则文件说明》“划归别的辖区”逐件办结或者作废，由接收的辖区重新登记"
)
_LEVELS = {Level.TOWNSHIP: "乡级", Level.VILLAGE: "村级"}


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note divisions without the one they lie in, and those that end without anybody who follows them."""
    home = f"workflows/{draft.parts['jurisdiction'].origin(()).layer}/divisions.csv"
    code = "" if (own := draft.parts["jurisdiction"].origin(()).layer.split("-", 1)[0]) == "00" else own
    on: On = cache(divisions.on)
    for day in (None, *divisions.changes):
        _orphans(draft, divisions if day is None else on(day), day, home)
    for division in divisions.lines():
        if division.until is not None or division.successors or division.default:
            for said in _wrong(divisions, on, division, code):
                _note(draft, division, *said)
    _nowhere_to_choose(draft, divisions, code)
    _told_apart(draft, divisions)
    for unit in draft.rules.units.values():
        _instances(draft, divisions, unit)


def _note(draft: Draft, division: Division, code: str, message: str, hint: str) -> None:
    problem = Problem(division.file, division.line, division.code, code, f"{division.name}{message}", hint)
    draft.findings.problems.append(problem)


def _orphans(draft: Draft, divisions: DivisionTree, day: date | None, home: str) -> None:
    """Note what lies in nothing: without a day, in nothing that is known; with one, in what is not there on it."""
    left: dict[Division, list[Division]] = {}
    for division in divisions:
        if above := _unknown_above(divisions, division) if day is None else _gone_above(divisions, division):
            left.setdefault(above, []).append(division)
    for above, children in left.items():
        _put(draft, _orphaned(above, children, day, home))


def _gone_above(divisions: DivisionTree, division: Division) -> Division | None:
    """Return what a division lies in that is not there on the day of the tree, while it is there itself."""
    above = divisions.get(divisions.parent(division.code))
    there = not divisions.stands(division.code) or above is None or divisions.stands(above.code)
    return None if there else above


def _unknown_above(divisions: DivisionTree, division: Division) -> Division | None:
    """Return what a village or grid must lie in, where nothing of that kind is known."""
    level = _ABOVE.get(division.level)
    if level is None:
        return None
    code = division.code[: digits_of(level)]
    above = divisions.get(code)
    return None if above and above.level is level else Division(code, "", level)


def _orphaned(above: Division, children: list[Division], day: date | None, home: str) -> Problem:
    first = children[0]
    many = f"有 {len(children)} 个{_WORDS[first.level]}属于{above.name or f' {above.code}'}，如{first.name}"
    if day is None:
        message = f"{many}，却没有 {above.code} 这个{_LEVELS[above.level]}区划"
        hint = f"请补上一行 {above.code},<名称>,{above.level}；撤并的不要删行，写上 until 和 successor"
        return Problem(home, 0, "", "DIVISION_ORPHAN", message, hint)
    message = f"{many}，而{above.name}在 {day} 已经撤销或者还没有设立"
    hint = (
        f"请给{'这些' if len(children) > 1 else '这个'}{_WORDS[first.level]}也写上 until 和 successor，并补上接续的行"
    )
    return Problem(first.file, first.line, first.code, "DIVISION_ORPHAN", message, hint)


def _put(draft: Draft, problem: Problem) -> None:
    """Note a problem of a place once, though it goes on from one day of change to the next."""
    said = {(one.file, one.key, one.code) for one in draft.findings.problems}
    if not problem.key or (problem.file, problem.key, problem.code) not in said:
        draft.findings.problems.append(problem)


def _wrong(divisions: DivisionTree, on: On, division: Division, code: str) -> Iterator[Said]:
    """Yield what is wrong with how a division ends."""
    if division.until is None:
        hint = "请写上 until（最后一日）；没有撤销的，删去 successor 和 default"
        yield "DIVISION_SUCCESSOR", "写了后继区划，却没有写撤销的日期", hint
        return
    if _goes_on(divisions, division):
        return
    if not division.successors:
        hint = "请在 successor 写上接续的区划代码；只是改名的，同一代码另起一行，from 写次日"
        yield "DIVISION_NO_SUCCESSOR", f"到 {division.until} 为止，却没有写由谁接续，居住在那里的人没有去处", hint
    yield from _wrong_heirs(divisions, on, division, code)
    several = len(division.successors) > 1
    if (several or division.default) and division.default not in division.successors:
        among = "、".join(division.successors)
        hint = f"请在 default 写上其中一个：{among}" if among else "请先写 successor"
        yield "DIVISION_SPLIT", "拆分为几个，却没有写定不下来的由哪一个接手", hint


def _goes_on(divisions: DivisionTree, division: Division) -> bool:
    """Return whether the same code goes on the next day under another name, and is followed by nobody."""
    assert division.until is not None
    day = division.until + timedelta(days=1)
    again = any(one.code == division.code and one.since == day for one in divisions.lines())
    return again and not division.successors


def _wrong_heirs(divisions: DivisionTree, on: On, division: Division, code: str) -> Iterator[Said]:
    assert division.until is not None
    next_day = division.until + timedelta(days=1)
    after = on(next_day)
    for heir in division.successors:
        found = after.get(heir)
        if heir == division.code or _comes_back(divisions, division, heir):
            yield "DIVISION_CYCLE", f"的后继 {heir} 又回到它自己", "请写明最后由哪个区划接续"
        elif division.code.startswith(code) and not heir.startswith(code):
            whom = f"{found.name}（{heir}）" if found else heir
            yield "DIVISION_ELSEWHERE", f"的后继{'' if found else ' '}{whom}不在本辖区内", _HANDED_OVER
        elif found is None:
            yield "DIVISION_SUCCESSOR", f"的后继 {heir} 不在区划表中", f"请补上一行 {heir},<名称>,{division.level}"
        elif found.level is not division.level:
            yield "DIVISION_SUCCESSOR", f"的后继{found.name}（{heir}）不是同一级的区划", "请写同一级的区划代码"
        elif not after.stands(heir):
            hint = f"请写 {next_day} 当天存在的区划；新设的，from 写 {next_day}"
            yield "DIVISION_SUCCESSOR", f"的后继{found.name}（{heir}）在 {next_day} 还没有设立，或者自己也已撤销", hint


def _comes_back(divisions: DivisionTree, division: Division, heir: str) -> bool:
    """Return whether whoever follows a division ends with it and is followed by it, over whatever steps."""
    ending = [one for one in divisions.lines() if one.until == division.until]
    reached, new = {heir}, {heir}
    while new:
        new = {code for one in ending if one.code in new for code in one.successors} - reached
        reached |= new
    return division.code in reached


def _told_apart(draft: Draft, divisions: DivisionTree) -> None:
    """Note two divisions of one name in the same one, of which nobody could choose the right one."""
    seen: dict[tuple[str, str], Division] = {}
    for division in (each for each in divisions if divisions.stands(each.code)):
        first = seen.setdefault((divisions.parent(division.code), division.name), division)
        if first is not division:
            hint = "请在名称里写明区别；重复的，删去一行"
            _note(draft, division, "LABEL_TWICE", f"在同一个区划里有两个（另一个是 {first.code}），选的人分不清", hint)


def _nowhere_to_choose(draft: Draft, divisions: DivisionTree, code: str) -> None:
    """Note the first field of each form that asks for a division where there is none of its level to choose."""
    none_of = [level for level in Level if not divisions.answering(level, code)]
    for form in draft.rules.forms.values() if draft.rules.info.serves else ():
        asking = (field for field in form.fields.values() if field.kind == "division")
        if field := next((field for field in asking if (field.level or Level.VILLAGE) in none_of), None):
            message = f"“{field.title}”没有一个区划可选，《{form.title}》交不上来"
            hint = "请在本级 divisions.csv 中写上各镇（街道）和村（社区），每个一行"
            part, path = draft.parts[f"form:{form.id}"], ("properties", field.name)
            draft.findings.warning(part, path, "DIVISION_NONE", message, hint)


def _instances(draft: Draft, divisions: DivisionTree, unit: Unit) -> None:
    """Note what a unit is called in one division that ends, where its successor is called nothing of its own."""
    for place in unit.instances:
        found, heir = divisions.get(place), divisions.follow(place)
        if found is None or heir == place or heir in unit.instances:
            continue
        name = divisions.name(heir)
        message = f"{found.name}到 {found.until} 为止，这里写的名称、电话、机关代字不再使用，接续的{name}没有写"
        path = ("units", (unit.id, "instances", place))
        draft.findings.warning(
            draft.parts[path[0]], path[1], "INSTANCE_ENDS", message, f'请补上 {unit.id}.instances."{heir}"'
        )
