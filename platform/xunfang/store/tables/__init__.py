"""Every table of the store as the frozen row it is made of."""

from xunfang.store.rows import all_tables
from xunfang.store.tables.access import Account, Deputy, Factor, Identity, Session, Tally
from xunfang.store.tables.alerts import Alert
from xunfang.store.tables.cases import Case, CaseInSight, Dispatch, Task, Told, Wait
from xunfang.store.tables.change_sets import ChangeSet, DraftComment, DraftEdit, DraftFile, DraftTrial, RuleSource
from xunfang.store.tables.circulars import Circular
from xunfang.store.tables.duties import Drawing, DutyPeriod, OwedThing
from xunfang.store.tables.feeds import Delivery, HeadWord, ListedPerson, ListedStretch
from xunfang.store.tables.figures import Figure
from xunfang.store.tables.inbox import Message, ReadMark
from xunfang.store.tables.installation import Installation
from xunfang.store.tables.meetings import AgendaItem, Minutes, Sitting
from xunfang.store.tables.papers import Notice, NumberSeries
from xunfang.store.tables.people import Amendment, Person, Question
from xunfang.store.tables.publications import HelpedList, Publication
from xunfang.store.tables.record import Event
from xunfang.store.tables.registry import Entitlement, Holding, Household, Membership, Visit
from xunfang.store.tables.releases import Held, Release
from xunfang.store.tables.reported import ReportedFigure
from xunfang.store.tables.reports import Attachment, Clue, Correction, Submission
from xunfang.store.tables.rosters import Payee, Roll, RollLine
from xunfang.store.tables.work import Heartbeat, Job, Seen

__all__ = [
    "Account",
    "AgendaItem",
    "Alert",
    "Amendment",
    "Attachment",
    "Case",
    "CaseInSight",
    "ChangeSet",
    "Circular",
    "Clue",
    "Correction",
    "Delivery",
    "Deputy",
    "Dispatch",
    "DraftComment",
    "DraftEdit",
    "DraftFile",
    "DraftTrial",
    "Drawing",
    "DutyPeriod",
    "Entitlement",
    "Event",
    "Factor",
    "Figure",
    "HeadWord",
    "Heartbeat",
    "Held",
    "HelpedList",
    "Holding",
    "Household",
    "Identity",
    "Installation",
    "Job",
    "ListedPerson",
    "ListedStretch",
    "Membership",
    "Message",
    "Minutes",
    "Notice",
    "NumberSeries",
    "OwedThing",
    "Payee",
    "Person",
    "Publication",
    "Question",
    "ReadMark",
    "Release",
    "ReportedFigure",
    "Roll",
    "RollLine",
    "RuleSource",
    "Seen",
    "Session",
    "Sitting",
    "Submission",
    "Tally",
    "Task",
    "Told",
    "Visit",
    "Wait",
    "all_tables",
]
