"""Floor 8: the rules each jurisdiction starts on: those in its files, or, where these are broken, its last release.

Every jurisdiction is compiled alone, from the files of its own layers, so that a slip of the pen in one county is
never noticed in another.
"""

from collections.abc import Mapping
from pathlib import Path

from xunfang.actions.abandoning import abandoned
from xunfang.actions.rule_source import is_kept_here
from xunfang.actions.rulebooks import Rulebooks, half_there, unusable
from xunfang.errors import Problem, RulebookError
from xunfang.rulebook.compile import DEMO, DEMO_YEAR, compile_rulebook, jurisdictions
from xunfang.rulebook.files import Files, read_what_can_be
from xunfang.rulebook.model import Rulebook
from xunfang.store import Database, connection, current_release, release_files, release_line

Problems = tuple[Problem, ...]


def rules_in_force(root: Path, serves: tuple[str, ...], database: Database) -> tuple[Rulebooks, dict[str, str]]:
    """Return the rules each jurisdiction starts on, with what is wrong in its files, and those files themselves.

    Raises RulebookError, with the problems of all, when not one jurisdiction can be served.
    """
    files, unreadable = kept_in_studio(*read_what_can_be(root), serves, database)
    current: dict[str, Rulebook] = {}
    problems: dict[str, Problems] = {}
    half = half_there(database, serves)
    for jurisdiction in serves:
        if jurisdiction in half:
            continue
        found, wrong = compile_alone(files, unreadable, jurisdiction)
        if found is not None and (wrong := _set_aside(database, found) or abandoned(database, found)):
            found = None
        if found is None:
            found, wrong = last_good(database, jurisdiction, wrong)
        if found is not None:
            current[jurisdiction] = found
        if wrong:
            problems[jurisdiction] = wrong
    if not current:
        raise RulebookError(problem for each in (*problems.values(), half.values()) for problem in each)
    return Rulebooks(database, current, problems), files


def kept_in_studio(
    files: Files, unreadable: Problems, serves: tuple[str, ...], database: Database
) -> tuple[dict[str, str], Problems]:
    """Return files, and what cannot be read of them, in which layers that are kept in the studio are as published."""
    kept = dict(files)
    with connection(database) as reader:
        studios = [name for name in serves if is_kept_here(reader, name)]
        for name in studios:
            release = current_release(reader, name)
            published = release_files(release) if release else {}
            kept = {path: text for path, text in kept.items() if _layer(path) != name or _is_demo(path)}
            kept |= {path: text for path, text in published.items() if _layer(path) == name}
    return kept, tuple(problem for problem in unreadable if _layer(problem.file) not in studios)


def _is_demo(path: str) -> bool:
    return path.endswith((f"/{DEMO}", f"/{DEMO_YEAR}"))


def compile_alone(files: Files, unreadable: Problems, jurisdiction: str) -> tuple[Rulebook | None, Problems]:
    """Return the rules in the files of one jurisdiction, or None and everything that is wrong in them."""
    chain = jurisdictions({**files, **{problem.file: "" for problem in unreadable}}).get(jurisdiction, (jurisdiction,))
    lost = tuple(problem for problem in unreadable if _layer(problem.file) in chain)
    if lost:
        return None, lost
    codes = {layer.split("-", 1)[0] for layer in chain}
    own = {path: text for path, text in files.items() if _layer(path).split("-", 1)[0] in codes}
    try:
        return compile_rulebook(own, jurisdiction), ()
    except RulebookError as error:
        return None, error.problems
    except Exception as error:  # whatever a file does to the compiler stays with its own jurisdiction
        text = f"这些规则文件使编译程序出错（{type(error).__name__}）"
        hint = "请撤回最近的改动；撤回后仍如此，请交维护人员"
        return None, (Problem(jurisdiction, 0, "", "COMPILER_FAILED", text, hint),)


def last_good(database: Database, jurisdiction: str, wrong: Problems) -> tuple[Rulebook | None, Problems]:
    """Return the last release of a jurisdiction, None when there is none or it cannot be used, and what is wrong."""
    with connection(database) as reader:
        release = current_release(reader, jurisdiction)
    if release is None:
        return None, wrong
    try:
        return compile_rulebook(release_files(release), jurisdiction, released=True), wrong
    except Exception as error:
        return None, (*wrong, unusable(jurisdiction, error))


def rules_published(serves: tuple[str, ...], database: Database) -> dict[str, Rulebook]:
    """Return the rules that were published last, of every jurisdiction that has any which can be used."""
    half = half_there(database, serves)
    return {name: book for name in serves if name not in half and (book := last_good(database, name, ())[0])}


def _set_aside(database: Database, found: Rulebook) -> Problems:
    """Return that files are the very release in whose place an earlier one was put in force: no start undoes that."""
    with connection(database) as reader:
        line = release_line(reader, found.digest)
    if line is None or line.current or line.set_aside_at is None:
        return ()
    text = f"规则文件就是已退下的{line.label}，没有启用"
    hint = f"请改正规则文件；确要重新启用这一版的，运行 xunfang publish {found.id}"
    return (Problem(f"workflows/{found.id}", 0, "", "RELEASE_SET_ASIDE", text, hint),)


def described(books: Rulebooks) -> Mapping[str, str]:
    """Return, by jurisdiction whose files are broken, what is told about it at the console."""
    return {name: _described(name, problems, books) for name, problems in books.problems.items()}


def _described(name: str, problems: Problems, books: Rulebooks) -> str:
    listed = "\n".join(f"  {problem}" for problem in problems)
    if name in books.current:
        head = f"[RULES_HELD] {name} 的规则文件有 {len(problems)} 处问题，没有启用；沿用上一次发布的规则继续服务："
    else:
        head = (
            f"[RULES_UNUSABLE] {name} 的规则文件有 {len(problems)} 处问题，又没有可用的已发布规则，这个辖区暂停服务："
        )
    mended = f"改正后运行 xunfang check {name}，没有问题再运行 xunfang publish {name}，不用重启。"
    return f"{head}\n{listed}\n  {mended}其他辖区不受影响。"


def _layer(path: str) -> str:
    return path.split("/")[1] if "/" in path else ""
