"""People of a list, some hundred of one verdict in one sealed envelope: written by the thousand, read by page."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from xunfang.casework.rows.feeds import Delivery, Listed, ListedPerson, ListedStretch
from xunfang.store.sealing import Keys, Place

LONGEST = 500
"""So many people lie in one envelope."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_EFFORT = 1


class Stretches:
    """Gathers the people of one list as they are judged, until there are enough of a verdict to lie together."""

    def __init__(self, keys: Keys, delivery: Delivery) -> None:
        self._keys, self._delivery = keys, delivery
        self._waiting: dict[str, list[Listed]] = {}

    def add(self, people: Iterable[Listed]) -> list[ListedStretch]:
        """Take some more people, and return the stretches that are full now."""
        full = []
        for verdict, some in groupby(people, _verdict):
            waiting = self._waiting.setdefault(verdict, [])
            waiting += some
            while len(waiting) >= LONGEST:
                full.append(self._stretch(verdict, waiting[:LONGEST]))
                del waiting[:LONGEST]
        return full

    def rest(self) -> list[ListedStretch]:
        """Return the stretches of those that still wait."""
        return [self._stretch(verdict, waiting) for verdict, waiting in self._waiting.items() if waiting]

    def _stretch(self, verdict: str, people: Sequence[Listed]) -> ListedStretch:
        key, delivery = f"{self._delivery.id}-{verdict}-{people[0].n:07}", self._delivery
        plain = _ENCODER.encode([[*each[:2], *each[3:]] for each in people]).encode("utf-8", "replace")
        return ListedStretch(
            id=key,
            jurisdiction=delivery.jurisdiction,
            delivery=delivery.id,
            verdict=verdict,
            first=people[0].n,
            last=people[-1].n,
            count=len(people),
            told=self._keys.seal(zlib.compress(plain, _EFFORT), _place(key)),
        )


def _verdict(listed: Listed) -> str:
    return listed.verdict


def people_in(stretch: ListedStretch, keys: Keys) -> Iterator[ListedPerson]:
    """Yield the people of a stretch as they would stand by themselves; raises SealBroken."""
    for n, line, residence, answers, problems, cells in json.loads(
        zlib.decompress(keys.open(stretch.told, _place(stretch.id)))
    ):
        told: Mapping[str, Any] = {"answers": answers, "residence": residence, "problems": problems}
        yield ListedPerson(
            id=f"{stretch.delivery}-{n:07}",
            jurisdiction=stretch.jurisdiction,
            delivery=stretch.delivery,
            n=n,
            line=line,
            verdict=stretch.verdict,
            told={**told, "cells": cells} if cells else told,
            digest="",
        )


def _place(key: str) -> Place:
    return Place("listed_stretch", "told", key)
