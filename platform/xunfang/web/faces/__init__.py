"""What the pages show, ready to read: labels instead of ids, words instead of codes, nothing that must stay hidden."""

from xunfang.web.faces.administration import AccountFace, FailedPaper, JobFace, RecordLine, SystemFace
from xunfang.web.faces.basis import ClauseFace, DueFace
from xunfang.web.faces.casefile import (
    CaseFile,
    ClueFace,
    CorrectedFace,
    DispatchFace,
    EventFace,
    Lines,
    PersonFace,
    ProposalFace,
    QuestionFace,
    ReturnFace,
    TaskFace,
    TaskForm,
)
from xunfang.web.faces.lists import (
    CaseRow,
    MessageFace,
    PaperFace,
    QueueFilter,
    QueuePage,
    QueueRow,
    Receipt,
    ReportRow,
)

__all__ = [
    "AccountFace",
    "CaseFile",
    "CaseRow",
    "ClauseFace",
    "ClueFace",
    "CorrectedFace",
    "DispatchFace",
    "DueFace",
    "EventFace",
    "FailedPaper",
    "JobFace",
    "Lines",
    "MessageFace",
    "PaperFace",
    "PersonFace",
    "ProposalFace",
    "QuestionFace",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "Receipt",
    "RecordLine",
    "ReportRow",
    "ReturnFace",
    "SystemFace",
    "TaskFace",
    "TaskForm",
]
