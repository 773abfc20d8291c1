"""`make fuzz N=…`: the counties' rule files with random mistakes, as many as there is time for."""

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from rulebook.mutants import mutant
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import sentences
from xunfang.rules.submission import prepared

SLOWEST = 5.0  # seconds of processor


def end_of(files: Mapping[str, str], seed: int, use: Callable[[Rulebook], object] = lambda rulebook: None) -> str:
    """How the compiler ends over the files with a seed's mistakes: "findings", "rulebook", or what went wrong."""
    changed, jurisdiction = mutant(files, seed)
    started = time.process_time()
    try:
        use(compile_rulebook(changed, jurisdiction))
        end = "rulebook"
    except RulebookError as error:
        told = error.problems and all(problem.code and problem.message for problem in error.problems)
        end = "findings" if told else f"seed {seed}: refused without a word"
    except Exception as error:
        end = f"seed {seed}: {type(error).__name__}: {str(error)[:200]}"
    seconds = time.process_time() - started
    return end if seconds < SLOWEST else f"seed {seed}: {seconds:.1f} s"


def _use(rulebook: Rulebook) -> None:
    """Do with a rulebook what pages do: say its rules in sentences, get its forms ready."""
    sentences(rulebook)
    for form in rulebook.forms.values():
        prepared(rulebook, form)


def main(count: int, first: int = 1_000_000) -> int:
    """Try so many mistakes; tell how they ended. Returns the exit status."""
    files = read_files(Path.cwd())
    started = time.monotonic()
    ends: Counter[str] = Counter()
    with contextlib.suppress(KeyboardInterrupt):  # whoever has seen enough is told of what there was
        for seed in range(first, first + count):
            end = end_of(files, seed, _use)
            if end not in ("findings", "rulebook"):
                print(end, flush=True)
            ends[end if end in ("findings", "rulebook") else "wrong"] += 1
    seconds = time.monotonic() - started
    print(f"{ends.total()} 份改坏的规则：{ends['findings']} 份给出问题，{ends['rulebook']} 份仍可用，", end="")
    print(f"{ends['wrong']} 份出错；{seconds:.0f} 秒")
    return 1 if ends["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main(*(int(text) for text in sys.argv[1:])))
