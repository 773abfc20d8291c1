"""One rule as it is said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole sentence, what it rests on in words and by clauses; `about` is what it belongs to, such as a form."""

    id: str
    text: str
    basis: str = ""
    cites: tuple[str, ...] = ()
    about: str = ""
