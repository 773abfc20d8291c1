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

Upgrade = Callable[[Database, Keys], None]

UPGRADES: Mapping[int, Upgrade] = {2: to_2, 3: to_3, 4: to_4, 5: to_5, 6: to_6, 7: to_7, 8: to_8, 9: to_9, 10: to_10}
"""Version reached → the function that reaches it from the one before."""
