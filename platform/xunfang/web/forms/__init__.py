"""Turning a form of the rulebook into a page, and what was typed into answers."""

from xunfang.web.forms.entries import Entries, answers_of, blank_rows, entries_of, typed
from xunfang.web.forms.page import FormPage, Section, Shown, form_page
from xunfang.web.forms.recounted import WAS, Change, recounted

__all__ = [
    "WAS",
    "Change",
    "Entries",
    "FormPage",
    "Section",
    "Shown",
    "answers_of",
    "blank_rows",
    "entries_of",
    "form_page",
    "recounted",
    "typed",
]
