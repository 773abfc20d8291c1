"""config.toml: what belongs to this deployment only."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from xunfang.access_rules import OTHER_KEYS, RANGES, AccessRules, access_problems, access_rules
from xunfang.errors import Refused
from xunfang.issuers import Issuer, is_safe
from xunfang.journal import Keeping

LOG_RANGES: Mapping[str, tuple[int, int]] = {"days": (1, 3650), "megabytes": (100, 1_000_000)}
"""For how many days the journal is kept, and how many megabytes of it at most."""

_KNOWN: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {"serves", "database", "worker", "queue", "files", "keys", "web", "printing", "access", "logs", "oidc"}
    ),
    "database": frozenset({"url"}),
    "worker": frozenset({"with_server"}),
    "queue": frozenset({"url"}),
    "files": frozenset({"path"}),
    "keys": frozenset({"data"}),
    "web": frozenset({"https", "address", "gateways", "monitors"}),
    "printing": frozenset({"fonts"}),
    "oidc": frozenset({"issuer", "client", "secret", "label", "claim", "scopes", "authorities"}),
    "logs": frozenset({"path", *LOG_RANGES}),
    "access": frozenset({*OTHER_KEYS, *RANGES}),
}


Network = IPv4Network | IPv6Network
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1"))
"""Whoever runs on this machine."""

_ADDRESS = re.compile(r"(?:https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?)?")


class SettingsError(Refused):
    """config.toml cannot be used; the message says which key and what to do."""

    code = "SETTINGS_WRONG"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a deployment; every path is absolute."""

    root: Path
    file: Path
    serves: tuple[str, ...]
    database: str
    queue: str
    files: Path
    keys: str
    with_worker: bool
    https: bool
    address: str
    gateways: tuple[Network, ...]
    monitors: tuple[Network, ...]
    fonts: Mapping[str, str]
    access: AccessRules
    logs: Keeping
    oidc: Issuer | None = None

    @property
    def fonts_folder(self) -> Path:
        """Return where the set-up puts the fonts of papers."""
        return self.root / "var" / "fonts"

    def for_demo(self) -> "Settings":
        """Return the same deployment on data of its own, so that demo logins never come near real data.

        Its passwords are public and stay as they are, whatever the deployment asks of its people.
        """
        demo = self.root / "var" / "demo"
        return replace(
            self,
            database=f"sqlite:///{demo / 'xunfang.db'}",
            queue=f"sqlite:///{demo / 'bell.db'}",
            files=demo / "files",
            keys=f"file:{demo / 'keys' / 'data.key'}",
            https=False,
            address="",
            gateways=(),
            monitors=LOOPBACK,
            logs=replace(self.logs, folder=demo / "logs"),
            oidc=None,
            access=AccessRules(password_days=0),
        )


def read_settings(file: Path) -> Settings:
    """Return the settings in a config.toml; raises SettingsError."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"找不到设置文件 {file}。请在部署目录下运行，或用 --config 指明。") from None
    except UnicodeDecodeError:
        raise SettingsError(f"设置文件 {file} 不是 UTF-8 编码。请用记事本“另存为”，编码选 UTF-8。") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"设置文件 {file} {_place_of(error)}写法有误。请看引号、等号、方括号是否写全。") from None
    problems = [*_problems(data)]
    if problems:
        raise SettingsError("\n".join(f"设置文件 {file} 中{problem}。" for problem in problems))
    root = file.resolve().parent
    return Settings(
        root=root,
        file=file.resolve(),
        serves=tuple(data.get("serves", ())),
        database=address_in(root, data.get("database", {}).get("url", "sqlite:///var/xunfang.db")),
        queue=address_in(root, data.get("queue", {}).get("url", "sqlite:///var/bell.db")),
        files=root / data.get("files", {}).get("path", "var/files"),
        keys=_key_source(root, data.get("keys", {}).get("data", "file:var/keys/data.key")),
        with_worker=bool(data.get("worker", {}).get("with_server", True)),
        https=bool(data.get("web", {}).get("https", False)),
        address=data.get("web", {}).get("address", "").rstrip("/"),
        gateways=_networks(data, "gateways"),
        monitors=_networks(data, "monitors") if "monitors" in data.get("web", {}) else LOOPBACK,
        fonts=_fonts(root, data.get("printing", {}).get("fonts", {})),
        access=access_rules(data.get("access", {})),
        logs=_keeping(root, data.get("logs", {})),
        oidc=_issuer(root, data["oidc"]) if "oidc" in data else None,
    )


def _place_of(error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    return f"第{found[1]}行第{found[2]}列" if found else "最后"


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield everything wrong in the settings, each as the end of a sentence."""
    for table, known in _KNOWN.items():
        found = data.get(table, {}) if table else data
        if not isinstance(found, Mapping):
            yield f"“{table}”应写成一节：[{table}]"
            continue
        for key in found:
            if key not in known:
                yield f"不认识“{f'{table}.{key}' if table else key}”，可用的有：{'、'.join(sorted(known))}"
        yield from _kind_problems(table, found)
        if table == "access":
            yield from access_problems(found)
        if table == "oidc" and found:
            yield from _issuer_problems(found, data.get("web", {}))
        if table == "logs":
            yield from _log_problems(found)
        if table == "web":
            yield from _web_problems(found)
    yield from _serves_problems(data.get("serves"))


def _serves_problems(serves: Any) -> Iterator[str]:
    if not serves:
        yield '没有写明服务哪些辖区，如 serves = ["<辖区文件夹名>"]'
    elif not isinstance(serves, list) or not all(isinstance(each, str) for each in serves):
        yield f'“serves”应写成辖区文件夹名的清单，如 ["<辖区文件夹名>"]，现为 {serves!r}'


_SWITCHES = frozenset({"worker.with_server", "web.https"})
_TEXTS = frozenset({"database.url", "queue.url", "files.path", "keys.data", "logs.path"})


def _kind_problems(table: str, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is of another kind than it is read as: "false" in quotes would be taken for a yes."""
    for key, value in found.items():
        name = f"{table}.{key}"
        if name in _SWITCHES and not isinstance(value, bool):
            yield f"“{name}”应写 true 或 false，不加引号，现为 {value!r}"
        if name in _TEXTS and not (isinstance(value, str) and value):
            yield f"“{name}”应写成加引号的文字，现为 {value!r}"
    fonts = found.get("fonts", {}) if table == "printing" else {}
    if not isinstance(fonts, Mapping) or not all(isinstance(each, str) for each in fonts.values()):
        yield f'“printing.fonts”应逐项写字体文件的路径，如 fonts.body = "…"，现为 {fonts!r}'


def _issuer_problems(told: Mapping[str, Any], web: Any) -> Iterator[str]:
    for key in ("issuer", "client"):
        if not isinstance(told.get(key), str) or not told[key]:
            yield f"“oidc.{key}”没有写明"
    if isinstance(told.get("issuer"), str) and not is_safe(told["issuer"]):
        yield f"“oidc.issuer”应为 https 网址，与认证方公布的一字不差，现为 {told['issuer']!r}"
    if "secret" in told and not str(told["secret"]).startswith(("env:", "file:")):
        yield "“oidc.secret”应写作 env:环境变量名 或 file:路径，不要把密码写在这里"
    scopes = told.get("scopes", ["openid"])
    if not isinstance(scopes, list) or "openid" not in scopes:
        yield '“oidc.scopes”应写成清单，其中须有 "openid"'
    if not isinstance(web, Mapping) or not web.get("address"):
        yield "写了 [oidc] 就须写 “web.address”：认证方要把人送回这个网址"


def _issuer(root: Path, told: Mapping[str, Any]) -> Issuer:
    plain = {key: str(told[key]) for key in ("issuer", "client", "label", "claim") if key in told}
    return Issuer(
        **plain,
        secret=_secret(root, str(told.get("secret", ""))),
        scopes=tuple(told.get("scopes", ("openid",))),
        authorities=str(root / told["authorities"]) if told.get("authorities") else "",
    )


def _secret(root: Path, source: str) -> str:
    """Return the secret that a source names; raises SettingsError where it cannot be read."""
    kind, _, rest = source.partition(":")
    if kind == "env":
        return os.environ.get(rest, "")
    try:
        return (root / rest).read_text("utf-8").strip() if kind == "file" else ""
    except OSError as error:
        raise SettingsError(f"“oidc.secret”所指的文件 {root / rest} 读不了：{error.strerror}。") from None


def _log_problems(logs: Mapping[str, Any]) -> Iterator[str]:
    for key, (low, high) in LOG_RANGES.items():
        value = logs.get(key, low)
        if type(value) is not int or not low <= value <= high:
            yield f"“logs.{key}”应为 {low} 至 {high} 之间的整数，现为 {value!r}"


def _keeping(root: Path, logs: Mapping[str, Any]) -> Keeping:
    numbers = {key: logs[key] for key in LOG_RANGES if key in logs}
    return Keeping(root / logs.get("path", "var/logs"), **numbers)


def _web_problems(web: Mapping[str, Any]) -> Iterator[str]:
    address, https = web.get("address", ""), bool(web.get("https", False))
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        yield f"“web.address”应为浏览器里看到的网址，只到域名或端口为止，如 https://host.example，现为 {address!r}"
    elif address and address.startswith("https://") != https:
        yield f"“web.address”是 {address}，与 https = {str(https).lower()} 不一致，请改其中一个"
    yield from _network_problems("gateways", "网关", web.get("gateways", []))
    yield from _network_problems("monitors", "监控服务器", web.get("monitors", []))


def _networks(data: Mapping[str, Any], key: str) -> tuple[Network, ...]:
    return tuple(ip_network(each) for each in data.get("web", {}).get(key, ()))


def _network_problems(key: str, what: str, told: Any) -> Iterator[str]:
    """Yield what is wrong in a list of addresses: gateways that are believed, monitors that are answered."""
    if not isinstance(told, list):
        yield f'“web.{key}”应写成{what}地址的清单，如 ["127.0.0.1"]'
        return
    for each in told:
        try:
            ip_network(each if isinstance(each, str) else "")
        except ValueError:
            yield f"“web.{key}”中的 {each!r} 不是网络地址，应如 10.0.0.5 或 10.0.0.0/24"


def address_in(root: Path, url: str) -> str:
    """Return the address of a database with a relative path of a file made absolute, from the deployment's folder."""
    head = "sqlite:///"
    if url.startswith(head) and not url.startswith(f"{head}/"):
        return f"{head}{root / url.removeprefix(head)}"
    return url


def _key_source(root: Path, source: str) -> str:
    return f"file:{root / source.removeprefix('file:')}" if source.startswith("file:") else source


def _fonts(root: Path, fonts: Mapping[str, str]) -> dict[str, str]:
    return {role: str(root / path) for role, path in fonts.items() if path}
