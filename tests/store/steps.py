"""What the steps of upgrades are, as text: run as a program it prints what upgrades/digests.py has to say."""

import hashlib
import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "platform" / "xunfang" / "store" / "upgrades"
_PART = re.compile(r"^from xunfang\.store\.upgrades\.(\w+) import", re.MULTILINE)


def digest_of(version: int) -> str:
    """Return the digest of a step and of all parts of it, to the letter."""
    texts, waiting = [], [f"to_{version}"]
    while waiting:
        text = (FOLDER / f"{waiting.pop(0)}.py").read_text("utf-8")
        texts.append(text)
        waiting += sorted(_PART.findall(text))
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]


if __name__ == "__main__":
    for step in sorted(int(path.stem.removeprefix("to_")) for path in FOLDER.glob("to_*.py")):
        print(f'    {step}: "{digest_of(step)}",')
