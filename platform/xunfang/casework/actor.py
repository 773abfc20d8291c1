"""Who acts: a person with an account, or the machinery with a reason."""

from dataclasses import dataclass

from xunfang.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a person with an account, or the machinery with a reason."""

    account: str
    name: str
    jurisdiction: str
    unit: str
    division: str
    roles: tuple[str, ...]
    acts: frozenset[str]
    reason: str = ""

    def need(self, *acts: str) -> None:
        """Raise NotAllowed unless the actor's roles include one of these acts; the machinery may do all."""
        if self.acts.isdisjoint(acts) and not self.reason:
            raise NotAllowed("您的岗位没有这项权限。")
