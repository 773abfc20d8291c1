"""Lines: what ledgers list and indicators count, each thing with the facts that rules read of it and their words."""

from xunfang.desk.lines.cells import Cell, all_words, cell, words
from xunfang.desk.lines.line import Line
from xunfang.desk.lines.reading import lines_of

__all__ = ["Cell", "Line", "all_words", "cell", "lines_of", "words"]
