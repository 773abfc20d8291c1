"""The change sheet 改动说明: what some rules say otherwise than others, 原来 / 现在 / 依据, in whole sentences.

Every rule is told by its sentence before and after. Beside it stand the values in files that brought this about; a
value that no sentence tells is told under 其他改动 with its file and key, and so is a file of which nothing is told.

faces            ChangeSheet, its groups and lines; Edition: what is compared
statements       every rule as a sentence of its own, by kind and id
form_statements  forms, field by field
columns          columns of rows, one by one
forms            changed forms as a whole
paper_texts      papers, paragraph by paragraph
owning           which rule a value belongs to, how its change is told
others           what no sentence tells
marking          where two sentences differ
"""

from xunfang.rules.changes.faces import ChangedForm, ChangedPaper, ChangeGroup, ChangeLine, ChangeSheet, Edition
from xunfang.rules.changes.sheet import sheet

__all__ = ["ChangeGroup", "ChangeLine", "ChangeSheet", "ChangedForm", "ChangedPaper", "Edition", "sheet"]
