"""What every act works on, and who acts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from xunfang import casework
from xunfang.access_rules import PRESETS, AccessRules
from xunfang.actions.rulebooks import Rulebooks as Rulebooks
from xunfang.clock import Uptime
from xunfang.rulebook.acts import OF_EVERY_UNIT, OFFICES, RULES, mixes_offices
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import division_of, former_places, former_units, former_wholes, served_by
from xunfang.store import Account, Database, FileStore, Keys, Scope


@dataclass(frozen=True, slots=True)
class Actor(casework.Actor):
    """Somebody who acts, with how far they see. `address`: from where, hashed.

    `former_places`: the divisions that have ended whose people live within this actor's own now; `former_wholes`: those
    that did so with all that lay within them.
    """

    address: str = ""
    former_places: tuple[str, ...] = ()
    former_wholes: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """Return how far this actor sees."""
        return Scope(
            self.account,
            self.jurisdiction,
            self.unit,
            self.division,
            self.acts,
            self.reason,
            self.formerly,
            self.former_places,
            (*self.served, *self.former_wholes),
        )


def machinery(jurisdiction: str, reason: str) -> Actor:
    """Return the machinery as an actor in one jurisdiction."""
    return Actor("", "系统", jurisdiction, "", "", (), frozenset(), reason)


PERSONAL = frozenset({"reveal"})
"""Acts for which everybody answers in person: no deputy is given them."""


def _silence() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Deployment:
    """The database, keys, files and rulebooks of one installation. `ring` wakes the worker after a commit.

    `uptime` is the clock that nobody sets, by which a leap of the other is noticed; a played clock has none.
    """

    database: Database
    keys: Keys
    files: FileStore
    rulebooks: Rulebooks
    ring: Callable[[], None] = field(default=_silence)
    access: AccessRules = PRESETS["dengbao"]
    uptime: Callable[[], Uptime] | None = None

    def actor(self, account: Account, absent: Iterable[Account] = ()) -> Actor:
        """Return an account as an actor, with the acts that its roles and its unit allow today.

        `absent` are the colleagues for whom it stands in today. Where its jurisdiction is not served it may do nothing.
        """
        rulebook = self.rulebooks.current.get(account.jurisdiction)
        acts = frozenset[str]() if rulebook is None else acts_of(rulebook, account.unit, account.roles)
        steads = tuple(_stead(one, acts, rulebook) for one in absent) if rulebook and not acts & OFFICES else ()
        return Actor(
            account=account.id,
            name=account.name,
            jurisdiction=account.jurisdiction,
            unit=account.unit,
            division=account.division,
            roles=account.roles,
            acts=acts.union(*(stead.passed for stead in steads)),
            steads=steads,
            formerly=former_units(rulebook, account.unit) if rulebook else (),
            former_places=_of_all(former_places, account, rulebook) if rulebook else (),
            former_wholes=_of_all(former_wholes, account, rulebook) if rulebook else (),
            served=_served(account, rulebook) if rulebook else (),
        )


def _served(account: Account, rulebook: Rulebook) -> tuple[str, ...]:
    """Return the divisions that an account sees because its unit serves them: where it sees all of its unit's own."""
    return served_by(rulebook, account.unit) if account.division == division_of(account.unit) else ()


def _of_all(
    former: Callable[[Rulebook, str], tuple[str, ...]], account: Account, rulebook: Rulebook
) -> tuple[str, ...]:
    """Return what has ended of all that an account sees."""
    return tuple(
        found for place in (account.division, *_served(account, rulebook)) for found in former(rulebook, place)
    )


def _stead(absent: Account, own: frozenset[str], rulebook: Rulebook) -> casework.Stead:
    """Return what passes to a deputy with these acts: offices and looking at what is sealed never do."""
    roles = tuple(role for role in absent.roles if role in rulebook.roles and rulebook.roles[role].deputy)
    theirs = acts_of(rulebook, absent.unit, absent.roles) - OFFICES
    passing = {act for role in roles for act in rulebook.roles[role].may} & theirs - PERSONAL
    return casework.Stead(absent.id, absent.name, theirs & (own | passing), frozenset(passing - own), roles)


def acts_of(rulebook: Rulebook, unit_id: str, roles: Iterable[str]) -> frozenset[str]:
    """Return the acts that roles allow in a unit."""
    acts = {act for role in roles if role in rulebook.roles for act in rulebook.roles[role].may}
    if mixes_offices(acts):  # an account of before, or rules that changed under it: no office until it is parted
        acts -= OFFICES
    unit = rulebook.units.get(unit_id.split(":", 1)[0])
    if unit and unit.may:
        acts &= {*unit.may, *OF_EVERY_UNIT, *OFFICES, *RULES}
    return frozenset(acts)
