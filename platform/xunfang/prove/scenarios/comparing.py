"""Expected and seen: both sides as plain data, with the keys that matter, in an order that does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xunfang.clock import local


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing a step (counted from 1) should have brought about and did not; both sides are JSON-ready data."""

    step: int
    what: str
    expected: Any
    got: Any

    def __str__(self) -> str:
        return f"第{self.step}步“{self.what}”：应为 {_told(self.expected)}，实为 {_told(self.got)}"


def _told(value: Any) -> str:
    """Return plain data as a person reads it: what there is, one after the other, by the names a file gives them."""
    if isinstance(value, Mapping):
        return "（" + "，".join(f"{name} {_told(item)}" for name, item in value.items()) + "）"
    if isinstance(value, (list, tuple)):
        return "、".join(_told(item) for item in value) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "无" if value in ("", None) else str(value)


def differences(number: int, expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Failure]:
    """Return what a step expected and did not see; only the keys it names count, in whatever order."""
    found = []
    for what, wanted in expected.items():
        wanted, got = _comparable(what, plain(wanted), seen[what])
        if wanted != got:
            found.append(Failure(number, what, wanted, got))
    return found


_DEFAULTS: dict[str, dict[str, Any]] = {"proposed": {"assist": [], "meeting": ""}, "tasks": {"provisional": False}}
"""What an expected item says when it says nothing: nobody assists, no meeting decides, no date is provisional."""


def _comparable(what: str, wanted: Any, got: Any) -> tuple[Any, Any]:
    """Return both sides with the keys that matter, in an order that does not."""
    if isinstance(wanted, dict):
        return wanted, {key: got.get(key) for key in wanted}
    if not isinstance(wanted, list):
        return wanted, got
    if any(isinstance(item, dict) for item in wanted):
        asked = [{**_DEFAULTS.get(what, {}), **item} for item in wanted]
        keys = {key for item in asked for key in item}
        return _sorted(asked), _sorted([_like(item, asked, keys) for item in got])
    return sorted(set(wanted)), got if isinstance(got, str) else sorted({_name(item) for item in got})


def _like(item: dict[str, Any], asked: list[dict[str, Any]], keys: set[str]) -> dict[str, Any]:
    """Return an item seen with the keys of the expected item about the same unit, or of all when none is."""
    same = next((one for one in asked if _name(one) == _name(item)), None)
    return {key: item.get(key) for key in item if key in (same or keys)}


def _sorted(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (_name(item), str(item)))


def _name(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    return str(
        item.get("lead") or item.get("unit") or item.get("duty") or item.get("programme") or item.get("to") or ""
    )


def plain(value: Any) -> Any:
    """Return TOML data as JSON-ready data: moments in Chinese civil time, without the zone a file leaves out."""
    if isinstance(value, datetime):
        return local(value).replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
