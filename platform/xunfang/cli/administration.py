"""Commands for the console of the server: the first administrator, unlocking, the clock, verifying the record."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from typing import Any

from xunfang import clock
from xunfang.actions.accounts import NewAccount, create_administrator, unlock_from_console
from xunfang.actions.auditing import is_cut_off, noted_head
from xunfang.actions.factors import reset_factor_from_console
from xunfang.actions.operating import trust_clock
from xunfang.app import open_console
from xunfang.errors import Refused
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import kind_of
from xunfang.settings import read_settings
from xunfang.starting import Store, read_store
from xunfang.store import (
    ChainHead,
    chain_head,
    chained,
    common_until,
    connection,
    look_through,
    verify_piece,
    without_password,
)


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    admin = commands.add_parser("admin", help="管理员账号").add_subparsers(title="命令", metavar="命令", required=True)
    create = admin.add_parser("create", help="建立第一个安全管理员账号；密码从终端或标准输入读取")
    create.add_argument("jurisdiction")
    create.add_argument("login", help="用户名")
    create.add_argument("--name", required=True, help="姓名")
    create.add_argument("--unit", required=True, help="所在单位的编号")
    create.add_argument("--role", help="角色编号，默认取规则中第一个能管理账号（administer）的角色")
    create.set_defaults(run=_create)
    unlock = admin.add_parser("unlock", help="解除一个用户名因连续输错密码受到的登录限制；安全管理员自己登录不了时用")
    unlock.add_argument("login", help="用户名")
    unlock.set_defaults(run=_unlock)
    reset = admin.add_parser("reset-factor", help="解除一个账号的第二验证；唯一的安全管理员丢了手机和恢复码时用")
    reset.add_argument("login", help="用户名")
    reset.set_defaults(run=_reset_factor)
    clock_ = admin.add_parser("clock", help="时钟曾经走快、现已校准：确认现在的时间无误，恢复后台作业")
    clock_.set_defaults(run=_clock)
    verify = commands.add_parser("verify", help="核验留痕链：改动、删除或调换任何一条都会被发现")
    told = "以前抄录的最新一条，每个辖区可以给一条；给出后，从末尾截去的留痕也会被发现"
    verify.add_argument("--head", metavar="辖区:编号:校验码", action="append", default=[], help=told)
    verify.add_argument("--demo", action="store_true", help="核验演示数据的留痕")
    verify.set_defaults(run=_verify)


def _create(given: argparse.Namespace) -> int:
    deployment = open_console(read_settings(given.config))
    if given.jurisdiction not in deployment.rulebooks.current:
        served = "、".join(deployment.rulebooks.current)
        raise Refused(f"本部署不服务“{given.jurisdiction}”，只服务：{served}。", "LAYER_UNKNOWN")
    rulebook = deployment.rulebooks.of(given.jurisdiction)
    role = given.role or administering_role(rulebook)
    refuse_unknown(rulebook, given.unit, role)
    password = _password()
    new = NewAccount(given.login, given.name, password, given.jurisdiction, given.unit, (role,))
    create_administrator(deployment, new, clock.now())
    print(f"已建立账号 {given.login}，首次登录时须修改密码。")
    return 0


def administering_role(rulebook: Rulebook) -> str:
    """Return the first role of a jurisdiction that may administer accounts; raises Refused when its rules have none."""
    found = next((id for id, role in rulebook.roles.items() if "administer" in role.may), "")
    if not found:
        text = f"{rulebook.info.name}的规则中没有任何角色能管理账号，请先在 roles.toml 中为一个角色写上 administer。"
        raise Refused(text, "NO_ADMINISTERING_ROLE")
    return found


def refuse_unknown(rulebook: Rulebook, unit: str, role: str) -> None:
    """Raise Refused for a unit or a role that the rules do not know, with where their ids are listed."""
    own = rulebook.id
    if kind_of(unit) not in rulebook.units:
        text = f"{rulebook.info.name}没有编号为“{unit}”的单位。各单位的编号用 xunfang list {own} units 查看。"
        raise Refused(text, "UNIT_UNKNOWN")
    if role not in rulebook.roles:
        text = f"{rulebook.info.name}没有编号为“{role}”的角色。各角色的编号用 xunfang list {own} roles 查看。"
        raise Refused(text, "ROLE_UNKNOWN")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("密码：")
    if first != getpass.getpass("再输一次："):
        raise Refused("两次输入的密码不一致，账号没有建立。", "PASSWORDS_DIFFER")
    return first


def _unlock(given: argparse.Namespace) -> int:
    unlock_from_console(open_console(read_settings(given.config)), given.login, clock.now())
    print(f"已解除对用户名 {given.login} 的登录限制，现在可以再次登录。")
    return 0


def _reset_factor(given: argparse.Namespace) -> int:
    reset_factor_from_console(open_console(read_settings(given.config)), given.login, clock.now())
    print(f"已解除用户名 {given.login} 的第二验证，已有的登录全部退出；请本人用密码登录后重新绑定。")
    return 0


def _clock(given: argparse.Namespace) -> int:
    settings = read_settings(given.config)
    read_store(settings).database.close()  # a clock is trusted for a database that is there, not for a new one
    deployment = open_console(settings)
    now = clock.now()
    trust_clock(deployment, now)
    print(f"已确认服务器时间为 {clock.local(now):%Y-%m-%d %H:%M}，后台作业将继续办理。")
    return 0


def _verify(given: argparse.Namespace) -> int:
    noted = [noted_head(text) for text in given.head if text]
    settings = read_settings(given.config)
    settings = settings.for_demo() if given.demo else settings
    print(f"数据库：{_place(settings.database)}")
    store = read_store(settings)
    try:
        return _verified(store, noted)
    finally:
        store.database.close()


def _verified(store: Store, noted: Sequence[ChainHead]) -> int:
    if wrong := look_through(store.database):
        print("\n    ".join(("[DATABASE_DAMAGED] 数据库文件有损坏：", *wrong)), file=sys.stderr)
        print("请停止服务，把整个数据目录原样复制留底，再用最近一次完好的备份恢复。", file=sys.stderr)
    with connection(store.database):
        jurisdictions = chained(store.database)
    unknown = {head.jurisdiction for head in noted} - {"", *jurisdictions}
    for jurisdiction in sorted(unknown):
        print(f"抄录的辖区“{jurisdiction}”在这个数据库中没有留痕：这不是抄录时的那个数据库。", file=sys.stderr)
    alone = len(jurisdictions) == 1
    whole = [_chain_is_whole(store, jurisdiction, noted, alone=alone) for jurisdiction in jurisdictions]
    if all(whole) and jurisdictions:
        print("留痕链完整。以上各辖区的最新一条请抄录在本系统以外，下次用 --head 核对。")
    return 0 if all(whole) and not wrong and not unknown else 1


def _chain_is_whole(store: Store, jurisdiction: str, noted: Sequence[ChainHead], *, alone: bool) -> bool:
    """Verify one chain and print what was found; a head without a jurisdiction is of the only one, or of all."""
    with connection(store.database):
        common = common_until(store.database)
    heads: list[ChainHead | None] = [head for head in noted if head.jurisdiction == jurisdiction]
    heads += [head for head in noted if not head.jurisdiction and (alone or head.n <= common)]
    for head in heads or [None]:
        piece = verify_piece(store.database, store.keys.chain, jurisdiction, head=head)
        if piece.broken is not None:
            print(f"{jurisdiction} 的留痕链从第 {piece.broken} 条起不符：该条被改动、删除或调换过。", file=sys.stderr)
            return False
        if head is not None and is_cut_off(piece, head):
            print(
                f"{jurisdiction} 的留痕链只有 {piece.last} 条，抄录的第 {head.n} 条不在其中："
                "末尾可能被截去，或者这不是抄录时的那个数据库。",
                file=sys.stderr,
            )
            return False
    with connection(store.database):
        print(f"最新一条：{chain_head(store.database, jurisdiction)}")
    return True


def _place(url: str) -> str:
    """Return where a database is, without the password that its address may carry."""
    return without_password(url).removeprefix("sqlite:///")
