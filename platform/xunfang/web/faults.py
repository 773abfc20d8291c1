"""Error pages: what happened, what to do now, and nothing about the inside of the system."""

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import current_app, g, jsonify, make_response, render_template, request, url_for
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from xunfang.actions.auditing import MISSED, REFUSED, note_refusal
from xunfang.actions.operating import note_damage
from xunfang.errors import Invalid, NotAllowed, NotFound, NotSignedIn, Refused
from xunfang.store import Damaged
from xunfang.web.again import carried
from xunfang.web.guard import meant, member_or_none, shows_again, site
from xunfang.web.measures import measures_of
from xunfang.web.origin import is_ours, within
from xunfang.web.traces import request_id

if TYPE_CHECKING:
    from flask import Flask, Response

log = logging.getLogger(__name__)

WORDS: dict[int, tuple[str, str, str]] = {
    400: ("请求未能处理", "这次提交的内容不完整或已失效。", "请返回上一页，刷新后再试一次。"),
    401: ("需要登录", "登录已过期或尚未登录。", "请重新登录后继续。"),
    403: ("没有权限", "您的岗位没有这项权限。", "确因工作需要的，请安全管理员调整角色。"),
    404: ("没有找到", "没有找到这一页，或者它不在您的查看范围内。", "请核对网址，或从首页重新进入。"),
    405: ("不支持的操作", "这个网址不能直接打开。", "请从首页重新进入。"),
    409: ("没有执行", "在您操作之前，这件事已经有了变化。", "请看过最新情况，再决定如何办理。"),
    410: ("文件缺失", "这份文件在服务器上找不到或已损坏。", "其他内容不受影响；请把文书编号或个案编号告诉系统管理员。"),
    413: (
        "内容过大",
        "提交的内容或照片超过了上限。",
        "单张照片不超过5MB，文字内容不超过1MB，部门名单不超过60MB，期初数据不超过20MB；请缩小或者分成几份后重新提交。",
    ),
    422: ("内容有误", "填写的内容有误。", "请按提示修改后重新提交。"),
    429: ("操作过于频繁", "短时间内尝试次数过多。", "请稍等几分钟再试。"),
    500: ("系统出错", "系统没能完成这次操作，内容未被改动。", "请稍后再试；如多次出现，请把出错的时间告诉系统管理员。"),
    503: ("系统繁忙", "系统暂时无法处理请求。", "请稍等片刻再试。"),
}


KEEPS_REASON = frozenset({409, 422, 429, 503})
"""Refusals after which the reason that somebody wrote is shown, to be used again."""


def install_faults(app: "Flask") -> None:
    """Answer every error of the application with a page (or JSON, when that was asked for) in Chinese."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Return whether a script of ours, not a person, is asking."""
    return request.accept_mimetypes.best == "application/json"


def _refused(error: Refused) -> "Response":
    try:
        if isinstance(error, NotAllowed):
            _leave_trace(REFUSED)
        elif isinstance(error, NotFound) and request.view_args:
            _leave_trace(MISSED)
        elif isinstance(error, Damaged):
            log.error("%s met a damaged database", request.endpoint)
            note_damage(site().deployment, site().now())
    except Refused as untraced:  # the database is busy or full: nobody is refused without a trace, so try again later
        return fault(untraced.status, told(untraced), untraced.code)
    if isinstance(error, NotSignedIn) and not wants_json():
        try:
            return _sign_in_again()
        except HTTPException as unreadable:  # what came with it is too large to be kept behind the sign-in
            return _http(unreadable)
    return fault(error.status, told(error), error.code)


def _leave_trace(what: str) -> None:
    """Record that a signed-in person was refused; what another site's page made the browser send tells nothing.

    A body too large to look for the token in counts as not meant.
    """
    person = member_or_none()
    with suppress(HTTPException):
        if person is not None and request.endpoint and meant():
            note_refusal(site().deployment, person.actor, request.endpoint, site().now(), what)


def told(error: Refused) -> str:
    """Return a refusal in words, with every single problem of an invalid entry."""
    problems = tuple(problem.message for problem in error.problems) if isinstance(error, Invalid) else ()
    return "".join(dict.fromkeys((error.message, *problems)))


def _http(error: HTTPException) -> "Response":
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    return fault(status)


def _unexpected(error: Exception) -> "Response":
    log.error("%s failed, request %s", request.endpoint, request_id(), exc_info=error)
    return fault(500)


def fault(status: int, message: str = "", code: str = "") -> "Response":
    """Return the answer for an error: its status, what happened, and what the person can do."""
    g.outcome = code or f"HTTP_{status}"
    if status == 503:
        measures_of(current_app).refused(code)
    title, usual, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    advice += f"这次请求的编号是 {request_id()}。" if status == 500 else ""
    if wants_json():
        return make_response(jsonify(status=status, code=code, message=message or usual), status)
    if request_ctx.url_adapter is None:  # it came for a host that cannot be: no page can name its addresses
        return make_response(usual, status, {"Content-Type": "text/plain; charset=utf-8"})
    page = _framed(
        status=status,
        title=title,
        message=message or usual,
        advice=advice,
        typed=request.form.get("reason", "") if status in KEEPS_REASON else "",
        back=_back(),
        home=url_for("queue.index") if member_or_none() else url_for("sign-in.page"),
    )
    return make_response(page, status)


def _framed(status: int, **words: str) -> str:
    """Return the page of an error within the site for whoever is in it, so that they can go on from there."""
    person = member_or_none()
    if person is None or person.must_change or person.must_bind or status >= 500:
        return render_template("pages/fault.html", layout="plain.html", status=status, **words)
    first_page = current_app.extensions["admin"][0].index_view
    return str(first_page.render("pages/fault.html", layout="admin/base.html", status=status, **words))


def _back() -> str:
    """Return the address the person came from, when it is one of ours."""
    came_from = request.referrer or ""
    return within(came_from) if came_from and is_ours(came_from) else url_for("queue.index")


def _sign_in_again() -> "Response":
    from xunfang.web.views.sign_in import entry_page

    g.visit = None
    endpoint = request.url_rule.endpoint if request.url_rule else ""
    if not shows_again(endpoint) or not is_ours(request.headers.get("Origin")):  # what another site sent is nobody's
        return entry_page(problem="登录已过期，请重新登录。", status=401)
    return entry_page(carried=[("carried_to", request.path), *carried()], status=401)
