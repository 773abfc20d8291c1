"""The command `xunfang`: one module for each group of commands.

rules           check, forms, sample, explain, show, list: read the rules, write nothing
scenarios       test
authoring       diff, new-jurisdiction, fmt, coverage: for those who write rules
papers          print
serving         serve, work
moving          move-cases, replay: what another release, or a draft, makes of cases
releasing       publish, reload, releases, rollback: while the service runs
answering       web: the web process that serve starts
databases       database move
backups         backup, restore
leaving         export-jurisdiction, import-jurisdiction, remove-jurisdiction: a county goes to another installation
keys            keys, keys rotate, keys retire: exchanging the key while the service runs
registry        registry fill: what was decided before the registry was kept
doctoring       doctor: what is not well with this installation
administration  admin create, admin unlock, admin clock, verify
"""

import os
import pwd
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

from xunfang.cli.arguments import Arguments
from xunfang.mishaps import ending_in_words, speak_utf8

GROUPS: Mapping[str, tuple[str, ...]] = {
    "rules": ("check", "forms", "sample", "explain", "show", "list"),
    "scenarios": ("test",),
    "authoring": ("diff", "new-jurisdiction", "fmt", "coverage", "schemas", "reference"),
    "papers": ("print",),
    "serving": ("serve", "work"),
    "releasing": ("publish", "reload", "releases", "rollback", "source"),
    "moving": ("move-cases", "replay"),
    "databases": ("database",),
    "leaving": ("export-jurisdiction", "import-jurisdiction", "remove-jurisdiction"),
    "keys": ("keys",),
    "backups": ("backup", "restore"),
    "answering": ("web",),
    "registry": ("registry",),
    "doctoring": ("doctor",),
    "administration": ("admin", "verify"),
}
"""The commands of each module: only the one that is wanted is read, as a check needs no web server."""


READING = {"rules", "scenarios", "authoring", "papers", "doctoring"}
"""The groups that write nothing of what is kept."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 1 when something is wrong, 2 for a misused command line."""
    speak_utf8()
    words = sys.argv[1:] if arguments is None else list(arguments)
    groups = _groups_of(words)
    parser = _parser(groups)
    given = parser.parse_args(words)
    if not hasattr(given, "run"):
        parser.print_help()
        return 2
    if not {*groups} <= READING and (told := _strange_account(given.config.resolve().parent / "var")):
        print(told, file=sys.stderr)
    try:
        with _ending_as_asked(groups), ending_in_words(given.config.resolve().parent):
            return int(given.run(given))
    except KeyboardInterrupt:
        print("已中止，没有做完。", file=sys.stderr)
        return 130
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


def _strange_account(kept: Path) -> str:
    """Return what is said where root would leave files that the account of the service cannot open, else ""."""
    if os.geteuid() or not kept.is_dir() or not (owner := kept.stat().st_uid):
        return ""
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    return (
        f"注意：现在以 root 运行，而数据归账户 {name}：这次新建的文件（锁、日志、备份），它以后打不开。"
        f"请改用 /usr/local/bin/xunfang，或以 {name} 运行；已经建了的，执行 chown -R {name} {kept.resolve()}。"
    )


@contextmanager
def _ending_as_asked(groups: Sequence[str]) -> Iterator[None]:
    """Let halves be cleared away as after Ctrl+C when the system ends us or the terminal is gone.

    Whoever serves sees to it in their own way; what was ignored before, as by nohup, stays so.
    """
    here = not {"serving", "answering"} & {*groups} and threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)} if here else {}
    ours = [number for number, handler in before.items() if handler is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: object) -> None:
    with suppress(OSError):
        print("已中止，没有做完。", file=sys.stderr)
    raise SystemExit(128 + number)


def _groups_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the modules that a command line is about: all of them where it begins with no command."""
    rest = words[2:] if words[:1] == ["--config"] else words
    return tuple(name for name, commands in GROUPS.items() if {*rest[:1]} & {*commands}) or tuple(GROUPS)


def _parser(groups: Sequence[str]) -> Arguments:
    parser = Arguments(prog="xunfang", description="寻访：县级政府低代码表单与任务平台")
    parser.add_argument(
        "--config", type=Path, default=default_config(), help="部署设置文件，默认为当前目录的 config.toml"
    )
    commands = parser.add_subparsers(title="命令", metavar="命令")
    for group in groups:
        import_module(f"{__name__}.{group}").add_commands(commands)
    return parser


def default_config() -> Path:
    """Return the settings file: what the environment names, that of this folder, or that of the checkout."""
    if named := os.environ.get("XUNFANG_CONFIG"):
        return Path(named)
    here = Path("config.toml")
    return here if here.exists() else Path(__file__).resolve().parents[3] / "config.toml"
