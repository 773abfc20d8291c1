"""The store: the only floor that knows SQL.

Where things are:
  database   open_database, connection (readers), transaction (the one way to write), Reader, Transaction
  tables     every table as the frozen row it is made of: Account … Task
  schema     upgrade: create the schema or bring it up to date
  events     append_events, verify_chain: the record, append-only and chained
  jobs       add_job, cancel_jobs for actions; claim, finish, fail for workers
  numbers    take_number: gapless series
  releases   publish_release, put_in_force, current_release, release_files, release_lines, standing
  sessions   live_session and its end
  installation  the mark by which database, keys and files know one another
  integrity  look_over, look_through: whether the file is whole
  tallies    what was counted of late: tries, reports, photos
  onetime    codes of authenticator apps
  sealing    Keys, key_provider: sealed fields and the blind index
  files      FileStore: encrypted, content-addressed
  copying    copy_into_file, inventory, files_named: a copy made while the database is in use
  passphrase Passphrase: files that leave the installation sealed
  disk       NoRoom: the disk is full
  failures   Busy, Damaged, ReadOnly, Unreachable: the database fails, in words
  scope      Scope: on whose behalf, and how far
  scoped     ScopedReader, scoped(): the one scoped way to read; readings use nothing else
  reading    what a scoped reader returns: queue, case file, lists, administration
"""

from xunfang.store.calls import Calls
from xunfang.store.database import (
    Database,
    Duplicate,
    Reader,
    TooManyRows,
    Transaction,
    connection,
    is_empty,
    open_database,
    transaction,
)
from xunfang.store.dialects import without_password
from xunfang.store.disk import NoRoom
from xunfang.store.events import (
    NOTED,
    ChainHead,
    ChainPiece,
    NewEvent,
    append_event,
    append_events,
    chain_head,
    chained,
    common_until,
    verify_chain,
    verify_piece,
)
from xunfang.store.failures import Busy, Damaged, ReadOnly, Unreachable
from xunfang.store.files import FileMissing, FileStore
from xunfang.store.ids import new_id
from xunfang.store.installation import (
    MARK,
    Mismatch,
    check_keys,
    read_mark,
    refers_to_files,
    write_mark,
)
from xunfang.store.integrity import Soundness, look_over, look_through, refuse_broken
from xunfang.store.jobs import Hopeless, add_job, add_jobs, cancel_jobs, job_states, parked_jobs, retry_job
from xunfang.store.moving import NotMoved, move_database
from xunfang.store.numbers import take_number
from xunfang.store.reading.administration import (
    AccountView,
    JobView,
    MachineryView,
    Presence,
    busy_units,
    roles_in,
    rosters,
)
from xunfang.store.reading.alerts import Opened, alerts_on, alerts_since, opened_for, ordinary_open
from xunfang.store.reading.case_file import AttachmentView, CaseFile, NoticeView, PersonView, SubmissionView
from xunfang.store.reading.duties import ended_since, owed_for, returns_before
from xunfang.store.reading.ended import Ended, InUse, accounts_on, alerts_of, cases_on, duties_on, in_use, people_on
from xunfang.store.reading.health import (
    Backlog,
    InForce,
    Load,
    backlog,
    database_ailments,
    in_force,
    load,
    oldest_due,
    overdue_since,
    parked_kinds,
)
from xunfang.store.reading.inbox import InboxItem
from xunfang.store.reading.lists import CaseFilter, CaseItem, DispatchItem, ReportItem
from xunfang.store.reading.paging import MOST_COUNTED, PAGE_LENGTH, Page
from xunfang.store.reading.questions import QuestionView
from xunfang.store.reading.queue import QueueItem
from xunfang.store.reading.record import RecordFilter, RecordItem
from xunfang.store.reading.staff import ColleagueView, DeputyView, absent_for
from xunfang.store.reading.sweeping import (
    OPEN_PAGE,
    open_cases,
    open_cases_on,
    open_tasks,
    submissions_since,
    unsent_attachments,
)
from xunfang.store.reading.wanted import Horizon, Nearness, QueueFilter
from xunfang.store.releases import (
    ReleaseLine,
    Standing,
    current_release,
    open_by_release,
    publish_release,
    put_in_force,
    release_files,
    release_line,
    release_lines,
    set_aside,
    standing,
)
from xunfang.store.schema import SCHEMA_VERSION, SchemaTooNew, SchemaTooOld, check_version, schema_version, upgrade
from xunfang.store.scope import Scope
from xunfang.store.scoped import ScopedReader, scoped
from xunfang.store.sealing import FileKeys, KeyProvider, Keys, KeysUnusable, Place, SealBroken, key_provider
from xunfang.store.sessions import (
    Lasting,
    SignedIn,
    any_expired,
    end_expired,
    end_other_sessions,
    end_session,
    end_sessions,
    live_session,
    touch_session,
)
from xunfang.store.tables import (
    Account,
    Alert,
    Attachment,
    Case,
    Clue,
    Deputy,
    Dispatch,
    Drawing,
    DutyPeriod,
    Event,
    Factor,
    Heartbeat,
    Held,
    Identity,
    Job,
    Message,
    Notice,
    NumberSeries,
    OwedThing,
    Person,
    Question,
    ReadMark,
    Release,
    Seen,
    Session,
    Submission,
    Tally,
    Task,
    Told,
    Wait,
)

__all__ = [
    "MARK",
    "MOST_COUNTED",
    "NOTED",
    "OPEN_PAGE",
    "PAGE_LENGTH",
    "SCHEMA_VERSION",
    "Account",
    "AccountView",
    "Alert",
    "Attachment",
    "AttachmentView",
    "Backlog",
    "Busy",
    "Calls",
    "Case",
    "CaseFile",
    "CaseFilter",
    "CaseItem",
    "ChainHead",
    "ChainPiece",
    "Clue",
    "ColleagueView",
    "Damaged",
    "Database",
    "Deputy",
    "DeputyView",
    "Dispatch",
    "DispatchItem",
    "Drawing",
    "Duplicate",
    "DutyPeriod",
    "Ended",
    "Event",
    "Factor",
    "FileKeys",
    "FileMissing",
    "FileStore",
    "Heartbeat",
    "Held",
    "Hopeless",
    "Horizon",
    "Identity",
    "InForce",
    "InUse",
    "InboxItem",
    "Job",
    "JobView",
    "KeyProvider",
    "Keys",
    "KeysUnusable",
    "Lasting",
    "Load",
    "MachineryView",
    "Message",
    "Mismatch",
    "Nearness",
    "NewEvent",
    "NoRoom",
    "NotMoved",
    "Notice",
    "NoticeView",
    "NumberSeries",
    "Opened",
    "OwedThing",
    "Page",
    "Person",
    "PersonView",
    "Place",
    "Presence",
    "Question",
    "QuestionView",
    "QueueFilter",
    "QueueItem",
    "ReadMark",
    "ReadOnly",
    "Reader",
    "RecordFilter",
    "RecordItem",
    "Release",
    "ReleaseLine",
    "ReportItem",
    "SchemaTooNew",
    "SchemaTooOld",
    "Scope",
    "ScopedReader",
    "SealBroken",
    "Seen",
    "Session",
    "SignedIn",
    "Soundness",
    "Standing",
    "Submission",
    "SubmissionView",
    "Tally",
    "Task",
    "Told",
    "TooManyRows",
    "Transaction",
    "Unreachable",
    "Wait",
    "absent_for",
    "accounts_on",
    "add_job",
    "add_jobs",
    "alerts_of",
    "alerts_on",
    "alerts_since",
    "any_expired",
    "append_event",
    "append_events",
    "backlog",
    "busy_units",
    "cancel_jobs",
    "cases_on",
    "chain_head",
    "chained",
    "check_keys",
    "check_version",
    "common_until",
    "connection",
    "current_release",
    "database_ailments",
    "duties_on",
    "end_expired",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "ended_since",
    "in_force",
    "in_use",
    "is_empty",
    "job_states",
    "key_provider",
    "live_session",
    "load",
    "look_over",
    "look_through",
    "move_database",
    "new_id",
    "oldest_due",
    "open_by_release",
    "open_cases",
    "open_cases_on",
    "open_database",
    "open_tasks",
    "opened_for",
    "ordinary_open",
    "overdue_since",
    "owed_for",
    "parked_jobs",
    "parked_kinds",
    "people_on",
    "publish_release",
    "put_in_force",
    "read_mark",
    "refers_to_files",
    "refuse_broken",
    "release_files",
    "release_line",
    "release_lines",
    "retry_job",
    "returns_before",
    "roles_in",
    "rosters",
    "schema_version",
    "scoped",
    "set_aside",
    "standing",
    "submissions_since",
    "take_number",
    "touch_session",
    "transaction",
    "unsent_attachments",
    "upgrade",
    "verify_chain",
    "verify_piece",
    "without_password",
    "write_mark",
]
