"""Who acts: a person with an account, or the machinery with a reason; and for whom a person stands in."""

from dataclasses import dataclass

from xunfang.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Stead:
    """A colleague for whom somebody stands in today 代理.

    `acts` may be done to what the colleague has claimed; `passed` are those that the deputy's own roles lack, passed on
    with `roles`, which the rules give a deputy to.
    """

    account: str
    name: str
    acts: frozenset[str]
    passed: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a person with an account, or the machinery with a reason.

    `acts` holds what is passed on by those in whose stead 代 this person acts too, `roles` this person's own only.
    `formerly` are the units that this person's unit follows since divisions were merged.
    """

    account: str
    name: str
    jurisdiction: str
    unit: str
    division: str
    roles: tuple[str, ...]
    acts: frozenset[str]
    reason: str = ""
    steads: tuple[Stead, ...] = ()
    formerly: tuple[str, ...] = ()
    served: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The unit this person works for, and those of divisions that were merged into its own."""
        return (self.unit, *self.formerly)

    def need(self, *acts: str) -> None:
        """Raise NotAllowed unless the actor's roles include one of these acts; the machinery may do all."""
        if self.acts.isdisjoint(acts) and not self.reason:
            raise NotAllowed("您的岗位没有这项权限。")

    def stead_of(self, account: str) -> Stead | None:
        """Return the colleague with this account, if it is one for whom this person stands in."""
        return next((stead for stead in self.steads if account and stead.account == account), None)

    def answers_as(self, account: str) -> bool:
        """Return whether what an account has claimed is this person's to work on."""
        return account == self.account or self.stead_of(account) is not None

    def lent(self, *acts: str) -> Stead | None:
        """Return by whose stead one of these acts may be done, None where the actor's own roles include one."""
        own = self.acts.difference(*(stead.passed for stead in self.steads))
        if not own.isdisjoint(acts):
            return None
        return next((stead for stead in self.steads if not stead.passed.isdisjoint(acts)), None)

    def holds(self, role: str) -> bool:
        """Return whether this person has a role, of their own or by standing in for a colleague."""
        return role in self.roles or self.with_role(role) is not None

    def with_role(self, role: str) -> Stead | None:
        """Return by whose stead a role is held that is not this person's own, or None."""
        return None if role in self.roles else next((stead for stead in self.steads if role in stead.roles), None)
