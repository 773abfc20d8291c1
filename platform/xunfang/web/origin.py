"""Where a request says it comes from, held against where we are: by what the settings name, or by the Host it came to.

No address of ours is ever built from Host, which whoever asks may write as they like: redirects stay within the site.
"""

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import current_app, request

from xunfang.errors import Refused

if TYPE_CHECKING:
    from xunfang.web.site import Site

_PORTS = {"https": ":443", "http": ":80"}
REWRITES_HOST = (
    "浏览器所在的网址与服务器收到的网址不一致，本次操作没有执行。这不是您操作有误，请告诉系统管理员："
    "网关改写了 Host，须在 config.toml 的 [web] 中写明 address（浏览器里看到的网址，如 https://域名），"
    "或让网关原样转发 Host，然后重新启动。"
)
WANTS_HTTPS = (
    "这个网站设置为只用 https 访问，而浏览器是用 http 打开的，登录无法继续。请改用 https 开头的网址；"
    "没有 HTTPS 网关的，请系统管理员在 config.toml 的 [web] 中写 https = false，然后重新启动。"
)


class GatewayWrong(Refused):
    """The page is ours, but what lies between the browser and us does not tell it: the administrator has to set it."""

    status = 400
    code = "GATEWAY_WRONG"


def is_ours(address: str | None) -> bool:
    """Return whether an Origin or Referer, when there is one, names this site; what is no address names nothing."""
    if address is None:
        return True
    try:
        told = urlsplit(address)
        return bool(told.netloc) and _plain(address) == _plain(_site().address or f"{told.scheme}://{request.host}")
    except ValueError:
        return False


def check_gateway(*, token_matches: bool) -> None:
    """Raise GatewayWrong when a refused change is the fault of how the site is reached, not of whoever asked.

    No other site knows the token of a page of ours; a sign-in over http never has the cookie that https promises.
    """
    origin = request.headers.get("Origin")
    if _site().https and origin is not None and origin.startswith("http://"):
        raise GatewayWrong(WANTS_HTTPS, "HTTPS_EXPECTED")
    if token_matches and not is_ours(origin):
        raise GatewayWrong(REWRITES_HOST)


def _site() -> "Site":
    return cast("Site", current_app.extensions["xunfang"])


def _plain(address: str) -> str:
    """Return scheme, host and port of an address, without the port that its scheme implies; raises ValueError.

    A gateway speaks http with us, whatever the browser speaks with it.
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, ''))}"


def within(location: str) -> str:
    """Return an address of ours without scheme and host."""
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/")
    return parts._replace(scheme="", netloc="", path=path).geturl()
