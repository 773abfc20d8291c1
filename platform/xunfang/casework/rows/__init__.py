"""The rows of casework 个案办理: what a case, its tasks and papers are, wherever they are kept.

Plain frozen values that know nothing of a database: the store keeps them, scenarios and replay hold them in memory.
"""

from xunfang.casework.rows.cases import Case, Clue, Correction, Dispatch, Told, Wait
from xunfang.casework.rows.change_sets import ChangeSet, DraftComment, DraftEdit, DraftFile, DraftTrial, RuleSource
from xunfang.casework.rows.circulars import Circular
from xunfang.casework.rows.duties import Alert, Drawing, DutyPeriod, OwedThing, ReportedFigure
from xunfang.casework.rows.feeds import Delivery, HeadWord, Listed, ListedPerson, ListedStretch
from xunfang.casework.rows.meetings import AgendaItem, Minutes, Sitting
from xunfang.casework.rows.papers import Notice
from xunfang.casework.rows.people import Amendment, Person
from xunfang.casework.rows.publications import HelpedList, Publication
from xunfang.casework.rows.registry import Entitlement, Holding, Household, Membership, Visit
from xunfang.casework.rows.rosters import Payee, Roll, RollLine
from xunfang.casework.rows.tasks import Task

About = Case | DutyPeriod | Alert
"""What a task can be about."""

Row = (
    Person | Case | DutyPeriod | Alert | Dispatch | Task | Clue | Correction | Told | Wait | Notice
    | Household | Membership | Holding | Entitlement | Visit | Amendment
    | Sitting | AgendaItem | Delivery
    | OwedThing | Publication | ReportedFigure
    | Payee | Roll | RollLine | HelpedList
    | OwedThing | Drawing | Publication | ReportedFigure
    | Minutes | Circular
    | ChangeSet | DraftFile | DraftEdit | DraftComment | DraftTrial
)  # fmt: skip
"""Everything that a file is made of."""

__all__ = [
    "About",
    "AgendaItem",
    "Alert",
    "Amendment",
    "Case",
    "ChangeSet",
    "Circular",
    "Clue",
    "Correction",
    "Delivery",
    "Dispatch",
    "DraftComment",
    "DraftEdit",
    "DraftFile",
    "DraftTrial",
    "Drawing",
    "DutyPeriod",
    "Entitlement",
    "HeadWord",
    "HelpedList",
    "Holding",
    "Household",
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
    "ReportedFigure",
    "Roll",
    "RollLine",
    "Row",
    "RuleSource",
    "Sitting",
    "Task",
    "Told",
    "Visit",
    "Wait",
]
