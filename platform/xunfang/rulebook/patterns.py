"""The part of regular expressions that a form may use: read the same by every engine, and quick in each."""

import re
from math import inf

MOST_REPEATS = 100
"""Sum of all counted repetitions of a pattern, so that no engine grows large over it."""

_SLOW = re.compile(r"\\[dws]|\([^)]*[+*][^)]*\)[+*]|\\[1-9]|\(\?[=!<]")
_SIGN = re.compile(
    r"(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<times>[?*+]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})"
    r"|\[\^?(?:[^\[\]\\&~-]|[^\[\]\\&~-]-[^\[\]\\&~-])+-?\]|\\[.*+?()\[\]{}|^$/-]|[^\\\[\](){}*+?^$]"
)


def pattern_problem(pattern: str) -> tuple[str, str, str] | None:
    """Return the code, message and hint of what is wrong with a form's pattern, or None."""
    if _SLOW.search(pattern):
        return _slow()
    if not (pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith("\\$")):
        hint = '写作 "^[0-9]{4}$"；不写首尾，中间有一段符合就会通过'
        return "PATTERN_WRONG", "格式表达式首尾应为 ^ 和 $", hint
    try:
        repeats = _Reader().read(pattern[1:-1])
        re.compile(pattern)
    except _Nested:
        return _slow()
    except (ValueError, re.error):
        hint = "可用：文字、[0-9] 这样的字符集、(…|…)、? * + 和 {2,4}"
        return "PATTERN_WRONG", "格式表达式写法有误", hint
    if repeats > MOST_REPEATS:
        return "PATTERN_SLOW", f"格式表达式中的重复次数合计超过 {MOST_REPEATS}", "长度请用 maxLength 限定"
    return None


def lengths_of(pattern: str) -> tuple[int, float]:
    """Return how many characters the shortest and the longest text have that a sound pattern of a form lets pass."""
    groups: list[list[list[_Span]]] = [[[]]]  # of each open group: its alternatives, and what stands in each
    for sign in _SIGN.finditer(pattern.removeprefix("^").removesuffix("$")):
        if sign["open"]:
            groups.append([[]])
        elif sign["close"]:
            groups[-2][-1].append(_widest(groups.pop()))
        elif sign["times"]:
            groups[-1][-1].append(_repeated(groups[-1][-1].pop(), sign["times"]))
        elif sign[0] == "|":
            groups[-1].append([])
        else:
            groups[-1][-1].append((1, 1))
    return _widest(groups[0])


_Span = tuple[int, float]


def _widest(alternatives: list[list[_Span]]) -> _Span:
    sums = [(sum(low for low, _ in one), sum(high for _, high in one)) for one in alternatives]
    return min(low for low, _ in sums), max(high for _, high in sums)


def _repeated(span: _Span, times: str) -> _Span:
    numbers = [int(number) for number in re.findall("[0-9]+", times)]
    least = numbers[0] if numbers else int(times == "+")
    open_end = times in "*+" or times.endswith(",}")
    most = inf if open_end else 1 if times == "?" else numbers[-1]
    return span[0] * least, span[1] * most if span[1] else 0


class _Nested(Exception):
    """A repetition stands within a repetition."""


def _slow() -> tuple[str, str, str]:
    message = "格式表达式不能用 \\d、\\w、反向引用或嵌套重复"
    return "PATTERN_SLOW", message, "数字请写 [0-9]，重复不要套在重复里"


class _Reader:
    """Reads a pattern sign by sign. Raises ValueError for what is not in the language, _Nested for what is slow."""

    def __init__(self) -> None:
        self.repeats = 0
        self._groups = [False]  # for each open group, whether something repeats in it
        self._before: bool | None = None  # whether what stands before repeats within; None when nothing stands there

    def read(self, text: str) -> int:
        """Return the sum of all counted repetitions."""
        at = 0
        while at < len(text):
            found = _SIGN.match(text, at)
            if not found:
                raise ValueError(text)
            getattr(self, f"_{found.lastgroup or 'one'}")(found)
            at = found.end()
        if len(self._groups) > 1:
            raise ValueError(text)
        return self.repeats

    def _one(self, found: re.Match[str]) -> None:
        self._before = None if found[0] == "|" else False

    def _open(self, found: re.Match[str]) -> None:
        self._groups.append(False)
        self._before = None

    def _close(self, found: re.Match[str]) -> None:
        if len(self._groups) == 1:
            raise ValueError(found.string)
        self._before = self._groups.pop()
        self._groups[-1] |= self._before

    def _times(self, found: re.Match[str]) -> None:
        if self._before is None:
            raise ValueError(found.string)
        if found[0] != "?":
            if self._before:
                raise _Nested
            self._groups[-1] = True
            self.repeats += max((int(number) for number in re.findall("[0-9]+", found[0])), default=1)
        self._before = None
