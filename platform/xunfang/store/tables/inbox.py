"""Messages 消息 in the inboxes of units and people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from xunfang.store.columns import References, Sealed
from xunfang.store.rows import table


@table(
    "message",
    unique=[("key",)],
    indexes=[("jurisdiction", "unit", "at", "id", "account"), ("task",)],
    partial={"message_of_one": (("jurisdiction", "account", "at", "id"), "\"account\" <> ''")},
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a unit, or, when `account` is given, to one member of it only. `key` keeps it from coming twice."""

    id: str
    key: str
    jurisdiction: str
    unit: str
    kind: str
    title: Annotated[str, Sealed()]
    body: Annotated[str, Sealed()]
    at: datetime
    account: str = ""
    case: str = ""
    task: str = ""


@table("read_mark", key=("account", "message"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMark:
    """That one account has read one message."""

    account: str
    message: Annotated[str, References("message")]
    read_at: datetime
