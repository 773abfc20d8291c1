"""What a person typed, kept as typed, and the answers it stands for."""

import contextlib
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from xunfang.clock import local, parse
from xunfang.rulebook.model import Field, IntakeForm

Entries = Mapping[str, tuple[str, ...]]
"""By field, the texts exactly as they were typed or ticked."""


def typed(form: IntakeForm, posted: "MultiDict[str, str]") -> dict[str, tuple[str, ...]]:
    """Return what was typed for the fields of a form; anything else that was sent is left out."""
    return {name: tuple(posted.getlist(name)) for name in form.fields if name in posted}


def answers_of(form: IntakeForm, entries: Entries) -> dict[str, Any]:
    """Return the answers that the entries stand for; what cannot be read stays text, for the validator to name."""
    answers: dict[str, Any] = {}
    for name, field in form.fields.items():
        texts = [text.strip() for text in entries.get(name, ()) if text.strip()]
        if texts:
            answers[name] = READERS.get(field.kind, _text)(texts)
    return answers


def entries_of(form: IntakeForm, answers: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the entries that show given answers on the page."""
    return {name: _entry(field, answers[name]) for name, field in form.fields.items() if answers.get(name) is not None}


def _entry(field: Field, value: Any) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if field.kind == "moment":
        return (local(parse(str(value))).strftime("%Y-%m-%dT%H:%M"),)
    return (str(value),)


def _text(texts: list[str]) -> str:
    return texts[0].replace("\r\n", "\n")


def _several(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _boolean(texts: list[str]) -> bool | str:
    return {"true": True, "false": False}.get(texts[0], texts[0])


def _integer(texts: list[str]) -> int | str:
    with contextlib.suppress(ValueError):
        return int(_plain_digits(texts[0]))
    return texts[0]


def _number(texts: list[str]) -> int | float | str:
    with contextlib.suppress(ValueError):
        number = float(_plain_digits(texts[0]))
        if abs(number) < 1e15:
            return int(number) if number.is_integer() else number
    return texts[0]


def _plain_digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not all(sign in "0123456789.-" for sign in plain) or len(plain) > 20:
        raise ValueError(text)
    return plain


def _moment(texts: list[str]) -> str:
    with contextlib.suppress(ValueError):
        return parse(texts[0]).isoformat()
    return texts[0]


READERS: Mapping[str, Callable[[list[str]], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "choices": _several,
    "photos": _several,
    "moment": _moment,
}
