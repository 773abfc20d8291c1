"""The one kind of Flask-Admin view there is here: shut unless the access table opens it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask_admin import BaseView  # type: ignore[import-untyped]
from flask_admin import expose as flask_admin_expose

from xunfang.rulebook.model import Rulebook
from xunfang.web.access import access_of
from xunfang.web.guard import member, member_or_none, site

if TYPE_CHECKING:
    from xunfang.web.site import Member

View = TypeVar("View", bound=Callable[..., Any])


def expose(url: str, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """Return the decorator that puts a method of a view at an address; Flask-Admin's own, with types."""
    return cast("Callable[[View], View]", flask_admin_expose(url, methods))


class SecureView(BaseView):  # type: ignore[misc]
    """A page of the site. Its menu entry and every address of it follow the access table."""

    in_menu = True
    under = ""
    """The page of the menu that it belongs to, where it does not stand there itself."""

    def is_accessible(self) -> bool:
        """Return whether the person may open this view's first page."""
        return self.opens_to(member_or_none())

    def opens_to(self, person: "Member | None") -> bool:
        """Return whether somebody may open this view's first page."""
        return access_of(self.first_page).allows(person)

    @cached_property
    def first_page(self) -> str:
        """The endpoint of this view's first page."""
        return f"{self.endpoint}.{self._default_view}"

    def is_visible(self) -> bool:
        """Return whether the view stands in the menu."""
        return self.in_menu

    def _handle_view(self, name: str, **_kwargs: Any) -> None:
        """Do nothing more: the gate has judged this very address before the view was reached."""

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the view; unlike Flask-Admin's own, a TypeError inside it is not taken for another way of calling."""
        return fn(self, *args, **kwargs)

    @property
    def rulebook(self) -> Rulebook:
        """The rules of the person's jurisdiction."""
        return site().rulebook(member().jurisdiction)
