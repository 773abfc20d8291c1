"""Comparing two sets of rules, rule by rule."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from xunfang.division import DivisionTree
from xunfang.rulebook.divisions import divisions_of
from xunfang.rulebook.findings import Findings
from xunfang.rulebook.model import Rulebook
from xunfang.rules.changes.columns import column_of, columns_changed, of_column
from xunfang.rules.changes.faces import (
    ChangedPaper,
    ChangeGroup,
    ChangeLine,
    ChangeSheet,
    Edition,
    Ground,
    Spot,
    how_of,
)
from xunfang.rules.changes.forms import changed_forms
from xunfang.rules.changes.others import (
    OTHERS,
    TEMPLATES,
    Told,
    listed_files,
    orders,
    others,
    template_lines,
    values_changed,
)
from xunfang.rules.changes.owning import kind_of, owner, spot_of
from xunfang.rules.changes.paper_texts import reads
from xunfang.rules.changes.statement import Statement
from xunfang.rules.changes.statements import PLACES, SCENARIOS, headings, statements
from xunfang.rules.describe.lines import clauses_text

Lines = dict[str, dict[str, ChangeLine]]


def sheet(old: Edition, new: Edition) -> ChangeSheet:
    """Return everything that new rules say otherwise than old ones."""
    old, new = _as_written(old), _as_written(new)
    lines = _compared(old.rules, new.rules)
    told = Told()
    _attach(lines, old, new, told)
    told.files |= listed_files(old, new, lines)
    templates = template_lines(old, new, told)
    groups = [ChangeGroup(each.id, each.title, tuple(lines.get(each.id, {}).values())) for each in headings()]
    groups = [*groups, ChangeGroup(TEMPLATES, "文书的文字", templates)]
    groups = [*groups, ChangeGroup(OTHERS, "其他改动", others(old, new, told))]
    return ChangeSheet(
        before=old.title,
        after=new.title,
        groups=_parted(groups, follows=False),
        follows=_parted(groups, follows=True),
        papers=tuple(_papers(old.rules, new.rules)),
        forms=tuple(changed_forms(old.rules, new.rules)),
    )


def _as_written(edition: Edition) -> Edition:
    """Return rules with the divisions of their own files: a release in use knows those that came later, too."""
    tree = divisions_of(edition.files, edition.rules.chain, Findings())
    return edition if tree is edition.rules.divisions else replace(edition, rules=_within(edition.rules, tree))


@lru_cache(maxsize=16)
def _within(rulebook: Rulebook, tree: DivisionTree) -> Rulebook:
    return replace(rulebook, divisions=tree)


def _parted(groups: Iterable[ChangeGroup], *, follows: bool) -> tuple[ChangeGroup, ...]:
    found = []
    for group in groups:
        lines = tuple(line for line in group.lines if (line.how == "follows") == follows)
        found += [replace(group, lines=lines)] if lines else []
    return tuple(found)


def _compared(old: Rulebook, new: Rulebook) -> Lines:
    """Return every rule whose sentence or basis differs, by kind and id."""
    was, now = statements(old), statements(new)
    found: Lines = {}
    for kind, told in now.items():
        pairs = ((id, was[kind].get(id), told.get(id)) for id in dict.fromkeys((*told, *was[kind])))
        lines = {id: _line(kind, old, new, before, after) for id, before, after in pairs if _differ(before, after)}
        found[kind] = lines
    return found


def _differ(before: Statement | None, after: Statement | None) -> bool:
    if before is None or after is None:
        return True
    return (before.text, before.basis, before.cites) != (after.text, after.basis, after.cites)


def _line(kind: str, old: Rulebook, new: Rulebook, before: Statement | None, after: Statement | None) -> ChangeLine:
    here = after or before
    assert here is not None
    rests = before is not None and after is not None and (before.basis, before.cites) != (after.basis, after.cites)
    return ChangeLine(
        key=f"{kind}:{here.id}",
        how=how_of(before, after),
        about=here.about,
        before=before.text if before else "",
        after=after.text if after else "",
        basis=_bare(here.basis),
        grounds=tuple(_grounds(new if after else old, here.cites)),
        was_resting=(_bare(before.basis) or "没有写依据") if rests and before else "",
    )


def _bare(basis: str) -> str:
    """Return a basis without its brackets."""
    return basis.replace("）（", "；").removeprefix("（").removesuffix("）").removeprefix("依据：")


def _grounds(rulebook: Rulebook, cites: Iterable[str]) -> Iterator[Ground]:
    for id in dict.fromkeys(cites):
        if clause := rulebook.clauses.get(id):
            yield Ground(clauses_text(rulebook, [id]), clause.text, rulebook.policies[clause.policy].title)


def _attach(lines: Lines, old: Edition, new: Edition, told: Told) -> None:
    """Put each changed value of a file beside the rule that it changed; what belongs to none is left to be told."""
    was, now = statements(old.rules), statements(new.rules)
    for each in values_changed(old, new):
        kind = kind_of(each.part)
        known = {**was.get(kind, {}), **now.get(kind, {})}
        id = owner(each.part, each.path, known, lines.get(kind, {}))
        spot = spot_of(each)
        told.files |= {each.origin.file, *([each.inherited_from.file] if each.inherited_from else [])}
        if id in lines.get(kind, {}):
            line, spot = lines[kind][id], of_column(old.rules, new.rules, each, spot)
            if not spot.says or spot.says not in line.parts:
                lines[kind][id] = replace(line, spots=(*line.spots, spot))
        else:
            told.untold.append((spot, known.get(id)))
    _attach_orders(lines, old, new, told)
    for kind, found in lines.items():
        for id, line in found.items():
            if line.how == "changed" and not line.spots and kind not in (PLACES, SCENARIOS):
                lines[kind][id] = replace(line, how="follows")


def _attach_orders(lines: Lines, old: Edition, new: Edition, told: Told) -> None:
    """Put the order of the columns of rows beside the field that they belong to."""
    for part, path, origin in orders(old, new):
        form, name, column = column_of(part, path) or ("", "", "")
        says = columns_changed(old.rules, new.rules, form, name).get("", "") if name and not column else ""
        if says and (line := lines["forms"].get(f"{form}.{name}")):
            spot = Spot(origin.file, origin.line, "", "", "", "", says)
            lines["forms"][f"{form}.{name}"] = replace(line, spots=(*line.spots, spot))
            told.files.add(origin.file)
            told.orders.add((part, path))


def _papers(old: Rulebook, new: Rulebook) -> Iterator[ChangedPaper]:
    """Yield each kind of paper whose texts or frame differ."""
    for id in dict.fromkeys((*new.notices, *old.notices)):
        before, after = old.notices.get(id), new.notices.get(id)
        if before and after and _printed(old, id) == _printed(new, id):
            continue
        found = after or before
        assert found is not None
        yield ChangedPaper(id, found.label, before is not None, after is not None)


def _printed(rulebook: Rulebook, id: str) -> tuple[Mapping[str, str], object]:
    kind = rulebook.notices[id]
    return reads(rulebook, kind), (kind.label, kind.layout, kind.number, kind.template, kind.seal, kind.to)
