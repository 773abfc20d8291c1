"""The one gate before every view: is the address declared, who is visiting, may they, and did they mean it?"""

import hmac
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from flask import abort, current_app, g, redirect, request, url_for

from xunfang.errors import NotAllowed, NotFound, NotSignedIn, Refused
from xunfang.web.access import access_of
from xunfang.web.cookies import presign_token, session_token
from xunfang.web.origin import check_gateway, is_ours
from xunfang.web.sender import address, is_monitor
from xunfang.web.visits import running_visit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from werkzeug.wrappers import Response

    from xunfang.actions.deployment import Actor
    from xunfang.web.site import Member, Site, Visit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RULELESS = frozenset({"static", "health.lives", "health.ready", "health.figures"})
"""Addresses that go by no rules and ask nobody who they are."""
BEFORE_CHANGE = frozenset({"password.page", "password.change", "sign-in.leave", "sign-in.stay", "static"})

BEFORE_BINDING = BEFORE_CHANGE | {"factor.page", "factor.begin", "factor.confirm"}


class StalePage(Refused):
    """The page's token against forged requests is missing or belongs to another session."""

    status = 400
    code = "STALE_PAGE"


def site() -> "Site":
    """Return what this application is composed of."""
    return cast("Site", current_app.extensions["xunfang"])


def visit() -> "Visit":
    """Return the running session; raises NotSignedIn when there is none."""
    found = cast("Visit | None", g.get("visit"))
    if found is None:
        raise NotSignedIn("请先登录。")
    return found


def member() -> "Member":
    """Return the signed-in person; raises NotSignedIn when nobody is."""
    return visit().member


def actor() -> "Actor":
    """Return as whom the signed-in person acts, and from where; raises NotSignedIn when nobody is."""
    return replace(visit().member.actor, address=address(site()))


def member_or_none() -> "Member | None":
    """Return the signed-in person, or None."""
    found = cast("Visit | None", g.get("visit"))
    return found.member if found else None


def install_guard(app: "Flask") -> None:
    """Put the gate before every view of the application."""
    app.before_request(_gate)
    app.teardown_request(_let_go)


def _gate() -> "Response | None":
    if request.url_rule is None:
        return None  # Flask answers 404 or 405
    endpoint = request.url_rule.endpoint
    access = access_of(endpoint)
    request.max_content_length = access.body
    if access.monitors and not is_monitor(site()):
        abort(404)  # as what is not there at all
    if endpoint in RULELESS:
        return None
    site().deployment.rulebooks.hold()
    _look_up_visit()
    if not access.public and g.visit is None:
        return _send_to_sign_in()
    if not access.allows(member_or_none()):
        raise NotAllowed("您的岗位没有这项权限。")
    if first := _must_do_first(endpoint):
        return redirect(url_for(first))
    return _check_meant(endpoint, access.keeps)


def _let_go(_error: BaseException | None) -> None:
    """Every page is made by one release from beginning to end, whatever is published meanwhile."""
    site().deployment.rulebooks.let_go()


def _look_up_visit() -> None:
    token = session_token(request.cookies, site().https)
    g.visit = running_visit(site().deployment, token, site().now()) if token else None


def may_open(endpoint: str) -> bool:
    """Return whether the person may open an address now; whatever goes round the gate asks this first."""
    return access_of(endpoint).allows(member_or_none()) and not _must_do_first(endpoint)


def _must_do_first(endpoint: str) -> str:
    """Return the page of what a person must do before any other opens, "" when there is no such thing."""
    person = member_or_none()
    if person is not None and person.must_change and endpoint not in BEFORE_CHANGE:
        return "password.page"
    if person is not None and person.must_bind and endpoint not in BEFORE_BINDING:
        return "factor.page"
    return ""


def _send_to_sign_in() -> "Response":
    if request.method not in SAFE:
        raise NotSignedIn("登录已过期，请重新登录。")
    there = request.full_path if request.query_string else request.path
    return redirect(url_for("sign-in.page", next=there))


def _check_meant(endpoint: str, keeps: bool) -> "Response | None":
    if meant():
        return None
    if keeps and _same_origin():
        return show_again(endpoint)
    check_gateway(token_matches=_token_matches())
    raise StalePage("页面停留时间过长或已在别处重新登录，本次操作没有执行。请刷新页面后再试一次。")


def meant() -> bool:
    """Return whether the request only looks, or comes from a page of ours that this very session was shown."""
    return request.method in SAFE or (_same_origin() and _token_matches())


def keep_typed(app: "Flask", endpoint: str, again: "Callable[..., Response]") -> None:
    """Say how a page is shown again, with everything typed and a fresh token, when its own token is outdated."""
    app.extensions.setdefault("xunfang-again", {})[endpoint] = again


def show_again(endpoint: str, arguments: "Mapping[str, Any] | None" = None) -> "Response":
    """Return the page of an endpoint shown again; the view that would act is never run."""
    again = cast("Callable[..., Response]", current_app.extensions["xunfang-again"][endpoint])
    return again(**(request.view_args or {} if arguments is None else arguments))


def shows_again(endpoint: str) -> bool:
    """Return whether the page of an endpoint can be shown again with everything typed."""
    return endpoint in current_app.extensions.get("xunfang-again", {})


def _same_origin() -> bool:
    return is_ours(request.headers.get("Origin"))


def _token_matches() -> bool:
    given = request.headers.get("X-Csrf-Token") or request.form.get("csrf", "")
    running = cast("Visit | None", g.visit)
    expected = running.csrf if running else presign_token(request.cookies, site().https)
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def missing() -> NotFound:
    """Return the one answer for what does not exist and what this person may not know of."""
    return NotFound()
