"""Casework 个案办理: what happens in a case, decided once and purely. No clock, no database, no files.

rows       what a file is made of: Case, Task, Dispatch, Clue, Told, Wait, Notice
file       File: everything that deciding about a case may look at
verbs      VERBS: every verb as one value; Asked: one of them with its input
permits    who may do what now
advance    advance(rulebook, file, asked, at, new_id) -> Changes
changes    Changes: rows, events, jobs, messages, papers that follow
draft      Draft: a file being worked on
reporting, dispatching, handling, waits, reminding    what each verb does
states, tasks, assisting, papers, jobs, facts         what they are made of
"""

from xunfang.casework.actor import Actor
from xunfang.casework.advance import advance
from xunfang.casework.changes import Changed, Changes, Filled, Happened, JobWanted, Telling
from xunfang.casework.dispatching import Decided
from xunfang.casework.draft import Draft
from xunfang.casework.file import Everybody, File
from xunfang.casework.permits import is_theirs, permits, permitted, state_of
from xunfang.casework.rows import Case, Clue, Dispatch, Notice, Row, Task, Told, Wait
from xunfang.casework.verbs import VERBS, Asked, Verb, verbs_on

__all__ = [
    "VERBS",
    "Actor",
    "Asked",
    "Case",
    "Changed",
    "Changes",
    "Clue",
    "Decided",
    "Dispatch",
    "Draft",
    "Everybody",
    "File",
    "Filled",
    "Happened",
    "JobWanted",
    "Notice",
    "Row",
    "Task",
    "Telling",
    "Told",
    "Verb",
    "Wait",
    "advance",
    "is_theirs",
    "permits",
    "permitted",
    "state_of",
    "verbs_on",
]
