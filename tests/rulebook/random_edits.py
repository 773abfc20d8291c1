"""Random edits of the shipped rule files, and `make fuzz-studio`: each as intended, and nothing else differs."""

import copy
import json
import os
import random
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from itertools import repeat, takewhile
from pathlib import Path
from typing import Any

from xunfang.rulebook.block_forms import form_of, posted_by
from xunfang.rulebook.blocks import Block, blocks_of
from xunfang.rulebook.splicing import AddBlock, MoveBlock, RemoveBlock, SetBlock, Splice, spliced
from xunfang.rulebook.style import styled_json, styled_toml

ROOT = Path(__file__).parents[2]
SHIPPED = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted([*ROOT.glob("workflows/**/*.toml"), *ROOT.glob("forms/*/*.json")])
}
_TEXTS = [
    '说"是"',
    "#不是注释",
    "[[clue.rows]]",
    "a = 1",
    "反斜\\杠",
    "两行\n[x]\n",
    "'单'",
    "",
    "5 workdays",
    "\t",
    "é",
]


def a_value(rng: random.Random, *, toml: bool, depth: int = 0) -> Any:
    """Return any value that a file can hold."""
    plain: list[Callable[[], Any]] = [
        lambda: rng.choice(_TEXTS) + rng.choice(["", "县民政局", "x"]),
        lambda: rng.randint(-9, 10**6),
        lambda: rng.choice([True, False]),
        lambda: rng.choice([0.5, 1.0, 1e-7, -3.25]),
    ]
    if toml:
        plain += [lambda: date(2026, 10, rng.randint(1, 31)), lambda: datetime.fromisoformat("2026-03-10T08:30:00")]
    if depth < 2:
        inner = range(rng.randint(0, 3))
        plain += [
            lambda: [a_value(rng, toml=toml, depth=depth + 1) for _ in inner],
            lambda: {_name(rng): a_value(rng, toml=toml, depth=depth + 1) for _ in inner},
            lambda: [rng.choice(_TEXTS[:5]) for _ in range(rng.randint(0, 30))],
        ]
    return rng.choice(plain)()


def _name(rng: random.Random) -> str:
    return rng.choice(["x", "y-1", "z_2", "中文键", 'a"b', "a.b", "c d"]) + str(rng.randint(0, 99))


def changed(rng: random.Random, data: Any, *, toml: bool) -> Any:
    """Return data with one thing in it changed, added or taken away, somewhere."""
    if isinstance(data, dict) and data and rng.random() < 0.75:
        return _dict_changed(rng, dict(data), toml=toml)
    if isinstance(data, list) and rng.random() < 0.8:
        return _list_changed(rng, list(data), toml=toml)
    if isinstance(data, dict):
        return {**data, _name(rng): a_value(rng, toml=toml)}
    return a_value(rng, toml=toml)


def _dict_changed(rng: random.Random, data: dict[str, Any], *, toml: bool) -> dict[str, Any]:
    key = rng.choice(list(data))
    if rng.random() < 0.15:
        del data[key]
    else:
        data[key] = changed(rng, data[key], toml=toml)
    return data


def _list_changed(rng: random.Random, data: list[Any], *, toml: bool) -> list[Any]:
    place = rng.randint(0, len(data))
    how = rng.random()
    if how < 0.4 or place == len(data):
        data.insert(place, a_value(rng, toml=toml, depth=2) if toml else a_value(rng, toml=toml))
    elif how < 0.7:
        del data[place]
    else:
        data[place] = changed(rng, data[place], toml=toml)
    return data


def a_splice(rng: random.Random, path: str, blocks: Sequence[Block]) -> Splice:
    """Return a splice of one of the blocks."""
    toml = path.endswith(".toml")
    block = rng.choice(blocks)
    how = rng.random()
    if how < 0.5 or not block.key:
        return SetBlock(block.key, block.digest, changed(rng, block.data, toml=toml))
    if how < 0.65:
        return MoveBlock(block.key, block.digest, rng.randint(-4, 4))
    if how < 0.8:
        return RemoveBlock(block.key, block.whole)
    last = block.key[-1]
    key = (*block.key[:-1], last if isinstance(last, int) else f"neu-{rng.randint(0, 999)}")
    return AddBlock(key, changed(rng, block.data, toml=toml), rng.choice([None, block.key]))


def parsed(path: str, text: str) -> Any:
    """Return what a file says."""
    return tomllib.loads(text) if path.endswith(".toml") else json.loads(text)


def intended(data: Any, blocks: Sequence[Block], splice: Splice) -> Any:
    """Return what a file is to say after a splice, worked out on its data alone."""
    data = copy.deepcopy(data)
    if not splice.key:
        assert isinstance(splice, SetBlock)
        return _with_own(data, blocks[0].data, splice.data)
    above: Any = data
    for part in splice.key[:-1]:
        above = above[part]
    last: Any = splice.key[-1]
    if isinstance(splice, SetBlock):
        own = next(block.data for block in blocks if block.key == splice.key)
        above[last] = _with_own(above[last], own, splice.data)
    elif isinstance(splice, RemoveBlock):
        del above[last]
    elif isinstance(splice, MoveBlock):
        if isinstance(last, int):
            above.insert(max(0, min(last + splice.by, len(above) - 1)), above.pop(last))
    elif isinstance(last, int):
        above.insert(len(above) if splice.before is None else splice.before[-1], splice.data)
    else:
        above[last] = splice.data
    return _without_nothing(data) if isinstance(splice, RemoveBlock) else data


def _with_own(table: Any, own: Any, data: Any) -> Any:
    """Return a table that says other data of its own, what blocks within it say left in it."""
    rest = _less(table, own)
    return _both(rest, data)


def _less(table: Any, own: Any) -> Any:
    if not isinstance(own, dict):
        return {}
    left = {}
    for key, value in table.items():
        if key not in own:
            left[key] = value
        elif isinstance(value, dict) and (inner := _less(value, own[key])):
            left[key] = inner
    return left


def _both(one: Any, other: Any) -> Any:
    both = dict(one)
    for key, value in other.items():
        both[key] = _both(both[key], value) if key in both else value
    return both


def _without_nothing(data: Any) -> Any:
    """Return data without the empty lists and tables that are there only because something stood in them."""
    if isinstance(data, dict):
        return {key: _without_nothing(value) for key, value in data.items() if value not in ([], {})}
    return data


def check(path: str, text: str, splice: Splice) -> str:
    """Make a splice and hold the result against what was intended, without asking the splicer."""
    blocks = blocks_of(path, text)
    made = spliced(path, text, splice)
    was, now = intended(parsed(path, text), blocks, splice), parsed(path, made)
    if isinstance(splice, RemoveBlock):
        was, now = _bare(was), _bare(now)
    assert repr(_sorted(now)) == repr(_sorted(was)), (path, splice)
    _check_lines(path, text, made, blocks, splice)
    _check_comments(text, made, blocks, splice)
    styled = styled_toml if path.endswith(".toml") else styled_json
    if made.strip() and "\n" not in repr(getattr(splice, "data", "")).replace("\\n", "\n"):
        assert styled(made) == made or styled(text) != text, (path, splice)
    return made


def _bare(data: Any) -> Any:
    while (once := _without_nothing(data)) != data:
        data = once
    return data


def _sorted(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _sorted(data[key]) for key in sorted(data)}
    return [_sorted(item) for item in data] if isinstance(data, list) else data


def _check_lines(path: str, text: str, made: str, blocks: Sequence[Block], splice: Splice) -> None:
    """All blocks but the one edited are the same bytes; an edit changes lines of its block alone."""
    touched = splice.key if not isinstance(splice, AddBlock) else None
    inside = [b.text for b in blocks if touched is None or b.key[: len(touched)] != touched or not touched]
    after = Counter(block.text for block in blocks_of(path, made))
    if isinstance(splice, SetBlock):
        inside = [block.text for block in blocks if block.key != touched]
    assert not Counter(inside) - after, (path, splice)
    if isinstance(splice, SetBlock) and path.endswith(".toml"):
        old, new = text.split("\n"), made.split("\n")
        kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
        kept += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old[::-1], new[::-1], strict=False)))
        block = next(block for block in blocks if block.key == touched)
        assert kept >= len(old) - block.text.count("\n") - 3, (path, splice)


def _check_comments(text: str, made: str, blocks: Sequence[Block], splice: Splice) -> None:
    """No comment is lost but with the key or the block that it belongs to."""
    if isinstance(splice, (AddBlock, MoveBlock)):
        assert not _comments(text) - _comments(made), splice
        return
    touched = [block.text for block in blocks if block.key[: len(splice.key)] == splice.key]
    if isinstance(splice, SetBlock):
        touched = [block.text for block in blocks if block.key == splice.key]
    assert not _comments(text) - _comments("\n".join(touched)) - _comments(made), splice


def _comments(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.split("\n") if line.strip().startswith("#"))


def edit(rng: random.Random) -> str:
    """Make a random edit of a random file; return what kind it was."""
    path = rng.choice(list(SHIPPED))
    splice = a_splice(rng, path, blocks_of(path, SHIPPED[path]))
    check(path, SHIPPED[path], splice)
    return type(splice).__name__


def set_one_value(path: str, rng: random.Random) -> str:
    """Change one value of a file."""
    block = rng.choice([block for block in blocks_of(path, SHIPPED[path]) if block.data])
    check(path, SHIPPED[path], SetBlock(block.key, block.digest, changed(rng, block.data, toml=path.endswith(".toml"))))
    return "SetBlock"


def form_says_the_same(path: str, _: random.Random) -> str:
    """Open the forms of all blocks of a file, and take what they show, unchanged, for data."""
    blocks = blocks_of(path, SHIPPED[path])
    for block in blocks:
        form = form_of(path, blocks, block.key)
        read = form.read(posted_by(form.inputs))
        assert not read.problems, (path, block.key, read.problems)
        assert repr(_sorted(read.data)) == repr(_sorted(block.data)), (path, block.key)
    return "form"


def main(count: int, first: int = 1_000_000) -> int:
    """Change every file once, then make so many edits; tell how they ended. Returns the exit status."""
    ends: Counter[str] = Counter()
    started = time.monotonic()
    every = [partial(make, path) for make in (form_says_the_same, set_one_value) for path in SHIPPED]
    for seed, make in enumerate([*every, *repeat(edit, count)], first):
        try:
            ends[make(random.Random(seed))] += 1
        except Exception as error:
            ends["wrong"] += 1
            print(f"{seed}: {type(error).__name__}: {str(error)[:300]}", flush=True)
    said = "，".join(
        f"{label} {ends[kind]} 次"
        for kind, label in {"SetBlock": "改", "AddBlock": "加", "RemoveBlock": "删", "MoveBlock": "移"}.items()
    )
    edits = ends.total() - ends["form"]
    print(
        f"{len(SHIPPED)} 个文件中 {ends['form']} 个的填写页原样读回；{edits} 次修改：{said}，出错 {ends['wrong']} 次",
        end="",
    )
    print(f"；{time.monotonic() - started:.0f} 秒")
    return 1 if ends["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(int(os.environ.get("EDITS", "20000"))))
