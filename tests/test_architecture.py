"""The shape of the code, proved: floors, libraries, names no county would recognise, sizes, and the one clock."""

import ast
import contextlib
import platform as standard_platform
import re
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from parsed import PACKAGE, parsed, walked
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook, jurisdictions
from xunfang.rulebook.files import parse_document, read_files
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "platform"

FLOORS = {
    **dict.fromkeys(
        (
            "access_rules",
            "ailments",
            "worktime",
            "characters",
            "identity",
            "phones",
            "numbers",
            "division",
            "clock",
            "errors",
            "steps",
            "settings",
            "confinement",
            "photos",
            "reception",
            "journal",
            "lifeline",
            "garbage",
            "locks",
            "issuers",
            "oidc",
            "mishaps",
            "sheets",
        ),
        0,
    ),
    "rulebook": 1,
    "rules": 2,
    "casework": 3,
    **dict.fromkeys(("prove", "store"), 4),
    "actions": 5,
    "desk": 6,
    **dict.fromkeys(("web", "worker", "printing"), 7),
    **dict.fromkeys(("checking", "doctor", "in_force", "starting"), 8),
    **dict.fromkeys(("app", "backup", "demo"), 9),
    "wsgi": 10,
    "cli": 11,
    "__main__": 12,
}
SHARED = {0}
"""The floor whose modules may use one another: the ground."""
FACES = {"web", "worker", "printing"}
BOUND = {
    "peewee": {"store"},
    "playhouse": {"store"},
    "sqlite3": {"store"},
    "psycopg": {"store"},
    "flask": {"web", "app", "wsgi"},
    "flask_admin": {"web", "app"},
    "wtforms": {"web"},
    "segno": {"web"},
    "joserfc": {"oidc"},
    "huey": {"worker"},
    "xlsxwriter": {"sheets"},
    "python_calamine": {"sheets"},
    "weasyprint": {"printing"},
    "PIL": {"photos"},
    "subprocess": {"confinement", "lifeline"},
    "tomlkit": {"rulebook"},
    "jsonschema": {"rulebook"},
    "referencing": {"rulebook"},
    "jsonschema_rs": {"rules"},
    "granian": {"reception"},
    "cryptography": {"store"},
}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill", "imp"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FIRST_COUNTY = "370304-boshan"
LONGEST_FUNCTION = 50
LONGEST_FILE = 350
MEDIAN_FUNCTION = 10


@cache
def _sources() -> dict[Path, ast.Module]:
    return {PACKAGE / file: tree for file, tree in parsed().items()}


def _floor_name(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def _imports(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in walked(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the floor"
            module = node.module or ""
            yield node, module
            if module == "xunfang":
                yield from ((node, f"xunfang.{alias.name}") for alias in node.names)


def test_platform_is_the_standard_librarys() -> None:
    assert not (SOURCE / "__init__.py").exists()
    assert Path(standard_platform.__file__).is_relative_to(Path(sys.base_prefix))
    assert [entry.name for entry in SOURCE.iterdir() if entry.is_dir() and entry.name.isidentifier()] == ["xunfang"]


def test_every_module_stands_on_a_floor() -> None:
    names = {_floor_name(path) for path in _sources()} - {"__init__"}
    assert names <= set(FLOORS), "a new package needs a floor of its own"


def test_imports_go_down_only() -> None:
    wrong = []
    for path, tree in _sources().items():
        own = _floor_name(path)
        for node, module in _imports(tree):
            parts = module.split(".")
            if parts[0] != "xunfang" or len(parts) < 2 or own == "__init__":
                continue
            other = parts[1]
            if other != own and FLOORS[other] >= FLOORS[own] and not (FLOORS[other] == FLOORS[own] in SHARED):
                wrong.append(f"{_where(path, node)} {own} imports {other}")
    assert wrong == []


def _module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _for_types_only(tree: ast.Module) -> set[ast.AST]:
    """Every node that only a type checker reads."""
    guarded = [node for node in walked(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return {inner for node in guarded for part in node.body for inner in ast.walk(part)}


def _module_graph() -> dict[str, set[str]]:
    """Which module uses which others, inside functions too."""
    modules = {_module_name(path): tree for path, tree in _sources().items()}
    graph: dict[str, set[str]] = {}
    for name, tree in modules.items():
        unread, used = _for_types_only(tree), set[str]()
        for node in walked(tree):
            if isinstance(node, ast.ImportFrom) and node not in unread and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names} & set(modules)
                used |= whole or {node.module} & set(modules)
        graph[name] = used - {name}
    return graph


def test_no_module_comes_back_to_itself() -> None:
    graph = _module_graph()
    left = set(graph)
    while free := {name for name in left if not graph[name] & left}:
        left -= free
    assert sorted(left) == [], "these use one another in a circle, or stand above one"


def test_the_faces_never_import_one_another() -> None:
    wrong = []
    for path, tree in _sources().items():
        others = {f"xunfang.{face}" for face in FACES - {_floor_name(path)}} if _floor_name(path) in FACES else set()
        for node, module in _imports(tree):
            if ".".join(module.split(".")[:2]) in others:
                wrong.append(f"{_where(path, node)} {module}")
    assert wrong == []


def test_libraries_are_bound_to_their_floors() -> None:
    wrong = [
        f"{_where(path, node)} {module}"
        for path, tree in _sources().items()
        for node, module in _imports(tree)
        if _floor_name(path) not in BOUND.get(module.split(".")[0], {_floor_name(path)})
    ]
    assert wrong == []


def test_nothing_runs_text_or_trusts_a_pickle() -> None:
    wrong = []
    for path, tree in _sources().items():
        wrong += [_where(path, node) for node, module in _imports(tree) if module.split(".")[0] in FORBIDDEN_MODULES]
        for node in walked(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
                wrong.append(_where(path, node))
    assert wrong == []


_CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
_CLOCKS |= {("time", "localtime"), ("time", "gmtime"), ("time", "strftime"), ("time", "time_ns"), ("time", "ctime")}


def test_only_the_clock_reads_the_clock() -> None:
    wrong = []
    for path, tree in _sources().items():
        if path == PACKAGE / "clock.py":
            continue
        for node in walked(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Name, ast.Attribute)):
                owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                if (owner, node.attr) in _CLOCKS:
                    wrong.append(f"{_where(path, node)} {owner}.{node.attr}")
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                wrong += [_where(path, node) for alias in node.names if ("time", alias.name) in _CLOCKS]
    assert wrong == []


def test_every_lock_is_one_that_a_forked_process_finds_free() -> None:
    wrong = []
    for path, tree in _sources().items():
        if path == PACKAGE / "locks.py":
            continue
        for node in walked(tree):
            named = isinstance(node, ast.Attribute) and ast.unparse(node) in {"threading.Lock", "threading.RLock"}
            wrong += [_where(path, node)] if named else []
            if isinstance(node, ast.ImportFrom) and node.module == "threading":
                wrong += [_where(path, node) for alias in node.names if alias.name in {"Lock", "RLock"}]
    assert wrong == []


_BEGINS = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\b", re.IGNORECASE)


def test_only_the_store_begins_a_transaction_and_always_an_immediate_one() -> None:
    begun, texts = [], []
    for path, tree in _sources().items():
        file = path.relative_to(PACKAGE).as_posix()
        for node in walked(tree):
            called = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if called in {"atomic", "manual_commit", "savepoint", "session_start"} or (called == "begin" and node.args):
                begun.append((file, ast.unparse(node)))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _BEGINS.match(node.value):
                texts.append((file, node.value))
    assert sorted(begun) == [
        ("store/database.py", "database.peewee.atomic(*database.dialect.begin_reading())"),
        ("store/database.py", "self.database.peewee.savepoint()"),
        ("store/dialects/postgresql.py", "database.atomic()"),  # of a reading, behind a wall
        ("store/dialects/postgresql.py", "database.atomic()"),  # of a reading, with a setting of its own
        ("store/dialects/postgresql.py", "database.atomic()"),  # of a writer, who takes a lock
        ("store/dialects/sending.py", "super().begin(isolation_level)"),  # of a reading at one moment
        ("store/dialects/sqlite.py", "database.atomic('IMMEDIATE')"),
    ]
    # a command that people type, no SQL
    assert texts == [("cli/__init__.py", "rollback"), ("cli/releasing.py", "rollback")]


def _functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, tree in _sources().items():
        for node in walked(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield path, node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_are_short() -> None:
    lengths = [_length(node) for _, node in _functions()]
    assert statistics.median(lengths) < MEDIAN_FUNCTION
    long = [f"{_where(path, node)} {node.name}" for path, node in _functions() if _length(node) > LONGEST_FUNCTION]
    assert long == []


def test_files_are_short() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in _sources()}
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > LONGEST_FILE} == {}


_VAGUE = re.compile(r"^(utils?|helpers?|common|managers?|constants?|base|misc)$")


def test_no_file_has_a_vague_name() -> None:
    vague = [str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.py") if _VAGUE.match(path.stem.lower())]
    assert vague == []


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                methods = (inner for inner in node.body if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)))
                yield from (method for method in methods if not method.name.startswith("_"))


def test_everything_public_says_what_it_is() -> None:
    silent = [_where(path, tree) for path, tree in _sources().items() if tree.body and not ast.get_docstring(tree)]
    for path, tree in _sources().items():
        silent += [f"{_where(path, node)} {node.name}" for node in _public(tree) if not ast.get_docstring(node)]
    assert silent == []


# ----- the engine knows no county


ENGINE_WORDS = {
    # Facts and columns that the engine itself supplies (rulebook/acts.py); forms may name a field the same way.
    "facts": "found_at id_number birth_on visited_on posted_on issued_on",
    # Levels of government, which divisions and units share (division.py).
    "levels": "township village",
    # Kinds of thing in the rule language itself (docs/rules-by-example.md).
    "language": "clue visit dispatch objection alert",
    # Acts that roles may be given, and boards on which is posted (rulebook/acts.py); counties name states and units so.
    "acts": "consult village-board",
    # What a unit does that was consulted, and what came of it (casework/verbs/on_tasks.py); counties have such fields.
    "verbs": "answer answered",
    # Commands of the command line.
    "commands": "coverage verify",
}
"""Words that some county uses as an id and the engine as a word of its own. Each line says why it is allowed."""

REPORTED: dict[str, str] = {}
"""True finds, told to whoever keeps those files. Struck off here as soon as they are mended: the test insists."""

_SHORTEST_LABEL = 6
"""Shorter ones (姓名, 救助事项, 走访日期) are words of the field; longer ones name a county's own thing."""


@cache
def _files() -> dict[str, str]:
    return read_files(ROOT)


@cache
def _rulebooks() -> tuple[Rulebook, ...]:
    found = []
    for layer in jurisdictions(_files()):
        with contextlib.suppress(RulebookError):  # whether every county compiles is asked in rulebook/test_compile.py
            found.append(compile_rulebook(_files(), layer))
    return tuple(found)


_KINDS = [*sorted(KINDS.keys() - {"jurisdiction", "calendar"}), "clauses"]
"""What holds the ids that a county gives."""


def _ids(rulebook: Rulebook) -> set[str]:
    """Return every id that a county's files, and those of the layers above it, define."""
    ids = {rulebook.id}.union(*(getattr(rulebook, kind) for kind in _KINDS))
    for form in rulebook.forms.values():
        ids |= set(form.fields) | set(form.sections) | {computed.name for computed in form.computed}
    ids = ids.union(*(entries.entries for entries in rulebook.lists.values()))
    ids |= {row.id for table in rulebook.routing.values() for row in table.rows}
    for flow in rulebook.flows.values():
        ids |= set(flow.states) | {name for state in flow.states.values() for name in state.outcomes}
    return ids


def _telling_ids() -> set[str]:
    """Return ids that give a county away: compound ones of any county, and single words that name its rules.

    A single English word of a dictionary or a form (period, money, granted) says nothing of where it comes from; to
    hold every one against the engine would only forbid it English.
    """
    found = {word for rulebook in _rulebooks() for word in _ids(rulebook) if not word.isalpha() or not word.isascii()}
    named = (getattr(rulebook, kind) for rulebook in _rulebooks() for kind in _KINDS if kind != "lists")
    return found.union(*named)


def _labels(rulebook: Rulebook) -> Iterator[str]:
    for path, text in _files().items():
        if (
            path.split("/")[1] in rulebook.chain
            and "/policies" not in path
            and path.endswith((".toml", ".json"))
            and "/scenarios/" not in path
        ):
            yield from _texts(parse_document(path, text).data)


def _texts(data: object, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _texts(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value, key)
    elif isinstance(data, str) and key in {"label", "name", "title", "brand", "hotline"} and not data.isascii():
        yield data.replace("{division}", "")


@cache
def _literals() -> tuple[tuple[str, str], ...]:
    """Return every string of the code, docstrings left out, with its place."""
    found = []
    for path, tree in _sources().items():
        documentation = {
            id(node.value)
            for node in walked(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in walked(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                found.append((_where(path, node), node.value))
    return tuple(found)


def _leaked_ids() -> dict[str, str]:
    ids = _telling_ids() - {word for words in ENGINE_WORDS.values() for word in words.split()}
    return {text: where for where, text in _literals() if text in ids}


def _leaked_labels() -> dict[str, str]:
    named = {label for rulebook in _rulebooks() for label in _labels(rulebook)}
    labels = [label for label in named if len(label) >= _SHORTEST_LABEL]
    return {label: where for where, text in _literals() for label in labels if label in text}


def test_no_id_of_a_county_is_a_word_of_the_engine() -> None:
    assert {text: where for text, where in _leaked_ids().items() if text not in REPORTED} == {}


def test_no_label_of_a_county_is_a_word_of_the_engine() -> None:
    assert {text: where for text, where in _leaked_labels().items() if text not in REPORTED} == {}


def test_what_was_reported_is_still_there() -> None:
    assert set(REPORTED) <= _leaked_ids().keys() | _leaked_labels().keys(), "mended: strike it off REPORTED"


def test_no_place_of_a_county_occurs_in_the_engine() -> None:
    places = {division.name for rulebook in _rulebooks() for division in rulebook.divisions if len(division.name) > 2}
    text = "\n".join(text for _, text in _literals())
    assert {place for place in places if place in text} == set()


def test_no_division_code_occurs_in_the_engine() -> None:
    codes = {division.code for rulebook in _rulebooks() for division in rulebook.divisions if len(division.code) >= 4}
    wrong = [
        f"{where} {text}" for where, text in _literals() for word in re.findall(r"\d{4,12}", text) if word in codes
    ]
    assert wrong == []


@pytest.mark.parametrize("words", ENGINE_WORDS.values(), ids=ENGINE_WORDS.keys())
def test_the_allowed_words_are_still_needed(words: str) -> None:
    used = {text for _, text in _literals()}
    assert [word for word in words.split() if word not in used] == []
