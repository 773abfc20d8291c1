"""`make fuzz-lived LIVES=…`: rules with plausible mistakes in them; whatever the check lets pass is lived, with papers.

What a check calls sound must not fail in front of a citizen: no case may break off, lie with nobody, or owe what cannot
be; no paper may fail to be filled.
"""

import contextlib
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from dying import folder_in_memory
from machines.machine import SERVED, Machine
from machines.stored import Installation, Stored
from machines.test_stored import amiss
from machines.world import InMemory
from xunfang.checking import check
from xunfang.clock import parse
from xunfang.rulebook.compile import jurisdictions
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.sample import sample_moment

DAY = parse("2026-09-29T10:00").date()
STEPS = 60
_WORD = re.compile(r'"[^"\n]*"')
_NUMBER = re.compile(r"\b\d{1,3}\b")
_FACT = re.compile(r"(?<=\{\{ )[\w.]+|(?<=\{% if )[\w.]+")


def mistaken(files: Mapping[str, str], seed: int) -> tuple[dict[str, str], str, str]:
    """Return the files with one mistake that somebody might make, whose it is, and what was changed."""
    random = Random(seed)
    jurisdiction = random.choice(SERVED)
    chain = jurisdictions(files)[jurisdiction]
    mine = [path for path in sorted(files) if path.split("/")[1] in chain and _is_edited(path)]
    path = random.choice(mine)
    before = files[path].split("\n")
    after = random.choice(_of_template if path.startswith("templates/") else _of_rules)(list(before), random)
    return (
        {**files, path: "\n".join(after)},
        jurisdiction,
        f"{path}: {_only_in(before, after)} → {_only_in(after, before)}",
    )


def _only_in(one: list[str], other: list[str]) -> str:
    return " | ".join([line.strip() for line in one if line not in other][:2]) or "-"


def _is_edited(path: str) -> bool:
    apart = ("calendars/", "scenarios/", "demo", "policies", "divisions", "blocks/")
    return path.endswith((".toml", ".json", ".html")) and not any(word in path for word in apart)


def _another_word(lines: list[str], random: Random) -> list[str]:
    """Let a word be one that stands behind the same key elsewhere in the file."""
    by_key: dict[str, list[tuple[int, re.Match[str]]]] = {}
    for number, line in enumerate(lines):
        for found in _WORD.finditer(line):
            by_key.setdefault(re.split(r"[^\w-]+", line[: found.start()].rstrip(" =[:{"))[-1], []).append(
                (number, found)
            )
    several = [places for places in by_key.values() if len({found.group() for _, found in places}) > 1]
    if several:
        places = random.choice(several)
        (number, into), (_, taken) = random.choice(places), random.choice(places)
        lines[number] = lines[number][: into.start()] + taken.group() + lines[number][into.end() :]
    return lines


def _another_number(lines: list[str], random: Random) -> list[str]:
    places = [(number, found) for number, line in enumerate(lines) for found in _NUMBER.finditer(line)]
    if places:
        number, found = random.choice(places)
        new = str(random.choice((0, 1, 2, 3, 7, 15, 40, 90, 400)))
        lines[number] = lines[number][: found.start()] + new + lines[number][found.end() :]
    return lines


def _line_gone(lines: list[str], random: Random) -> list[str]:
    del lines[random.randrange(len(lines))]
    return lines


def _block_gone(lines: list[str], random: Random) -> list[str]:
    heads = [number for number, line in enumerate(lines) if line.startswith("[")]
    if heads:
        first = random.choice(heads)
        after = next((number for number in heads if number > first), len(lines))
        del lines[first:after]
    return lines


def _word_out_of_a_list(lines: list[str], random: Random) -> list[str]:
    places = [number for number, line in enumerate(lines) if re.search(r'\["[^\]]*", "', line)]
    if places:
        number = random.choice(places)
        lines[number] = re.sub(r'\["[^"]*", ', "[", lines[number], count=1)
    return lines


def _another_fact(lines: list[str], random: Random) -> list[str]:
    places = [(number, found) for number, line in enumerate(lines) for found in _FACT.finditer(line)]
    if places:
        (number, into), (_, taken) = random.choice(places), random.choice(places)
        lines[number] = lines[number][: into.start()] + taken.group() + lines[number][into.end() :]
    return lines


_of_rules: tuple[Callable[[list[str], Random], list[str]], ...] = (
    _another_word, _another_word, _another_word, _another_number, _line_gone, _block_gone, _word_out_of_a_list,
)  # fmt: skip
_of_template: tuple[Callable[[list[str], Random], list[str]], ...] = (_another_fact, _line_gone)


def end_of(files: Mapping[str, str], seed: int) -> str:
    """Return how rules with the mistake of a seed end: "findings", "lived", or what went wrong."""
    changed, jurisdiction, told = mistaken(files, seed)
    try:
        checked = check(changed, jurisdiction, DAY)
        if checked.problems or checked.rulebook is None:
            return "findings"
        _live(checked.rulebook, seed)
        _live_stored(changed, checked.rulebook, seed)
    except Exception as error:
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else ""
        return f"seed {seed}, {jurisdiction}, {told}\n    {type(error).__name__} {place}: {str(error)[:400]}"
    return "lived"


def _live(rulebook: Rulebook, seed: int) -> None:
    machine = Machine(InMemory(rulebook), seed, looks=0.2)
    for _ in range(STEPS):
        machine.step()
    machine.check()


def _live_stored(files: Mapping[str, str], rulebook: Rulebook, seed: int) -> None:
    """Live on a database: with accounts, the worker, papers filled and lists read."""
    with folder_in_memory() as folder:
        chance = Random(seed)
        installation = Installation(folder, [rulebook], sample_moment(rulebook), chance, files)
        try:
            world = Stored(installation, rulebook, chance)
            machine = Machine(world, seed, looks=0.05)
            for _ in range(STEPS):
                machine.step()
            found = amiss(installation, [world], chance)
            assert not found, "\n".join(found)
        finally:
            installation.database.close()


def main(count: int, first: int = 1) -> int:
    """Try so many mistakes; tell how they ended. Returns the exit status."""
    files = read_files(Path.cwd())
    started = time.monotonic()
    ends: Counter[str] = Counter()
    with contextlib.suppress(KeyboardInterrupt):  # whoever has seen enough is told of what there was
        for seed in range(first, first + count):
            end = end_of(files, seed)
            if end not in ("findings", "lived"):
                print(end, flush=True)
            ends[end if end in ("findings", "lived") else "wrong"] += 1
    print(f"{ends.total()} 份改错的规则：{ends['findings']} 份检查出问题，{ends['lived']} 份照办无事，", end="")
    print(f"{ends['wrong']} 份检查通过却出了错；{time.monotonic() - started:.0f} 秒")
    return 1 if ends["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main(*(int(text) for text in sys.argv[1:])))
