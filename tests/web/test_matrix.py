"""Nobody reaches what is not theirs: every address × method × role × relation, answered as matrix.toml says."""

import inspect
import re
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from conftest import JURISDICTION, ROOT
from counties import open_counties, rulebooks
from matrix import Cell, Matrix, Table, national_roles

from databases import kept_in
from xunfang.actions import passwords
from xunfang.actions.deployment import Actor
from xunfang.store import composing
from xunfang.store.scoped import ScopedReader
from xunfang.store.tables import all_tables
from xunfang.web.access import ACCESS, SIGNED_IN
from xunfang.web.views import photos, public_notices

FEWEST_CELLS = 10_000
UNASKED = (".unsent", ".photo", ".illness", ".id_number", ".phone", ".message", ".assisting")
"""Parts of a canary for which the table asks of some groups only."""


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Matrix]:
    kind = "walled" if request.config.getoption("--postgresql", default=False) else "sqlite"
    with kept_in(kind), _asked(tmp_path_factory.mktemp("counties")) as asked:
        asked.every_relation = bool(request.config.getoption("--every-relation", default=False))
        yield asked


@contextmanager
def _asked(folder: Path) -> Iterator[Matrix]:
    table = Table()
    people = [visitor.person for visitor in table.visitors if visitor.person]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=1024))
        patch.setattr(
            public_notices, "MOST", 1_000_000
        )  # one address asks for everybody; test_public_notices.py tries it
        patch.setattr(photos, "reencode", lambda data: data)  # a child process for each; test_pictures.py tries it
        counties = open_counties(folder, people)
        asked = Matrix(counties, table)
        yield asked
        asked.close()
        counties.town.deployment.database.close()


def test_every_address_stands_in_the_table(matrix: Matrix) -> None:
    served = {rule.endpoint for rule in matrix.town.app.url_map.iter_rules()}
    missing = served - {row.endpoint for row in matrix.table.rows}
    assert missing == set(), "add a row to tests/web/matrix.toml for each: who may open it, by which method"


def test_every_national_role_visits_in_every_relation(matrix: Matrix) -> None:
    assert len(national_roles()) >= 8
    assert {(visitor.role, visitor.relation) for visitor in matrix.table.visitors if visitor.person} == {
        (role, relation) for role in national_roles() for relation in matrix.table.relations
    }


def test_only_the_gate_and_the_journal_know_by_which_method_somebody_asks() -> None:
    """So HEAD is answered as GET is, whoever asks, and need not be asked in every relation."""
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "platform" / "xunfang" / "web").rglob("*.py")}
    knows = {name for name, text in texts.items() if re.search(r"request\.method|\bREQUEST_METHOD\b|MethodView", text)}
    assert knows == {"guard.py", "measures.py", "traces.py"}
    asked = re.findall(r"request\.method\b.*", texts["guard.py"])
    assert asked
    assert all(" in SAFE" in text for text in asked)


def test_everybody_is_answered_as_the_table_says(matrix: Matrix) -> None:
    began = time.process_time()
    for cell in matrix.cells():
        matrix.ask(cell)
    seconds = time.process_time() - began  # of one core, however busy the machine is
    rules, visitors = len(list(matrix.town.app.url_map.iter_rules())), len(matrix.table.visitors)
    print(f"\nmatrix: {rules} URL rules, {visitors} visitors, {matrix.asked} cells, {seconds:.0f} s of one core")
    assert not matrix.wrong, f"{len(matrix.wrong)} answers are not as written:\n" + "\n".join(matrix.wrong[:200])
    assert matrix.asked >= FEWEST_CELLS
    parts = {part for parts in matrix.canaries.values() for part in parts}
    told = matrix.seen | {part for part in parts if part.endswith(UNASKED)}
    assert parts <= told, "a canary that nobody ever sees proves nothing"


def allowed_acts(matrix: Matrix) -> Iterator[Cell]:
    """Yield every act that is done when somebody asks for it, for the roles that do most."""
    for cell in matrix.cells(thorough=False):
        if (
            cell.method == "POST"
            and cell.answer == "ok"
            and cell.visitor.role in ("clerk", "leader", "security-administrator", "administrator", "auditor")
        ):
            yield cell


def test_no_allowed_act_happens_without_the_token_of_its_own_session(matrix: Matrix) -> None:
    """Every act that would be done with its page's token, replayed without, with a stale one and with another's."""
    tokens, asked = matrix.tokens, 0
    colleague = next(visitor for visitor in matrix.table.visitors if visitor.login == "clerk-stranger")
    for cell in allowed_acts(matrix):
        cookie, own = tokens[cell.visitor]
        for token in ("", "stale", tokens[colleague][1] + "x" * (cell.visitor == colleague)):
            matrix.tokens = {**tokens, cell.visitor: (cookie, token)}
            answer = matrix.send(cell)
            asked += 1
            assert 400 <= answer.status_code < 500, f"{cell} with the token “{token}”"
            assert not matrix.changed(), f"{cell} with the token “{token}” changed rows"
        assert own not in ("", "stale")
    matrix.tokens = tokens
    assert asked > 300


def test_no_form_takes_more_than_its_own_fields(matrix: Matrix) -> None:
    """Every act is sent again with every column of every table beside its own fields: the same rows change alike."""
    columns, wrong = {name for table in all_tables() for name in table.columns}, []
    for cell in allowed_acts(matrix):
        taken = {"csrf", *cell.row.send, *TAKEN.get(cell.row.endpoint, ()), *_fields(cell)}
        extra = {name: PLAUSIBLE.get(name, "poison") for name in sorted((columns | {"is_admin", "acts"}) - taken)}
        matrix.send(cell)
        plain = matrix.difference()
        matrix.send(cell, extra)
        if matrix.difference() != plain:
            wrong.append(f"{cell}: a field beyond its own had an effect")
    assert wrong == []


PLAUSIBLE = {
    "jurisdiction": "141121-wenshui", "unit": "housing-bureau", "division": "370304", "roles": "administrator",
    "state": "disabled", "status": "done", "locked_until": "0", "must_change": "", "claimed_by": "", "by": "leader",
    "residence": "370304103011", "registration": "370304103011", "release": "0", "flow": "clue", "urgency": "emergency",
    "ended_at": "1790000000", "due_at": "1990000000", "login": "root", "password_hash": "x", "name": "别名",
    "version": "1",
}  # fmt: skip
"""What somebody would send who hoped that a column is written from the form."""
TAKEN = {
    "accounts.change": {"state"},
    "cases.print": {"task"},
    "feeds.hand_in": {"owed"},  # for which period it is
    "meetings.call": {"task"},  # what is put on the agenda
    "people.do": {"unit", "number", "kind", "day", "after", "reason"},  # one form for all that is kept by hand
}
"""Fields that a form has, and the matrix does not send."""


def _fields(cell: Cell) -> set[str]:
    """Return the fields of the form that a cell fills, if it does: these are its own."""
    assert cell.visitor.person or cell.row.acts == "public"
    forms = {
        "intake.send": ("clue-report",),
        "tasks.complete": ("investigation-feedback",),
        "visits.send": ("visit",),
        "visits.send_anybody": ("visit",),
    }.get(cell.row.endpoint, ())
    jurisdiction = cell.visitor.person.jurisdiction if cell.visitor.person else JURISDICTION
    return {name for form in forms for name in rulebooks()[jurisdiction].forms[form].fields if form}


# ----- the matrix itself is tried: each condition is taken away in turn, and some cell must notice


SIGHT, LISTS, DESK = "store.reading.sight:", "store.reading.lists:", "store.scoped:ScopedReader."
INBOX, BELONGING = "store.reading.inbox:", "store.reading.belonging:"
PLACES = "store.reading.stretches:lies_in"
ADMINISTRATION, QUEUE, ACTIONS = "store.reading.administration:", "store.reading.queue:", "actions."
CASES, ONE_SPAN = "ours & grounds_of_sight(scope)", "(at >= low) & (at < high)"
OF_COUNTY, LINES = "(seen.jurisdiction == scope.jurisdiction) & ", "store.reading.seen_cases:_lines"
MUTANTS = (
    (SIGHT + "cases_in_sight", CASES, "ours", "cases.show"),
    (SIGHT + "cases_in_sight", CASES, "grounds_of_sight(scope)", "cases.show"),
    (SIGHT + "grounds_of_sight", " & of_unit(tasks.unit, scope)", "", "cases.show"),
    (SIGHT + "grounds_of_sight", " & of_unit(clues.unit, scope)", "", "cases.show"),
    (SIGHT + "grounds_of_sight", "of_unit(dispatches.unit, scope) & ", "", "cases.show"),
    (SIGHT + "within", "else _NEVER", 'else SQL("1 = 1")', "cases.show"),
    (PLACES, ONE_SPAN, "at >= low", "cases.show"),
    (PLACES, ONE_SPAN, "at < high", "cases.show"),
    (
        SIGHT + "tasks_in_sight",
        "ours & (of_unit(TASK.unit, scope) | within(TASK.residence, scope) | owed)",
        "ours",
        "tasks.do#claim",
    ),
    (
        SIGHT + "duties_in_sight",
        "ours & (of_unit(DUTY.unit, scope) | _reported_to(scope) | within(DUTY.residence, scope))",
        "ours",
        "duties.show",
    ),
    (SIGHT + "tasks_in_sight", "ours & (", "(", "tasks.do#claim-assisting"),
    (SIGHT + "attachments_in_sight", "& ((ATTACHMENT.by == scope.account) | ", "& (True | ", "photos.show"),
    (SIGHT + "_filed", "& cases_in_sight(scope)", "", "photos.show"),
    (LINES, "(_SEEN.jurisdiction == scope.jurisdiction) & ", "", "cases.index"),
    (BELONGING + "lines_in_sight", OF_COUNTY, "", "papers.index"),
    ("store.reading.questions:_read", "records_in_sight(_QUESTION.other, scope)", "True", "cases.show#rival"),
    ("store.reading.questions:_read", "records_in_sight(_QUESTION.person, scope)", "True", "cases.show"),
    (LISTS + "_reports", "ours & (CLUE.unit == unit)", "ours", "intake.index"),
    (INBOX + "messages_in_sight", " & of_unit(_MESSAGE.unit, scope)", "", "inbox.index"),
    (INBOX + "messages_in_sight", "_MESSAGE.jurisdiction == scope.jurisdiction", 'SQL("1 = 1")', "inbox.read"),
    (QUEUE + "_of_index", "condition &= TASK.jurisdiction == scope.jurisdiction", "pass", "queue.index"),
    (DESK + "notice", "self.case(found.case)", "pass", "papers.open"),
    (ADMINISTRATION + "_accounts", ".where(_ACCOUNT.jurisdiction == scope.jurisdiction)", "", "accounts.index"),
    (ADMINISTRATION + "_accounts", ".where(_ACCOUNT.jurisdiction == scope.jurisdiction)", "", "accounts.show"),
    (
        ADMINISTRATION + "machinery",
        'status="parked", jurisdiction=scope.jurisdiction',
        'status="parked"',
        "system.index",
    ),
    ("store.reading.record:_span", "_EVENT.jurisdiction == scope.jurisdiction", "_EVENT.n > 0", "audit.index#casework"),
    (ACTIONS + "operating:try_again", "or not own", "", "system.retry"),
    (ACTIONS + "accounts:account_of", ", jurisdiction=act.actor.jurisdiction", "", "accounts.change"),
    (ACTIONS + "accounts:account_of", ", jurisdiction=act.actor.jurisdiction", "", "accounts.unlock"),
    (ACTIONS + "accounts:account_of", ", jurisdiction=act.actor.jurisdiction", "", "accounts.end_sessions"),
    (ACTIONS + "accounts:account_of", ", jurisdiction=act.actor.jurisdiction", "", "accounts.reset_factor"),
    (ACTIONS + "accounts:account_of", ", jurisdiction=act.actor.jurisdiction", "", "accounts.unbind_identity"),
    (ACTIONS + "handling:do_to_task", "act.scoped.task(", "act.task(", "tasks.do#claim"),
    ("casework.permits:_not_their_task", "not answers_for(", "False and not answers_for(", "tasks.do#claim"),
    (ACTIONS + "handling:do_to_task", "act.scoped.task(", "act.task(", "tasks.do#urge"),
    (ACTIONS + "dispatching:_decide", "act.scoped.case(", "act.case(", "dispatch.confirm"),
    ("casework.dispatching:_check_role", "role not in actor.roles", "False", "dispatch.confirm"),
    (ACTIONS + "papers:print_notice", "act.scoped.case(", "act.case(", "cases.print"),
    (ACTIONS + "signing:_paper", "found.jurisdiction != actor.jurisdiction", "False", "papers.do#remake"),
    (
        ACTIONS + "signing:_paper",
        "act.scoped.notice(asked.paper)",
        "act.tx.find(Notice, asked.paper)",
        "papers.do#void",
    ),
    ("casework.papers:may_sign", 'role in actor.roles and "sign-off" in actor.acts', "True", "papers.do#void"),
    (ACTIONS + "papers:print_notice", "act.scoped.task(", "act.task(", "cases.print"),
    (ACTIONS + "papers:print_notice", "not _due_paper(", "False and not _due_paper(", "cases.print"),
    (ACTIONS + "papers:print_notice", "task.case != case.id", "False", "cases.print"),
    (
        ACTIONS + "reading:mark_read",
        "act.scoped.message(message_id)",
        "act.tx.find(type(None), message_id)",
        "inbox.read",
    ),
    (ACTIONS + "deployment:acts_of", "if unit and unit.may:", "if False:", "cases.print"),
    ("desk.readings:Readings.receipt", "clue.unit not in actor.units or ", "", "intake.sent"),
    ("desk.readings:Readings.task_form", "not theirs or ", "", "tasks.form"),
    ("desk.readings:Readings.duty_form", "not theirs or ", "", "duties.form"),
    ("casework.permits:_not_theirs", "_acts_on(actor, verb, subject).isdisjoint(", "False and not (", "tasks.form"),
    ("web.guard:_gate", "not access.public and g.visit is None", "False", "queue.index"),
    ("web.guard:_gate", "not access.allows(member_or_none())", "False", "cases.index"),
    ("web.headers:_cache", 'else "no-store"', 'else "private"', "cases.index"),
)
"""Function, what stands in it, what stands there instead, and the rows that notice."""


@contextmanager
def mutated(name: str, old: str, new: str) -> Iterator[None]:
    """Run a function of the package with a piece of it exchanged, for whoever calls it."""
    module, _, path = name.partition(":")
    found: Any = import_module(f"xunfang.{module}")
    names = vars(found)
    for part in path.split("."):
        found = getattr(found, part)
    source = textwrap.dedent(inspect.getsource(found))
    assert old in source, f"{name} no longer reads “{old}”: the mutation has to follow it"
    made: dict[str, Any] = {}
    exec(source.replace(old, new), names, made)
    before, found.__code__ = found.__code__, made[found.__name__].__code__
    composing.forget()
    try:
        yield
    finally:
        found.__code__ = before
        composing.forget()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[0]} without {mutant[1]}")
def test_the_matrix_notices_a_condition_taken_away(matrix: Matrix, mutant: tuple[str, str, str, str]) -> None:
    *change, row = mutant
    with mutated(*change):
        assert matrix.notices(row)


# Lists look for cases where `CaseInSight` says, and sight decides about each as well: what the one lets through, the
# other holds. So the first is taken away before, or gone past as it is for whoever sees many or names somebody.
ANY_SPAN, ANY_FEW = (LINES, " & (_SEEN.who == who)", ""), (BELONGING + "lines_in_sight", " & seen.who.in_(places)", "")
ALL = (LISTS + "case_page", "places_to_look(scope)", "()")
NAMED = (LISTS + "case_page", "wanted.number or wanted.person or wanted.name or wanted.receipt", "True")
MANY = (BELONGING + "look_for", "Look(places if few or not is_county_wide(scope) else (), few)", "Look((), False)")
HELD_TWICE = (
    (ANY_SPAN, (LISTS + "_cases", "grounds_of_sight(scope) & ", ""), "cases.index"),
    (ALL, (LISTS + "_cases", "cases_in_sight(scope) & ", ""), "cases.index"),
    (NAMED, (LISTS + "_cases_found", "ours & grounds_of_sight(scope)", "ours"), "cases.index"),
    (ANY_FEW, (BELONGING + "of_cases", " & grounds_of_sight(scope)", ""), "dispatch.index"),
    (ANY_FEW, (BELONGING + "of_cases", " & grounds_of_sight(scope)", ""), "papers.index"),
    (MANY, (BELONGING + "of_cases", " & cases_in_sight(scope)", ""), "dispatch.index"),
    (MANY, (BELONGING + "of_cases", " & cases_in_sight(scope)", ""), "papers.index"),
)


@pytest.mark.parametrize(("first", "second", "row"), HELD_TWICE)
def test_the_matrix_notices_when_both_of_two_conditions_are_taken_away(
    matrix: Matrix, first: tuple[str, str, str], second: tuple[str, str, str], row: str
) -> None:
    with mutated(*first):
        assert not matrix.notices(row), "the second holds alone"
        with mutated(*second):
            assert matrix.notices(row)


@pytest.mark.parametrize("endpoint", sorted(name for name, access in ACCESS.items() if access.acts))
def test_the_matrix_notices_an_address_opened_too_wide(
    matrix: Matrix, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many acts ask for themselves once more what the table asks; that second lock is taken off here."""
    monkeypatch.setitem(ACCESS, endpoint, SIGNED_IN)
    monkeypatch.setattr(Actor, "need", lambda actor, *acts: None)
    monkeypatch.setattr(import_module("xunfang.casework.permits"), "_not_theirs", lambda *given: None)
    monkeypatch.setattr(ScopedReader, "_need", lambda reader, act: None)
    rolls = import_module("xunfang.casework.rolls")
    monkeypatch.setattr(rolls, "drafted_by", lambda rulebook, unit: tuple(rulebook.rosters.values()))
    assert matrix.notices(endpoint)
