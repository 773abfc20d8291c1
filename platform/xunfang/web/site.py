"""What the pages are given from outside: the deployment they act on, and who is visiting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.factors import FactorStanding
from xunfang.actions.papers import Press
from xunfang.ailments import Ailment
from xunfang.errors import NotFound
from xunfang.oidc import Provider
from xunfang.prove.examined import Examining
from xunfang.rulebook.model import Rulebook
from xunfang.settings import LOOPBACK, Network

if TYPE_CHECKING:
    from xunfang.desk import Readings


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in person 成员: as whom they act, and what the pages show of them.

    While they `must_change` their password or `must_bind` a second factor, no other page opens.
    """

    actor: Actor
    login: str
    unit_label: str
    must_change: bool = False
    factor: FactorStanding = field(default_factory=FactorStanding)
    must_bind: bool = False

    @property
    def account(self) -> str:
        """The key of the account."""
        return self.actor.account

    @property
    def name(self) -> str:
        """The person's name."""
        return self.actor.name

    @property
    def unit(self) -> str:
        """The unit the person works for: "<unit>" or "<unit>:<division>"."""
        return self.actor.unit

    @property
    def jurisdiction(self) -> str:
        """The jurisdiction whose rules hold for the person."""
        return self.actor.jurisdiction

    def may(self, act: str) -> bool:
        """Return whether one of the person's roles includes the act."""
        return act in self.actor.acts


@dataclass(frozen=True, slots=True)
class Visit:
    """One running session: who it is, the token that authenticates, and the token against forged requests.

    `by` is what vouched for the person where that was no password of ours.
    """

    member: Member
    token: str
    csrf: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login of the demonstration, shown on the sign-in page; exists only in demo mode."""

    role: str
    login: str
    password: str
    jurisdiction: str = ""  # the name of the jurisdiction it belongs to


def _none(_at: datetime, _of: Sequence[str]) -> tuple[Ailment, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Site:
    """Everything a web application is composed of. `https` decides the cookie's name and transport security.

    `address` is what people see in their browsers, such as "https://host", where a gateway hides it from us; `gateways`
    are believed when they tell from where a request came; `monitors` may ask how the service is.
    `provider` is whose accounts may sign in besides, None where that is nobody's; `examiner` examines drafts of rules,
    and `press` prints samples of their papers.
    `brand` and `hotline` stand where nobody is signed in yet, or what `outside` returns; `ailments` are what is not
    well at a moment with the installation and these jurisdictions.
    """

    deployment: Deployment
    readings: "Readings"
    now: Callable[[], datetime]
    brand: str
    hotline: str = ""
    https: bool = False
    address: str = ""
    demo: tuple[DemoLogin, ...] = ()
    ailments: Callable[[datetime, Sequence[str]], tuple[Ailment, ...]] = _none
    gateways: tuple[Network, ...] = ()
    monitors: tuple[Network, ...] = LOOPBACK
    outside: Callable[[], tuple[str, str]] | None = None
    provider: Provider | None = None
    examiner: Examining | None = None
    press: Press | None = None

    def spoken(self) -> tuple[str, str]:
        """Return the brand and the hotline that stand where nobody is signed in yet, by the rules in force now."""
        return self.outside() if self.outside else (self.brand, self.hotline)

    def rulebook(self, jurisdiction: str) -> Rulebook:
        """Return the rules in force in a jurisdiction."""
        return self.deployment.rulebooks.of(jurisdiction)

    def release(self, digest: str) -> Rulebook:
        """Return the rules that a case stands on."""
        return self.deployment.rulebooks.release(digest)

    def examining(self) -> Examining:
        """Return who examines drafts of rules; raises NotFound where nobody does."""
        if self.examiner is None:
            raise NotFound("这里不能检查规则草案。", "EXAMINER_NONE")
        return self.examiner

    def pressing(self) -> Press:
        """Return what prints samples; raises NotFound where nothing does."""
        if self.press is None:
            raise NotFound("这里不能印样张。", "PRESS_NONE")
        return self.press
