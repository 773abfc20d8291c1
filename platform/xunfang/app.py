"""Floor 9: composing a deployment from its settings: database, keys, rulebooks, press, worker, web."""

import getpass
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from xunfang import clock
from xunfang.actions.abandoning import abandoned
from xunfang.actions.alerts import watch_alerts
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.drawing import begin_draws
from xunfang.actions.duties import begin_duties
from xunfang.actions.figures import begin_counting
from xunfang.actions.following import follow_divisions
from xunfang.actions.helped import begin_helped
from xunfang.actions.leftovers import dropping_unsent
from xunfang.actions.operating import forgetting_cancelled, keep_house, note_soundness
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.actions.reminding import reconciling
from xunfang.actions.rule_source import FILES, STUDIO, is_kept_here, keep_in, take_from_folder
from xunfang.actions.rulebooks import half_there
from xunfang.actions.timekeeping import sure_moment
from xunfang.actions.visits import begin_visits
from xunfang.checking import compile_all, rule_files
from xunfang.checking.examiner import Examiner
from xunfang.confinement import Limits
from xunfang.desk import Readings
from xunfang.doctor import examine
from xunfang.errors import Refused, RulebookError
from xunfang.in_force import kept_in_studio, rules_in_force, rules_published
from xunfang.oidc import Provider
from xunfang.printing import Paper, PrintOrder, print_paper
from xunfang.printing.press import Press
from xunfang.prove.scenarios import run
from xunfang.rulebook.files import read_what_can_be
from xunfang.rulebook.model import Rulebook
from xunfang.settings import Settings
from xunfang.starting import Store, check_belonging, open_store, read_store
from xunfang.store import connection, is_empty
from xunfang.web import DemoLogin, Site, create_web
from xunfang.worker import Worker, bell_at
from xunfang.worker.parts import parts

if TYPE_CHECKING:
    from flask import Flask

CONFIG = "XUNFANG_CONFIG"
DEMO = "XUNFANG_DEMO"
PRODUCT = "寻访"
SAMPLES = Limits(memory=1_500_000_000, cpu=8, wall=12.0)
"""What one sample of a draft's paper may cost."""
LEFTOVERS_KEPT = timedelta(days=1)
"""Halves of files are left by writers that died; a day later nobody can still be writing them."""


def open_deployment(settings: Settings) -> Deployment:
    """Return a deployment ready to be served: schema up to date, keys at hand, rules compiled and published.

    A jurisdiction whose files are broken stands on its last release. Raises RulebookError when none can be served, and
    what `open_store` raises; a trial's own key file is made where nothing was ever kept.
    """
    at = clock.now()
    store = open_store(settings, at)
    rulebooks, files = rules_in_force(settings.root, settings.serves, store.database)
    deployment = _composed(settings, store, rulebooks)
    publish(deployment, files, at)
    _take_from_folders(settings, deployment, at)
    return deployment


def _take_from_folders(settings: Settings, deployment: Deployment, at: datetime) -> list[str]:
    """Make change sets of what changed in folders that no longer count; returns whose."""
    folder, _ = read_what_can_be(settings.root)
    names = [name for name in settings.serves if name in deployment.rulebooks.current]
    return [name for name in names if take_from_folder(deployment, name, folder, at)]


def open_console(settings: Settings) -> Deployment:
    """Return a deployment for a command that writes one thing: it upgrades nothing and publishes nothing.

    It stands on the rules that were published; before the first start on those in the files. Raises what
    `open_deployment` raises, and SchemaTooOld.
    """
    store = _console_store(settings)
    return _composed(settings, store, _rules_published(settings, store)[0])


def open_reading(settings: Settings) -> Deployment:
    """Return a deployment for a command that only looks: nothing is made, upgraded, published or remembered.

    It stands on the rules that were published, be there none. Raises what `read_store` raises, and Mismatch where key
    or files are another installation's.
    """
    store = read_store(settings)
    check_belonging(settings, store)
    released = rules_published(settings.serves, store.database)
    return _composed(settings, store, Rulebooks(store.database, released, serves=settings.serves))


def open_beside(settings: Settings) -> Deployment:
    """Return a deployment for a process that works beside others: it goes by what was published, not by files.

    So a process that is started again puts nothing in force that nobody has published. Only what has never been
    published is, as by `open_deployment`, which also says what this raises.
    """
    at = clock.now()
    store = open_store(settings, at)
    books, fresh, files = _rules_published(settings, store)
    if fresh is not None:
        publish(_composed(settings, store, fresh), files, at)
    return _composed(settings, store, books)


def _rules_published(settings: Settings, store: Store) -> tuple[Rulebooks, Rulebooks | None, dict[str, str]]:
    """Return the rules that were published and, where none were, those in the files; these alone; and these files."""
    released = rules_published(settings.serves, store.database)
    missing = tuple(name for name in settings.serves if name not in released)
    if not missing:
        return Rulebooks(store.database, released), None, {}
    try:
        fresh, files = rules_in_force(settings.root, missing, store.database)
    except RulebookError:
        if not released:
            raise
        return Rulebooks(store.database, released, serves=settings.serves), None, {}
    books = Rulebooks(store.database, {**fresh.current, **released}, fresh.problems)
    return books, fresh, files


def _console_store(settings: Settings) -> Store:
    if not is_empty(settings.database):
        read_store(settings).database.close()
    return open_store(settings, clock.now())


def published_anew(
    settings: Settings, names: tuple[str, ...], despite: str = ""
) -> tuple[dict[str, Rulebook], list[str]]:
    """Put the files of these jurisdictions in force while the service runs; returns their rules, and whose are new.

    Raises RulebookError with the problems of all of them, and with what would stand on divisions that are no more; then
    nothing is published. Nor is it where scenarios fail, unless somebody says why it is to be `despite` that.
    """
    _check_kept_in_files(settings, names)
    files, _ = kept_in_studio(rule_files(settings.root), (), settings.serves, read_store(settings).database)
    books = compile_all(files, names)
    if not despite:
        _hold_to_scenarios(books.values())
    store = _console_store(settings)
    half = half_there(store.database, names)
    if lost := [*half.values(), *(problem for book in books.values() for problem in abandoned(store.database, book))]:
        raise RulebookError(lost)
    deployment = _composed(settings, store, Rulebooks(store.database, books))
    return books, publish(deployment, files, clock.now(), at_the_console(), despite)


def _check_kept_in_files(settings: Settings, names: Iterable[str]) -> None:
    """Raise Refused where the rules of one of these jurisdictions are kept in the studio."""
    here = [name for name, kept in kept_where(settings, names).items() if kept == STUDIO]
    if here:
        told = "、".join(here)
        hint = f"请在网站的“规则修改”里发布；确要改回由文件夹维护的，先运行 xunfang source {here[0]} files。"
        raise Refused(f"{told} 的规则由网站维护，没有从文件夹发布。{hint}", "RULES_IN_STUDIO")


def source_chosen(settings: Settings, jurisdiction: str, source: str) -> bool:
    """Let the rules of a jurisdiction be kept in the folder or in the studio; returns whether that is new."""
    return keep_in(open_console(settings), jurisdiction, source, at_the_console(), clock.now())


def kept_where(settings: Settings, names: Iterable[str]) -> dict[str, str]:
    """Return where the rules of jurisdictions are kept."""
    database, found = read_store(settings).database, dict[str, str]()
    for name in names:
        with connection(database, name) as reader:
            found[name] = STUDIO if is_kept_here(reader, name) else FILES
    return found


def _hold_to_scenarios(books: Iterable[Rulebook]) -> None:
    """Raise Refused with every scenario that the rules do not bear out."""
    told = [
        f"{book.id}  {scenario.label}：{failures[0]}"
        for book in books
        for scenario in book.scenarios
        if (failures := run(book, scenario))
    ]
    if told:
        lines = "\n  ".join(told)
        hint = "请改规则或者改情景；确须先发布的，加上 --despite-scenarios 理由，理由会留痕。"
        raise Refused(f"有 {len(told)} 个情景不符，没有发布。{hint}\n  {lines}", "SCENARIOS_FAIL")


def reloaded(settings: Settings) -> tuple[Rulebooks, list[str]]:
    """Put the files in force as a start does, while the service runs; returns what stands now, and whose rules are new.

    Raises RulebookError when not one jurisdiction can be served.
    """
    store = _console_store(settings)
    books, files = rules_in_force(settings.root, settings.serves, store.database)
    deployment = _composed(settings, store, books)
    changed = publish(deployment, files, clock.now(), at_the_console())
    _take_from_folders(settings, deployment, clock.now())
    return books, changed


def at_the_console() -> str:
    """Return who gives a command: the account of the server's own system."""
    try:
        return f"控制台 {getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name
        return f"控制台 {os.getuid()}"


def _composed(settings: Settings, store: Store, rulebooks: Rulebooks) -> Deployment:
    return Deployment(
        database=store.database,
        keys=store.keys,
        files=store.files,
        rulebooks=rulebooks,
        ring=bell_at(settings.queue).ring,
        access=settings.access,
        uptime=clock.uptime,
    )


def press_of(settings: Settings, order: NoticeOrder) -> Paper:
    """Print a notice with the deployment's fonts; raises PrintError."""
    return print_paper(_in_fonts(settings, order))


def sample_of(settings: Settings, press: Press, order: NoticeOrder) -> Paper:
    """Print a sample of a paper of a draft, on a press that no real paper waits for; raises PrintError."""
    return press.print_paper(_in_fonts(settings, order))


def _in_fonts(settings: Settings, order: NoticeOrder) -> PrintOrder:
    return PrintOrder(
        template=order.template,
        templates=order.templates,
        facts=order.facts,
        layout=order.layout,
        mark=order.mark,
        fonts=settings.fonts,
        font_dir=settings.fonts_folder,
    )


_DAILY = (
    note_soundness, follow_divisions, begin_duties, begin_counting, watch_alerts, begin_visits, begin_helped,
    begin_draws,
)  # fmt: skip
"""What puts the jobs of the day, each in a moment."""


def create_worker(deployment: Deployment, settings: Settings, now: "clock.Now" = clock.now) -> Worker:
    """Return the worker of a deployment."""

    def reconcile_all(at: datetime) -> Iterator[object]:
        for brief in _DAILY:
            brief(deployment, at)
            yield None
        yield from reconciling(deployment, at)
        yield from dropping_unsent(deployment, at)
        yield from forgetting_cancelled(deployment, at)
        yield deployment.files.clear_leftovers(at - LEFTOVERS_KEPT)

    def upkeep(at: datetime) -> None:
        deployment.rulebooks.renew()
        keep_house(deployment, at)

    sure = partial(sure_moment, deployment.database, now, deployment.uptime)
    made = parts(deployment, partial(press_of, settings), sure)
    served = partial(_has_rules, deployment)
    return Worker(deployment.database, made, now, reconcile_all, uptime=deployment.uptime, upkeep=upkeep, served=served)


def _has_rules(deployment: Deployment, jurisdiction: str) -> bool:
    """Return whether jobs of a jurisdiction can be done: it has rules in force here; or they are of none."""
    return not jurisdiction or jurisdiction in deployment.rulebooks.current


def create_app(settings: Settings, deployment: Deployment, demo: tuple[DemoLogin, ...] = ()) -> "Flask":
    """Return the web application of a deployment."""
    brand, hotline = _spoken(deployment)
    site = Site(
        deployment=deployment,
        readings=Readings(deployment),
        now=clock.now,
        brand=brand,
        hotline=hotline,
        https=settings.https,
        address=settings.address,
        demo=demo,
        ailments=partial(examine, settings, deployment),
        gateways=settings.gateways,
        monitors=settings.monitors,
        outside=partial(_spoken, deployment),
        provider=Provider(settings.oidc) if settings.oidc else None,
        examiner=Examiner(),
        press=partial(sample_of, settings, Press(SAMPLES)),
    )
    return create_web(site)


def _spoken(deployment: Deployment) -> tuple[str, str]:
    """Return the brand and the hotline before anybody signs in: then no one jurisdiction speaks for several."""
    books = [*deployment.rulebooks.current.values()]
    return (books[0].info.brand, books[0].info.hotline) if len(books) == 1 else (PRODUCT, "")
