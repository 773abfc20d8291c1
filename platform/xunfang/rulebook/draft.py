"""A rulebook in the making: the merged parts of a chain of layers and the rules built from them so far."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.findings import Findings, did_you_mean, nearest
from xunfang.rulebook.merge import Part
from xunfang.rulebook.positions import Path

if TYPE_CHECKING:  # every kind of rule is built and linked in a draft
    from xunfang.rulebook.kind import Kind
    from xunfang.rulebook.kinds import Rules

T = TypeVar("T")


def no_such_clause(clause: str, known: Iterable[str]) -> tuple[str, str, str]:
    """Return what to say of a clause that no policy document contains: code, message and hint."""
    hint = did_you_mean(clause, known) or "条款须先写入 policies.toml"
    return "CITATION_UNKNOWN", f"没有编号为“{clause}”的条款", hint


@dataclass(slots=True)
class Draft:
    """What has been read and built."""

    findings: Findings
    parts: Mapping[str, Part]  # by kind; flows and forms by "flow:<id>" and "form:<id>"
    kinds: "Mapping[str, Kind]"  # by id
    rules: "Rules"
    templates: Mapping[str, str] = field(default_factory=dict)
    _found: dict[Hashable, Any] = field(default_factory=dict)  # what was asked of the rules as they are now

    def add(self, built: Mapping[str, Any]) -> None:
        """Take in what one kind has built."""
        self.rules = replace(self.rules, **built)
        self._found.clear()

    def once(self, what: Hashable, find: Callable[[], T]) -> T:
        """Return what many ask of the same rules, looked for once; nobody changes it."""
        if what not in self._found:
            self._found[what] = find()
        found: T = self._found[what]
        return found

    def entries(self, kind: str) -> list[tuple[str, Entry]]:
        """Return the sound top-level entries of a kind whose file is one table of tables."""
        part = self.parts.get(kind)
        return [(key, Entry(part, (key,), value, self.findings)) for key, value in part.sound().items()] if part else []

    def whole(self, kind: str) -> Entry:
        """Return the only file of a kind, without what is not sound in it; raises KeyError where there is none."""
        part = self.parts[kind]
        return Entry(part, (), dict(part.sound()), self.findings)

    def files(self, kind: str) -> list[Entry]:
        """Return each sound file of a kind that has one for every rule."""
        found = [part for part in self.parts.values() if part.kind == self.kinds[kind].part and not part.broken]
        return [Entry(part, (), part.data, self.findings) for part in found]

    def known(self, kind: str) -> Set[str]:
        """Return every id of a kind, those included whose entries are broken: their names do exist."""
        return self.once(("ids", kind), lambda: self._ids(kind))

    def _ids(self, kind: str) -> Set[str]:
        if self.kinds[kind].folder:
            return {part.name for part in self.parts.values() if part.kind == self.kinds[kind].part}
        part = self.parts.get(kind)
        return set(part.data) if part else set()

    def check_name(self, part: str, path: Path, word: str, kind: str) -> None:
        """Note an error unless a thing of that kind has this id; an empty word names nothing and is fine."""
        known = self.known(kind)
        if word and word not in known:
            message = f"没有名为“{word}”的{self.kinds[kind].label}"
            hint = self._id_of(word, kind) or did_you_mean(word, known) or self._where_to_begin(kind, known)
            self.findings.error(self.parts[part], path, "NAME_UNKNOWN", message, hint)

    def _where_to_begin(self, kind: str, known: Set[str]) -> str:
        named = self.kinds[kind]
        return "" if known else f"还没有定义任何{named.label}，请先写在 {named.folder or f'{kind}.toml'} 中"

    def _id_of(self, label: str, kind: str) -> str:
        """Return the hint for somebody who wrote a thing's name where its id belongs, "" for any other word."""
        things: Mapping[str, Any] = getattr(self.rules, kind, {})
        found = [id for id, thing in things.items() if getattr(thing, "label", "") == label]
        if found:
            return f"“{label}”的编号是 {'、'.join(found)}，请写编号"
        labels = {str(getattr(thing, "label", "")): id for id, thing in things.items()}
        near = "" if label.isascii() else next(iter(nearest(label, labels)), "")
        return f"是否想写“{near}”？它的编号是 {labels[near]}" if near else ""

    def check_basis(self, part: str, path: Path, basis: Basis) -> None:
        """Note an error when a binding rule rests on nothing, or cites a clause that does not exist."""
        if not basis.cites and not basis.practice:
            hint = '补上 cites = ["<条款编号>"]；确属本地做法的，写 practice = "<理由>"'
            self.findings.error(self.parts[part], path, "BASIS_MISSING", "这条规则没有依据", hint)
        for clause in basis.cites:
            self.check_clause(part, (*path, "cites"), clause)

    def check_clause(self, part: str, path: Path, clause: str) -> None:
        """Note an error when a clause is cited that no policy document contains."""
        if clause not in self.rules.clauses:
            self.findings.error(self.parts[part], path, *no_such_clause(clause, self.rules.clauses))

    def error(self, part: str, path: Path, code: str, message: str, hint: str = "") -> None:
        """Note an error at a path of a part."""
        self.findings.error(self.parts[part], path, code, message, hint)

    def entry(self, part: str, key: str) -> Mapping[str, Any]:
        """Return the raw data of one entry."""
        found: Mapping[str, Any] = self.parts[part].data[key]
        return found
