"""Casework 个案办理: what happens in a case, decided once and purely. No clock, no database, no files.

rows       what a file is made of: Case, DutyPeriod, Alert, Task, Dispatch, Clue, Told, Wait, Notice, Entitlement …
file       File: everything that deciding about a case may look at
verb       Verb: what can be done, as one value; Asked: one of them with its input
verbs      VERBS: every verb there is; whole: those on a case as a whole; paper_verbs: those of papers
subjects   what verbs are done to besides tasks: a Whole case, a Report, a Registered person
items      what a task can be about: a case, a period of a duty, an event
permits    who may do what now
advance    advance(rulebook, file, asked, at, new_id) -> Changes
changes    Changes: rows, events, jobs, messages, papers that follow
draft      Draft: a file being worked on
reporting, dispatching, handling, duties, alerts, consulting, staffing, suspending, extending, signing, closing,
registry, upkeep, membership, households, linking, correcting, waits, reminding, replanning,
moving     what each verb does
states, tasks, terms, assisting, papers, issuing, jobs, facts    what they are made of
"""

from xunfang.casework.actor import Actor, Stead
from xunfang.casework.advance import advance
from xunfang.casework.changes import Changed, Changes, Filled, Happened, JobWanted, Telling
from xunfang.casework.dispatching import Decided
from xunfang.casework.draft import Draft
from xunfang.casework.file import Everybody, File
from xunfang.casework.permits import is_theirs, may_open, paper_verbs, permits, permitted, state_of
from xunfang.casework.rows import (
    AgendaItem,
    Alert,
    Amendment,
    Case,
    ChangeSet,
    Circular,
    Clue,
    Correction,
    Delivery,
    Dispatch,
    Drawing,
    DutyPeriod,
    Entitlement,
    HeadWord,
    HelpedList,
    Holding,
    Household,
    Listed,
    ListedPerson,
    ListedStretch,
    Membership,
    Minutes,
    Notice,
    OwedThing,
    Payee,
    Person,
    Publication,
    ReportedFigure,
    Roll,
    RollLine,
    Row,
    Sitting,
    Task,
    Told,
    Visit,
    Wait,
)
from xunfang.casework.subjects import Registered, Report, Whole, registered
from xunfang.casework.verb import Asked, Verb
from xunfang.casework.verbs import VERBS, verbs_on

__all__ = [
    "VERBS",
    "Actor",
    "AgendaItem",
    "Alert",
    "Amendment",
    "Asked",
    "Case",
    "ChangeSet",
    "Changed",
    "Changes",
    "Circular",
    "Clue",
    "Correction",
    "Decided",
    "Delivery",
    "Dispatch",
    "Draft",
    "Drawing",
    "DutyPeriod",
    "Entitlement",
    "Everybody",
    "File",
    "Filled",
    "Happened",
    "HeadWord",
    "HelpedList",
    "Holding",
    "Household",
    "JobWanted",
    "Listed",
    "ListedPerson",
    "ListedStretch",
    "Membership",
    "Minutes",
    "Notice",
    "OwedThing",
    "Payee",
    "Person",
    "Publication",
    "Registered",
    "Report",
    "ReportedFigure",
    "Roll",
    "RollLine",
    "Row",
    "Sitting",
    "Stead",
    "Task",
    "Telling",
    "Told",
    "Verb",
    "Visit",
    "Wait",
    "Whole",
    "advance",
    "is_theirs",
    "may_open",
    "paper_verbs",
    "permits",
    "permitted",
    "registered",
    "state_of",
    "verbs_on",
]
