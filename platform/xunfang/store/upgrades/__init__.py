"""How an older database is brought up to date: one module for each version reached, kept for ever.

An upgrade speaks SQL of its own day and never reads today's tables: those go on changing, the past does not.
"""

from collections.abc import Callable, Mapping

from xunfang.store.database import Database
from xunfang.store.sealing import Keys
from xunfang.store.upgrades.to_2 import to_2
from xunfang.store.upgrades.to_3 import to_3
from xunfang.store.upgrades.to_4 import to_4
from xunfang.store.upgrades.to_5 import to_5
from xunfang.store.upgrades.to_6 import to_6
from xunfang.store.upgrades.to_7 import to_7
from xunfang.store.upgrades.to_8 import to_8
from xunfang.store.upgrades.to_9 import to_9
from xunfang.store.upgrades.to_10 import to_10
from xunfang.store.upgrades.to_11 import to_11
from xunfang.store.upgrades.to_12 import to_12
from xunfang.store.upgrades.to_13 import to_13
from xunfang.store.upgrades.to_14 import to_14
from xunfang.store.upgrades.to_15 import to_15
from xunfang.store.upgrades.to_16 import to_16
from xunfang.store.upgrades.to_17 import to_17
from xunfang.store.upgrades.to_18 import to_18
from xunfang.store.upgrades.to_19 import to_19
from xunfang.store.upgrades.to_20 import to_20

Upgrade = Callable[[Database, Keys], None]
_IN_ORDER: tuple[Upgrade, ...] = (
    to_2, to_3, to_4, to_5, to_6, to_7, to_8, to_9, to_10, to_11, to_12, to_13, to_14, to_15,
    to_16, to_17, to_18, to_19, to_20,
)  # fmt: skip

UPGRADES: Mapping[int, Upgrade] = dict(enumerate(_IN_ORDER, 2))
"""Version reached → the function that reaches it from the one before."""
