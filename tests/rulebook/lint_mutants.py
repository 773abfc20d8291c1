"""The checks on trial: each function of rulebook/lint is switched off, or a finding kept back, and a test must miss it.

Run whole by `make lint-mutants`; tests/rulebook/test_lint_mutants.py runs a share of it.
"""

import importlib
import inspect
import pkgutil
import re
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from rulebook import test_lint, test_loosening, test_successions, test_will_work
from rulebook.mistakes import MISTAKES
from xunfang.errors import Problem
from xunfang.rulebook import lint

PACKAGE = "xunfang.rulebook.lint"
SNAPSHOTS = tuple(Path(__file__).parent / name for name in ("snapshots", "will_work", "successions"))


@dataclass(frozen=True)
class Mutant:
    """A function of the checks that does nothing: `off` is what it returns instead, fresh each time."""

    module: str
    name: str
    off: Callable[[], Any]
    said: str

    def __str__(self) -> str:
        return f"{self.module.removeprefix(PACKAGE).lstrip('.') or 'all'}.{self.name} -> {self.said}"


def _modules() -> list[types.ModuleType]:
    names = [PACKAGE, *(f"{PACKAGE}.{each.name}" for each in pkgutil.iter_modules(lint.__path__))]
    return [importlib.import_module(name) for name in names]


@cache
def _functions() -> tuple[tuple[types.ModuleType, str, Callable[..., Any]], ...]:
    """Return every function of the checks; first asked before any stub stands in for one."""
    return tuple(
        (module, name, thing)
        for module in _modules()
        for name, thing in vars(module).items()
        if getattr(thing, "__module__", "") == module.__name__ and callable(thing) and not inspect.isclass(thing)
    )


@lru_cache(maxsize=1)
def _known_as(_modules: int) -> Mapping[int, Sequence[tuple[types.ModuleType, str]]]:
    """Return by which names the code of the platform knows each function of the checks, while so many modules are."""
    found: dict[int, list[tuple[types.ModuleType, str]]] = {id(function): [] for _, _, function in _functions()}
    for key, module in list(sys.modules.items()):
        for name, thing in list(vars(module).items()) if key.startswith(("xunfang", "rulebook.")) else ():
            if id(thing) in found:
                found[id(thing)].append((module, name))
    return found


_EMPTY: Mapping[Any, tuple[Callable[[], Any], ...]] = {
    bool: (lambda: False, lambda: True),
    str: (str,),
    int: (int,),
    list: (list,),
    set: (set,),
    dict: (dict,),
    tuple: (tuple,),
    frozenset: (frozenset,),
}


def _offs(function: Callable[..., Any]) -> Iterator[Callable[[], Any]]:
    """Yield what a function may return that finds nothing; one that returns a thing of its own returns None."""
    returned = inspect.unwrap(function).__annotations__.get("return")
    kind = typing.get_origin(returned) or returned
    if getattr(kind, "__name__", "") == "Iterator":
        yield lambda: iter(())
    else:
        yield from _EMPTY.get(kind, (lambda: None,))


@cache
def mutants() -> tuple[Mutant, ...]:
    """Return every way in which one function of the checks can be switched off."""
    return tuple(
        Mutant(module.__name__, name, off, repr(off()).partition(" object")[0].removeprefix("<"))
        for module, name, function in _functions()
        for off in _offs(function)
    )


@contextmanager
def _instead(stubs: Iterable[tuple[Callable[..., Any], Callable[..., Any]]]) -> Iterator[None]:
    """Let stubs stand wherever the code of the platform knows functions by name."""
    known = _known_as(len(sys.modules))
    places = [(module, name, function, stub) for function, stub in stubs for module, name in known[id(function)]]
    for module, name, _, stub in places:
        setattr(module, name, stub)
    _forget()
    try:
        yield
    finally:
        for module, name, function, _ in places:
            setattr(module, name, function)
        _forget()


def _forget() -> None:
    """Forget what the checks keep of earlier answers: what a function once said must not speak for its stub."""
    for _, _, function in _functions():
        if forget := getattr(function, "cache_clear", None):
            forget()


Told = tuple[str, ...]


@cache
def trials() -> Mapping[str, Callable[[], Told]]:
    """Return everything that tests hold the checks against: named changes of the county, each with what is told."""
    cases = [*test_will_work.CASES, *MISTAKES, *test_will_work.SOUND]
    found: dict[str, Callable[[], Told]] = {}
    for case in cases:
        found[case.name] = lambda case=case: _told(case.made_in(test_lint.FILES))
    for one in (*test_successions.CASES, test_successions.SOUND):
        found[one.name] = lambda one=one: _told(one.files())
    for number, change in enumerate(test_lint.CASES):
        found[f"lint {number} {change.code}"] = lambda change=change: _told(change.files())
    for name, text, _ in test_will_work.SLOWER:
        found[name] = lambda text=text: _told(test_will_work.below_the_nation(text))
    found[test_will_work.BELOW_ANOTHER] = lambda: _texts(test_will_work.below_another())
    for way, said in test_loosening.LOOSER:
        found[f"{way.name}: {said}"] = lambda way=way, said=said: _told(way.files(way.looser[said]))
    for number, (way, text) in enumerate((*test_loosening.TIGHTER, *test_loosening.CITED)):
        found[f"{way.name} {number}"] = lambda way=way, text=text: _told(way.files(text))
    found["the county as it stands"] = lambda: _told(test_lint.FILES)
    return found


def _told(files: Mapping[str, str]) -> Told:
    return _texts(test_lint.told(dict(files)))


def _texts(problems: Iterable[Problem]) -> Told:
    return tuple(sorted(f"{problem.severity}: {problem}" for problem in set(problems)))


@cache
def right(name: str) -> Told:
    """Return what is told of a trial as things are."""
    return trials()[name]()


@cache
def watched(name: str) -> tuple[Told, frozenset[tuple[str, str]]]:
    """Return what is told of a trial as things are, and every function of the checks that is called for it."""
    called: set[tuple[str, str]] = set()

    def watch(module: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            called.add((module, name))
            return function(*given, **named)

        return call

    with _instead([(function, watch(module.__name__, name, function)) for module, name, function in _functions()]):
        told = trials()[name]()
    return told, frozenset(called)


@cache
def _written(name: str) -> frozenset[str]:
    """Return the codes that a trial tells of, as far as its name or a snapshot says so."""
    texts = [file.read_text("utf-8") for folder in SNAPSHOTS if (file := folder / f"{name}.txt").exists()]
    return frozenset(re.findall(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b", "\n".join([name, *texts])))


def missed_by(mutant: Mutant) -> str:
    """Return the first trial that misses what a switched-off function no longer tells; "" when all stay content."""
    function = vars(sys.modules[mutant.module])[mutant.name]
    for name in sorted(trials(), key=lambda name: _hope(mutant, name)):
        wanted, called = watched(name)  # before anything is off
        if (mutant.module, mutant.name) in called:
            with _instead([(function, lambda *given, **named: mutant.off())]):
                try:
                    if trials()[name]() != wanted:
                        return name
                except Exception:
                    return name
    return ""


def _hope(mutant: Mutant, name: str) -> int:
    """Return when to ask a trial: first one about the mutant's module, last one that tells of quite other things."""
    about = mutant.module.rpartition(".")[2].replace("_", "-") in name
    if about or not _written(name).isdisjoint(codes_in(sys.modules[mutant.module])):
        return 0
    if not _written(name).isdisjoint(_codes_beside(mutant.module)):
        return 1
    return 3 if _written(name) else 2


@cache
def _codes_beside(module: str) -> frozenset[str]:
    """Return the finding codes of the modules whose functions a module of the checks calls, or that call its own."""
    here = sys.modules[module]
    beside = [other for other in _modules() if _names(here, other) or _names(other, here)]
    return frozenset().union(*map(codes_in, beside))


def _names(module: types.ModuleType, other: types.ModuleType) -> bool:
    return any(getattr(thing, "__module__", "") == other.__name__ for thing in vars(module).values())


@cache
def codes_in(module: types.ModuleType) -> frozenset[str]:
    """Return the finding codes that stand in the source of a module."""
    return frozenset(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', inspect.getsource(module)))


def main() -> int:
    """Try every mutant, and print those that nobody misses; returns how many there are."""
    left = 0
    for number, mutant in zip(count(1), mutants(), strict=False):
        missed = missed_by(mutant)
        left += not missed
        print(f"{number:4}  {mutant}  {missed or '—— 没有一个测试察觉'}", flush=True)
    print(f"{len(mutants())} 处逐个停用，{left} 处没有测试察觉。")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
