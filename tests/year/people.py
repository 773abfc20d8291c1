"""Invented people of a county: who lives where, and what they are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from xunfang.identity import make_id
from xunfang.rulebook.fields import IntakeForm
from xunfang.rulebook.model import Rulebook

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "国秀建桂玉春明文丽志永海荣兰德福长凤美英立新成宝金红军平华庆"
OLDEST = date(1935, 1, 1)


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who was never born."""

    name: str
    id_number: str
    phone: str
    village: str

    def told(self, rulebook: Rulebook, form: IntakeForm) -> dict[str, Any]:
        """Return what a form is told of them, by its own names."""
        village = rulebook.divisions.follow(self.village)
        places = {"residence": village, "registration": village}
        known = {"name": self.name, "id_number": self.id_number, "phone": self.phone, **places}
        found = {form.person[use]: value for use, value in known.items() if form.person.get(use)}
        return {name: value for name, value in found.items() if name in form.fields}


def invented(rulebook: Rulebook, villages: Sequence[str], count: int, chance: Random) -> list[Invented]:
    """Return so many people, spread over the villages."""
    return [_one(rulebook, villages[n % len(villages)], n, chance) for n in range(count)]


def _one(rulebook: Rulebook, village: str, n: int, chance: Random) -> Invented:
    born = OLDEST + timedelta(days=n * 7919 % 30_000)
    name = chance.choice(_FAMILY) + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2))))
    return Invented(name, make_id(village[:6], born, 1 + n * 37 % 998), f"139{n:08d}", village)
