"""What stands only where it was reviewed: raw SQL, transactions, trusted markup, foreign views, writing scripts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from parsed import PACKAGE, parsed, walked

ROOT = Path(__file__).parents[1]
TRANSACTIONS = {"store/database.py"}
"""The one way to write, and the readers: everything else goes through them."""
DIALECTS = {
    f"store/dialects/{name}.py" for name in ("sqlite", "postgresql", "lasting", "sending")
}  # what differs between them
WRITERS = ("sqlite", "postgresql")
"""How a writer begins differs between databases."""
STATEMENTS = TRANSACTIONS | DIALECTS | {"store/schema.py"}
STATEMENTS |= {"store/handle.py"}  # whatever is run, runs through it
STATEMENTS |= {"store/calls.py", "store/renewing.py"}  # two words that ring a bell; one pragma
STATEMENTS |= {"store/composing.py"}  # what peewee composed, run again
SPLICES = {"store/rows.py"}  # names of tables, written in the code itself
VIEWS = {"BaseView", "AdminIndexView", "ModelView", "FileAdmin", "RedisCli"}


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a function or method of one of these names, with its file."""
    for file, tree in parsed().items():
        for node in walked(tree):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in names:
                    yield file, node


CROSSING = {
    "actions/accounts.py", "actions/identities.py", "actions/signing_in.py",
    "web/visits.py",  # before one is known
    "backup/arriving.py", "backup/leaving.py",  # at the console
    "actions/rulebooks.py", "in_force.py",  # which rules are in force, of all that are served
    "actions/auditing.py", "actions/operating.py", "actions/timekeeping.py",  # upkeep
    "actions/rekeying.py", "actions/watching.py", "doctor/life.py", "doctor/rules.py", "doctor/work.py",
    "worker/clockwatch.py", "worker/loop.py",  # which jobs are due; each is done within its own
}  # fmt: skip
"""Who reads what is of more than one jurisdiction, see docs/decisions/0036; beside these the store and the console."""


def test_only_the_machinery_reads_across_jurisdictions() -> None:
    reads = [(file, node) for file, node in _calls("connection") if not file.startswith(("store/", "cli/", "demo/"))]
    across = {file for file, node in reads if isinstance(node.func, ast.Name) and len(node.args) == 1}
    assert across - CROSSING == set(), "name the jurisdiction: connection(database, jurisdiction)"
    assert CROSSING - across == set()


def _templates() -> dict[str, str]:
    folders = (PACKAGE / "web" / "templates", ROOT / "templates")
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for each in folders for path in each.rglob("*.html")}


def test_transactions_begin_in_one_place() -> None:
    wrong = [
        file for file, _ in _calls("atomic", "transaction_context", "begin", "savepoint") if file not in STATEMENTS
    ]
    assert wrong == []
    assert {file for file, _ in _calls("atomic")} == TRANSACTIONS | {f"store/dialects/{name}.py" for name in WRITERS}


def test_statements_are_run_in_reviewed_places_only() -> None:
    names = ("execute", "execute_sql", "executemany", "executescript", "cursor", "run_sql", "raw")
    assert {file for file, _ in _calls(*names)} <= STATEMENTS


def test_no_text_from_outside_becomes_sql() -> None:
    """What peewee splices in as it is: SQL(…), cast(…), the name of a function; and filters that follow relations."""
    spliced = [(file, node) for file, node in _calls("SQL", "cast") if file.startswith("store/")]
    assert spliced
    assert {file for file, node in spliced if not isinstance(node.args[0], ast.Constant)} == SPLICES
    assert [file for file, _ in _calls("filter") if file.startswith("store/")] == []
    named = [file for file, node in _calls("getattr") if "fn" in ast.unparse(node.args[0]).split(".")]
    assert named == []


def test_no_page_trusts_markup() -> None:
    calls = _calls("Markup", "from_string", "render_template_string", "stream_template_string", "Template")
    assert [file for file, _ in calls if file.startswith("web/")] == ["web/cells.py"]  # see tests/web/test_cells.py
    trusting = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b|\|\s*(?:attr|tojson|xmlattr)\b")
    assert {name for name, text in _templates().items() if trusting.search(text)} == set()


def test_no_page_holds_script_style_or_handlers_of_its_own() -> None:
    inline = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:|https?://(?!www\.w3\.org)", re.I)
    pages = {name: text for name, text in _templates().items() if name.startswith("platform/")}
    assert pages
    assert {name: found[0] for name, text in pages.items() if (found := inline.search(text))} == {}


def test_no_script_writes_markup() -> None:
    writing = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"']"
    )
    scripts = sorted((PACKAGE / "web" / "static").glob("*.js"))
    assert scripts
    assert {path.name for path in scripts if writing.search(path.read_text("utf-8"))} == set()


def test_every_view_is_a_secure_view() -> None:
    """Flask-Admin's own views are open to everybody, and its file manager and console are never even imported."""
    wrong = []
    for file, tree in parsed().items():
        for node in walked(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask_admin"):
                if (node.module or "").startswith("flask_admin.contrib"):
                    wrong.append(f"{file}: {node.module}")
                wrong += [f"{file}: {each.name}" for each in node.names if each.name in VIEWS and file != SECURE]
            if isinstance(node, ast.ClassDef) and file != SECURE:
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                if bases & VIEWS or (node.name.endswith("View") and file.startswith("web/views/") and not bases):
                    wrong.append(f"{file}: {node.name}")
            if isinstance(node, ast.Import):
                wrong += [f"{file}: {each.name}" for each in node.names if each.name.startswith("flask_admin.contrib")]
    assert wrong == []


SECURE = "web/views/secure.py"


def test_every_registered_view_follows_the_access_table() -> None:
    """Whatever Flask-Admin serves comes from the one base that the gate guards."""
    text = (PACKAGE / "web" / "application.py").read_text("utf-8")
    registered = set(re.findall(r"(\w+View)\(", text))
    defined = {
        node.name: {ast.unparse(base) for base in node.bases}
        for file, tree in parsed().items()
        if file.startswith("web/views/")
        for node in walked(tree)
        if isinstance(node, ast.ClassDef)
    }
    assert len(registered) >= 10
    secure = {"SecureView"}
    while more := {name for name, bases in defined.items() if bases & secure} - secure:
        secure |= more
    assert registered - secure == set()
