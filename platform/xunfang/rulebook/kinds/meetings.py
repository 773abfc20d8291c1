"""Meetings 会商: meetings.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind

QUORUMS = ("", "half", "two-thirds", "all")
"""With whom a meeting sits, from anybody to everybody."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A standing meeting 会商; many cases at one sitting, each with its own decision; `labels` names these.

    `minutes` is the kind of paper about one case, `record` that about a whole sitting.
    """

    id: str
    label: str
    convenes: str
    members: tuple[str, ...]
    quorum: str
    decides: tuple[str, ...]
    minutes: str
    record: str
    basis: Basis
    labels: Mapping[str, str] = field(default_factory=dict)


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the meetings, by id."""
    found = {
        key: Meeting(
            id=key,
            label=entry.text("label"),
            convenes=entry.text("convenes"),
            members=entry.names("members"),
            quorum=entry.text("quorum"),
            decides=entry.names("decides"),
            minutes=entry.text("minutes"),
            record=entry.text("record"),
            basis=entry.basis(),
            labels=entry.data.get("labels", {}),
        )
        for key, entry in draft.entries("meetings")
    }
    return {"meetings": found}


def link(draft: Draft) -> None:
    """Check the names in every meeting."""
    for meeting in draft.rules.meetings.values():
        _link_meeting(draft, meeting)


def _link_meeting(draft: Draft, meeting: Meeting) -> None:
    draft.check_name("meetings", (meeting.id, "convenes"), meeting.convenes, "units")
    for member in meeting.members:
        draft.check_name("meetings", (meeting.id, "members"), member, "units")
    draft.check_name("meetings", (meeting.id, "minutes"), meeting.minutes, "notices")
    draft.check_name("meetings", (meeting.id, "record"), meeting.record, "notices")
    for decision in set(meeting.labels) - set(meeting.decides):
        message, hint = f"decides 中没有“{decision}”", did_you_mean(decision, meeting.decides)
        draft.error("meetings", (meeting.id, "labels", decision), "NAME_UNKNOWN", message, hint)
    draft.check_basis("meetings", (meeting.id,), meeting.basis)


MEETINGS = Kind(
    "meetings", build, link, label="会商", heading="会商", labelled=True, cites=True, lived="按它开会，逐件议决"
)
