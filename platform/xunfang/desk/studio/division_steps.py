"""The wizards for divisions: what was typed as a change of the table, in words, and as the one edit that makes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.actions.drafting import Edited
from xunfang.casework.change_sets import text_digest
from xunfang.desk.studio.division_faces import MovedFace, WizardPage
from xunfang.desk.studio.divisions import WIZARDS, Places, own_path
from xunfang.division import Division
from xunfang.errors import FieldProblem, Invalid, NotFound
from xunfang.rulebook.division_edits import DivisionChange, changed
from xunfang.rulebook.division_plans import Ending, adding, ending, renaming
from xunfang.rulebook.splicing import SpliceRefused
from xunfang.rules.describe.words import LEVELS

MOST_NAMED = 200
"""So many divisions that go on under another code may be given their own; the others take the proposed one."""
MOST_HEIRS = 400


def wizard_page(places: Places, code: str, how: str, given: Mapping[str, str]) -> WizardPage:
    """Return a wizard as it is opened; raises NotFound where there is none for a division."""
    here = places.line(code) if code in places.now else None
    face = places.face(here) if here else None
    if here is None or face is None or how not in [each for each, _ in face.may] or how not in WIZARDS:
        raise NotFound
    title = {"add": f"在{here.name}新设"}.get(how, f"{here.name}{WIZARDS[how]}")
    children = [places.face(one) for one in places.tree.children(code)] if how == "abolish" else []
    heirs = list(_heirs(places, here)) if how in ("merge", "abolish") else []
    return WizardPage(places.draft.head, face, how, title, heirs, children[:MOST_NAMED], given)


def _heirs(places: Places, here: Division) -> Sequence[tuple[str, str]]:
    """Return the divisions that could follow one: its like, those beside it first."""
    beside = [one for one in places.tree.children(places.tree.parent(here.code)) if one.level is here.level]
    others = [one for one in places.tree.of_level(here.level, places.home) if one not in beside]
    found = [one for one in (*beside, *others) if one.code != here.code][:MOST_HEIRS]
    return [(one.code, _called(places, one, one in beside)) for one in found]


def _called(places: Places, one: Division, near: bool) -> str:
    return one.name if near else places.tree.label(one.code, below=places.home)


def change_of(places: Places, code: str, how: str, given: Mapping[str, str]) -> DivisionChange:
    """Return the change that was asked for; raises Invalid."""
    tree, name = places.tree, given.get("name", "")
    if how == "add":
        return adding(tree, code, given.get("code", ""), name, _day(given) if given.get("on") else None)
    on = _day(given)
    if how == "rename":
        return renaming(tree, code, name, on)
    fresh = given.get("into_code", "") if how == "merge" else ""
    return ending(
        tree,
        Ending(
            code,
            fresh or given.get("into", ""),
            on,
            heir_name=given.get("into_name", "") if fresh else "",
            towards=_by_code(given, "to:"),
            named={each: (new, given.get(f"name:{each}", "")) for each, new in _by_code(given, "code:").items()},
        ),
    )


def placed(given: Mapping[str, str]) -> str:
    """Return where what lies in a division is to go, as text: new codes typed for one such choice fit no other."""
    names = sorted(name for name, value in given.items() if value and name.startswith(("into", "to:")))
    return ";".join(f"{name}={given[name]}" for name in names)


def still_fitting(given: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed without the new codes that were meant for another choice of where things go."""
    stale = bool(given.get("placed")) and given["placed"] != placed(given)
    return {name: value for name, value in given.items() if not (stale and name.startswith("code:"))}


def asked_again(
    places: Places, given: Mapping[str, str], wrong: Mapping[str, str]
) -> Sequence[tuple[str, str, str, str]]:
    """Return the new codes and names that were typed or are wrong: field, label, what was typed, what is wrong."""
    words = {"code": "新代码", "name": "新名称"}
    fields = [name for name, value in given.items() if value] + [name for name in wrong if not given.get(name)]
    split = [(name, *name.partition(":")[::2]) for name in fields]
    return [
        (name, f"{places.tree.name(code)}的{words[lead]}", given.get(name, ""), wrong.get(name, ""))
        for name, lead, code in split
        if lead in words and code
    ]


def _by_code(given: Mapping[str, str], lead: str) -> dict[str, str]:
    return {name.removeprefix(lead): value for name, value in given.items() if name.startswith(lead) and value}


def _day(given: Mapping[str, str]) -> date:
    try:
        found = date.fromisoformat(given.get("on", ""))
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2100:
        raise Invalid([FieldProblem("on", "请选定从哪一天起。")], "没有保存。")
    return found


def said(places: Places, code: str, how: str, change: DivisionChange) -> str:
    """Return what a change does in a sentence, for the list of edits and the head of its plan."""
    name, begun = places.now.name(code), change.begins[0]
    day = f"自{change.on.year}年{change.on.month}月{change.on.day}日起" if change.on else ""
    if how == "rename":
        return f"{name}{day}改名为{begun.name}"
    if how == "add":
        return f"{name}{day}新设{begun.name}（{begun.code}）"
    names = {one.code: one.name for one in change.begins}
    heirs = "、".join(names.get(heir, places.tree.name(heir)) for heir in change.ends[code].codes)
    moved = len(change.ends) - 1
    done = f"{name}{day}撤销，由{heirs}接续" if how == "abolish" else f"{name}{day}并入{heirs}"
    return done + (f"，其中{moved}个村（社区、网格）换新代码" if moved else "")


def moved_faces(places: Places, code: str, change: DivisionChange) -> Sequence[MovedFace]:
    """Return what goes on under another code, as far as it may be given its own."""
    names = {one.code: one.name for one in change.begins}
    moved = [(each, heirs.codes[0]) for each, heirs in change.ends.items() if each != code]
    direct = {one.code for one in places.tree.children(code)}
    return [
        MovedFace(each, places.tree.name(each), LEVELS[places.line(each).level], new, names[new], each not in direct)
        for each, new in moved[:MOST_NAMED]
    ]


@dataclass(frozen=True, slots=True)
class TableEdit:
    """The one edit of a table of divisions that makes a change."""

    path: str
    made: Edited
    digest: str  # of the table as it was seen


def edited(places: Places, change: DivisionChange, how: str, told: str) -> TableEdit:
    """Return the edit that makes a change; raises Invalid where it cannot be proven."""
    path = own_path(places.draft.layer)
    text = places.draft.files.get(path, "")
    try:
        made = changed(text, change)
    except SpliceRefused as refused:
        raise Invalid([FieldProblem("", str(refused))], str(refused)) from None
    digest = text_digest(text)
    return TableEdit(path, Edited(made, f"division.{how}", told, saw=digest), digest)
