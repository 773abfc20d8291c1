"""What every act works on, and who acts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from xunfang import casework
from xunfang.access_rules import PRESETS, AccessRules
from xunfang.clock import Uptime
from xunfang.errors import Problem
from xunfang.rulebook.acts import OF_EVERY_UNIT, OFFICES, mixes_offices
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Account, Database, FileStore, Keys, Release, Scope, connection, release_files


@dataclass(frozen=True, slots=True)
class Actor(casework.Actor):
    """Somebody who acts, with how far they see. `address`: from where, hashed."""

    address: str = ""

    @property
    def scope(self) -> Scope:
        """Return how far this actor sees."""
        return Scope(self.account, self.jurisdiction, self.unit, self.division, self.acts, self.reason)


def machinery(jurisdiction: str, reason: str) -> Actor:
    """Return the machinery as an actor in one jurisdiction."""
    return Actor("", "系统", jurisdiction, "", "", (), frozenset(), reason)


PERSONAL = frozenset({"reveal"})
"""Acts for which everybody answers in person: no deputy is given them."""


MOST_EARLIER = 64
"""How many earlier releases stay compiled, about 1 MB each: more than the rows of any page may stand on."""


class Rulebooks:
    """The rules in force in each jurisdiction, and every earlier release that a case may still stand on.

    `problems` are those of jurisdictions whose files are broken: with rules in force it stands on its last release,
    without any it is not served.
    """

    def __init__(
        self,
        database: Database,
        current: Mapping[str, Rulebook],
        problems: Mapping[str, tuple[Problem, ...]] | None = None,
    ) -> None:
        self._database = database
        self.current = dict(current)
        self.problems = dict(problems or {})
        self._by_digest = {rulebook.digest: rulebook for rulebook in current.values()}
        self._earlier = lru_cache(maxsize=MOST_EARLIER)(self._compile)

    def of(self, jurisdiction: str) -> Rulebook:
        """Return the rules that new cases begin on."""
        return self.current[jurisdiction]

    def release(self, digest: str) -> Rulebook:
        """Return the rules of a release, compiled anew from its stored files when it is no longer in force.

        Days off are the State Council's word and no rule of a county: every release counts by those known now.
        """
        return self._by_digest.get(digest) or self._earlier(digest)

    def _compile(self, digest: str) -> Rulebook:
        with connection(self._database) as reader:
            release = reader.find(Release, digest)
        if release is None:
            raise KeyError(digest)
        compiled = compile_rulebook(release_files(release), release.jurisdiction, released=True)
        now = self.current.get(release.jurisdiction)
        return replace(compiled, calendar=now.calendar) if now else compiled


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
        acts = frozenset[str]() if rulebook is None else _acts_of(account, rulebook)
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
        )


def _stead(absent: Account, own: frozenset[str], rulebook: Rulebook) -> casework.Stead:
    """Return what passes to a deputy with these acts: offices and looking at what is sealed never do."""
    roles = tuple(role for role in absent.roles if role in rulebook.roles and rulebook.roles[role].deputy)
    theirs = _acts_of(absent, rulebook) - OFFICES
    passing = {act for role in roles for act in rulebook.roles[role].may} & theirs - PERSONAL
    return casework.Stead(absent.id, absent.name, theirs & (own | passing), frozenset(passing - own), roles)


def _acts_of(account: Account, rulebook: Rulebook) -> frozenset[str]:
    acts = {act for role in account.roles if role in rulebook.roles for act in rulebook.roles[role].may}
    if mixes_offices(acts):  # an account of before, or rules that changed under it: no office until it is parted
        acts -= OFFICES
    unit = rulebook.units.get(account.unit.split(":", 1)[0])
    if unit and unit.may:
        acts &= {*unit.may, *OF_EVERY_UNIT, *OFFICES}
    return frozenset(acts)
