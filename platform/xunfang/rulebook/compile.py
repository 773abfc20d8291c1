"""Compile once: files of a chain of layers → one immutable Rulebook, or every problem at once."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache

from xunfang.division import DivisionTree
from xunfang.errors import Problem, RulebookError, Severity
from xunfang.rulebook import lint as linting
from xunfang.rulebook.divisions import divisions_of
from xunfang.rulebook.draft import Draft, no_such_clause
from xunfang.rulebook.files import Document, Files, UnreadableError, parse_document
from xunfang.rulebook.findings import Findings, did_you_mean
from xunfang.rulebook.format import check_format
from xunfang.rulebook.kinds import KINDS, unbuilt
from xunfang.rulebook.layers import chain_of, layers_in, misplaced
from xunfang.rulebook.merge import Node, Part, grow, merge
from xunfang.rulebook.policy_texts import is_policy_text, stray_texts
from xunfang.rulebook.removals import REMOVE, clauses_of_removals, malformed_removals
from xunfang.rulebook.salvage import SLIP, salvage
from xunfang.rulebook.scenarios import scenarios_of
from xunfang.rulebook.shape import check_shape, ids_by_label
from xunfang.rulebook.templates import templates_of
from xunfang.rulebook.values import unseen_in
from xunfang.rulebook.whole import Rulebook, Scenario

SINGLE = tuple(kind.id for kind in KINDS.values() if not kind.folder)
"""Kinds with one file for all their rules."""
FOLDERS = {kind.folder: kind.part for kind in KINDS.values() if kind.folder and kind.ending == "toml"}
"""Folders among the workflows with one file for each rule, and the kind of part it is."""
_NAMING = frozenset(kind.part for kind in KINDS.values() if kind.holds_names)
"""Kinds of file with names inside their entries: fields, states, entries, clauses."""
_NAMING_FILES = frozenset({"lists.toml", "policies.toml", "jurisdiction.toml"})
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
DEMO, DEMO_YEAR = "demo.toml", "demo-year.toml"
"""The invented month of a demonstration and the year before it: they lie beside the rules and are none of them."""


def jurisdictions(files: Files) -> dict[str, tuple[str, ...]]:
    """Return every layer in the files with its chain of layers, root first."""
    layers = layers_in(files)
    return {layer_id: chain_of(layer_id, layers) for layer_id in layers}


def compile_rulebook(files: Files, jurisdiction: str, *, released: bool = False) -> Rulebook:
    """Return the compiled rules of one jurisdiction; raises RulebookError holding every problem found.

    What was `released` passed the checks of its day: a check that came later must not close the cases that stand on it.
    """
    layers = layers_in(files)
    if jurisdiction not in layers:
        hint = did_you_mean(jurisdiction, layers)
        raise RulebookError([Problem(jurisdiction, 0, "", "LAYER_UNKNOWN", f"没有辖区“{jurisdiction}”", hint)])
    return _Compiler(files, chain_of(jurisdiction, layers)).run(released=released)


def merged_parts(files: Files, jurisdiction: str) -> dict[str, Part]:
    """Return the merged files of a jurisdiction, each value with its origin; for showing what a layer changes."""
    return _Compiler(files, chain_of(jurisdiction, layers_in(files))).read_parts()


class _Compiler:
    def __init__(self, files: Files, chain: tuple[str, ...]) -> None:
        self.all_files = files
        self.files = {path: text for path, text in files.items() if path.split("/", 2)[1] in chain}
        self.chain = chain
        self.findings = Findings()
        self.parts: dict[str, Part] = {}
        self.unreadable = False
        self.lost: list[tuple[str, range]] = []

    def run(self, *, released: bool = False) -> Rulebook:
        """Return the rules; raises RulebookError."""
        self.parts = self.read_parts()
        self.findings.problems += misplaced(self.all_files)
        for path, text in self.files.items():
            self.findings.problems += unseen_in(path, text)
        ids = ids_by_label(self.parts.values())
        for part in self.parts.values():
            check_shape(part, self.findings, ids)
        self._stop_if("jurisdiction")
        check_format(self.parts["jurisdiction"], self.findings)
        self._stop_if_blind()
        draft = self._build()
        divisions = divisions_of(self.files, self.chain, self.findings)
        for kind in KINDS.values():
            kind.link(draft)
        self._link_removals(draft)
        self.findings.problems += stray_texts(self.files, draft.rules.policies)
        if not self.findings.errors and not released:
            linting.lint(draft, divisions)
        scenarios = scenarios_of(self.files, self.chain[-1], draft)
        if self.findings.errors:
            raise self._refused()
        return self._rulebook(draft, divisions, scenarios)

    def _stop_if(self, kind: str) -> None:
        """Stop when a kind of file is missing or broken without which nothing more can be said."""
        if kind not in self.parts or f"workflows/{self.chain[-1]}/{kind}.toml" not in self.files:
            file = f"workflows/{self.chain[-1]}/{kind}.toml"
            problem = Problem(file, 0, "", "FILE_MISSING", f"缺少文件 {kind}.toml", '至少写明 name = "…"')
            raise self._refused(problem)
        if self.parts[kind].broken:
            raise self._refused()

    def _stop_if_blind(self) -> None:
        """Stop where the names others use cannot be known: one slip of the pen must not be reported a hundred times."""
        if self.unreadable or any(part.broken for part in self.parts.values() if part.kind in _NAMING):
            raise self._refused()

    def read_parts(self) -> dict[str, Part]:
        """Return every part of the chain, merged."""
        trees: dict[str, list[Node]] = {}
        own: dict[str, list[str]] = {layer: [] for layer in self.chain}
        for path in self.files:
            own[path.split("/", 2)[1]].append(path)
        for layer, paths in own.items():
            for path in paths:
                key = self._part_of(path)
                if key and (document := self._parse(path, self.files[path])):
                    self._check_removals(document)
                    trees.setdefault(key, []).append(grow(document, layer))
        return {key: merge(*_kind_and_name(key), found) for key, found in sorted(trees.items())}

    def _check_removals(self, document: Document) -> None:
        for place in malformed_removals(document.data) if REMOVE in document.text else ():
            key, line = ".".join(map(str, place)), document.lines.get(place, 0)
            message = "remove 应写成名称的清单，或者给每个名称写上依据，现在不起作用"
            hint = '如 remove = ["不要的那一项"]，或 remove.<不要的那一项>.cites = ["<条款编号>"]'
            problem = Problem(document.path, line, key, "REMOVE_MALFORMED", message, hint)
            self.findings.problems.append(problem)

    def _link_removals(self, draft: Draft) -> None:
        """Note clauses that there are not, by which layers take something away."""
        for part in self.parts.values():
            for node in (step.own for step in part.steps):
                for place, clause in clauses_of_removals(node.value):
                    if (origin := node.find(place)) and clause not in draft.rules.clauses:
                        self.findings.error_at(origin, place, *no_such_clause(clause, draft.rules.clauses))

    def _part_of(self, path: str) -> str:
        """Return which part a file belongs to, or "" for none; an unknown file is noted."""
        folder, _, *rest = path.split("/")
        if folder == "templates" or rest[0] in {"divisions.csv", "scenarios", DEMO, DEMO_YEAR} or is_policy_text(path):
            return ""
        name, _, ending = rest[-1].rpartition(".")
        if ending in {"json", "toml"} and not _NAME.fullmatch(name):
            hint = "文件名只能用小写英文字母、数字和连字符，如 household-visit.json"
            self.findings.problems.append(Problem(path, 0, "", "NAME_MALFORMED", "文件名写法不对，不会起作用", hint))
            return ""
        if folder == "forms" and ending == "json" and len(rest) == 1:
            return f"form:{name}"
        if folder == "workflows" and ending == "toml" and len(rest) == 2 and rest[0] in FOLDERS:
            return f"{FOLDERS[rest[0]]}:{name}"
        if folder == "workflows" and ending == "toml" and len(rest) == 1 and name in SINGLE:
            return name
        hint = _where_it_belongs(folder, name, ending, rest)
        self.findings.problems.append(Problem(path, 0, "", "FILE_UNKNOWN", "不认识的文件，不会起作用", hint))
        return ""

    def _parse(self, path: str, text: str) -> Document | None:
        """Return a file as far as it can be read; where names that others use were lost, no name is looked up."""
        try:
            return parse_document(path, text)
        except UnreadableError as error:
            found = salvage(path, text, parse_document)
            self.findings.problems += found.problems or error.problems
            self.lost += [(path, lines) for lines in found.lost]
            names = path.rpartition("/")[2] in _NAMING_FILES or "/flows/" in path
            self.unreadable |= found.document is None or found.nameless or names
            return found.document

    def _is_lost(self, problem: Problem) -> bool:
        """Return whether a problem only says what is missing where a slip of the pen has made a table unread."""
        inside = any(path == problem.file and problem.line - 1 in lines for path, lines in self.lost)
        return inside and problem.code != SLIP

    def _refused(self, *more: Problem) -> RulebookError:
        return RulebookError(problem for problem in (*self.findings.problems, *more) if not self._is_lost(problem))

    def _build(self) -> Draft:
        draft = Draft(self.findings, self.parts, KINDS, unbuilt(), templates_of(self.files, self.chain))
        for kind in KINDS.values():
            draft.add(kind.build(draft))
        return draft

    def _rulebook(self, draft: Draft, divisions: DivisionTree, scenarios: Iterable[Scenario]) -> Rulebook:
        warnings = [p for p in self.findings.problems if p.severity is Severity.WARNING]
        return Rulebook(
            id=self.chain[-1],
            code=self.chain[-1].split("-", 1)[0],
            chain=self.chain,
            digest=digest_of(self.files),
            divisions=divisions,
            scenarios=tuple(scenarios),
            templates=draft.templates,
            warnings=tuple(warnings),
            **{each.name: getattr(draft.rules, each.name) for each in fields(draft.rules)},
        )


def _where_it_belongs(folder: str, name: str, ending: str, rest: list[str]) -> str:
    wanted = "json" if folder == "forms" else "toml"
    if len(rest) > 1 and rest[0] not in FOLDERS:
        return did_you_mean(rest[0], (*FOLDERS, "scenarios")) or "规则文件直接放在辖区文件夹中"
    if ending != wanted:
        return f"这里只放 .{wanted} 文件"
    return did_you_mean(name, SINGLE)


def _kind_and_name(key: str) -> tuple[str, str]:
    kind, _, name = key.partition(":")
    return kind, name or kind


def files_of(files: Files, chain: Iterable[str]) -> dict[str, str]:
    """Return those files that belong to a chain of layers: what a release keeps for ever."""
    layers = set(chain)
    return {
        path: text
        for path, text in files.items()
        if path.split("/")[1] in layers and not path.endswith((f"/{DEMO}", f"/{DEMO_YEAR}"))
    }


def digest_of(files: Files) -> str:
    """Return the SHA-256 that names this exact set of files; scenarios and the demo do not change what rules do."""
    kept = (path for path in files if "/scenarios/" not in path and not path.endswith((f"/{DEMO}", f"/{DEMO_YEAR}")))
    said = b",".join(_as_json(path, files[path]) for path in sorted(kept))
    return hashlib.sha256(b"{%b}" % said).hexdigest()


@lru_cache(maxsize=4096)
def _as_json(path: str, text: str) -> bytes:
    return f"{json.dumps(path, ensure_ascii=False)}:{json.dumps(text, ensure_ascii=False)}".encode()
