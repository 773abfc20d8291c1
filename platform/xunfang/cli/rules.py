"""Commands that read the rules and write nothing: check, forms, sample, explain, show, list."""

import argparse
import atexit
import gc
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from xunfang import clock
from xunfang.characters import compact
from xunfang.checking import check_all, collecting_nothing, rule_files, stopping
from xunfang.clock import local
from xunfang.demo.proofs import demo_problems
from xunfang.errors import Problem, Refused, RulebookError
from xunfang.rulebook.compile import compile_rulebook, jurisdictions
from xunfang.rulebook.files import Files, UnreadableError, parse_document, slip
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.lint.standing import standing_aside
from xunfang.rulebook.model import Entry, EntryList, Field, IntakeForm, Rulebook
from xunfang.rules.describe import sentences
from xunfang.rules.describe.names import kinds_of_names, names
from xunfang.rules.explain import due_sentence, explanation
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers
from xunfang.rules.sample_papers import sample_notice_facts
from xunfang.rules.units import unit_label
from xunfang.settings import Settings, read_settings

Commands = Any


def add_commands(commands: Commands) -> None:
    """Add this group's commands to the command line."""
    check = commands.add_parser("check", help="检查规则文件，列出全部问题")
    check.add_argument("jurisdiction", nargs="?", help="辖区，如 62；不写则检查全部")
    check.set_defaults(run=_check)
    forms = commands.add_parser("forms", help="列出一个辖区的表单和字段")
    forms.add_argument("jurisdiction")
    forms.add_argument("--json", action="store_true", help="输出 JSON")
    forms.set_defaults(run=_forms)
    sample = commands.add_parser("sample", help="给出一份能通过检查的表单答案，或一种文书的事实")
    sample.add_argument("jurisdiction")
    sample.add_argument("form", nargs="?", help="表单编号")
    sample.add_argument("--notice", help="文书编号：输出印制这种文书的事实")
    sample.set_defaults(run=_sample)
    _add_explain(commands)
    show = commands.add_parser("show", help="用中文句子列出现行规则及其依据")
    show.add_argument("jurisdiction")
    show.add_argument("id", nargs="?", help="只看一条规则")
    show.set_defaults(run=_show)
    listing = commands.add_parser("list", help="列出规则里可以写的编号和名称：单位、角色、字典、权限、事实等")
    listing.add_argument("jurisdiction")
    listing.add_argument("what", metavar="种类", help="、".join(kinds_of_names()))
    listing.set_defaults(run=_list)


def _add_explain(commands: Commands) -> None:
    explain = commands.add_parser("explain", help="说明一份填报会引起什么：分给谁、何时到期、为什么；不写入任何数据")
    explain.add_argument("jurisdiction")
    explain.add_argument("form")
    explain.add_argument("answers", type=Path, help="答案的 JSON 文件，- 表示标准输入")
    explain.add_argument("--at", type=_moment, default=None, help="填报时刻，如 2026-09-29T10:00；不写则为现在")
    explain.add_argument("--json", action="store_true", help="输出 JSON")
    explain.set_defaults(run=_explain)


def _moment(text: str) -> datetime:
    try:
        return clock.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"看不懂的时刻“{text}”，应如 2026-09-29T10:00") from None


def rulebook_of(given: argparse.Namespace) -> Rulebook:
    """Return the rules of the jurisdiction that a command names, by its folder's name or its code alone."""
    files = rule_files(given.config.resolve().parent)
    return compile_rulebook(files, _full(files, str(given.jurisdiction)))


def _full(files: Files, wanted: str) -> str:
    """Return the folder's name of a jurisdiction that is named by it, by its code alone or as people call it."""
    code = next((name for name in jurisdictions(files) if name.split("-", 1)[0] == wanted), "")
    return code or next((name for name in jurisdictions(files) if _called(files, name) == wanted), wanted)


def _called(files: Files, jurisdiction: str) -> str:
    """Return the name of a jurisdiction as its own file says it, "" where that cannot be read."""
    path = f"workflows/{jurisdiction}/jurisdiction.toml"
    try:
        return str(parse_document(path, files[path]).data.get("name", "")) if path in files else ""
    except UnreadableError:
        return ""


def _form_of(rulebook: Rulebook, form: str) -> IntakeForm:
    if form not in rulebook.forms:
        labels = {id: each.title for id, each in rulebook.forms.items()}
        raise Refused(f"没有表单“{form}”。{which_is_there(form, labels)}", "FORM_UNKNOWN")
    return rulebook.forms[form]


def which_is_there(word: str, labels: Mapping[str, str]) -> str:
    """Return what to write instead of a word that is no id: the id of what is called so, or all there are."""
    found = next((id for id, label in labels.items() if compact(label) == compact(word)), "")
    return f"“{word}”的编号是 {found}，请写编号" if found else f"可用的有：{'、'.join(labels)}"


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file, or on standard input for "-"; raises Refused."""
    try:
        data = json.loads(sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refused(f"读不了 {path}：{_why_unreadable(error)}", "FILE_UNREADABLE") from None
    if not isinstance(data, dict):
        raise Refused(f"{path} 的最外层应为一对花括号。", "FILE_UNREADABLE")
    return data


def _why_unreadable(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行{slip(error.msg)}"
    if isinstance(error, FileNotFoundError):
        return "没有这个文件"
    if isinstance(error, OSError):
        return "文件打不开，请检查是不是文件、有没有权限"
    return "不是 UTF-8 编码" if isinstance(error, UnicodeDecodeError) else "嵌套过深，或者数值过大"


def _print_json(data: Any) -> int:
    print(json.dumps(data, ensure_ascii=False, indent=2))
    return 0


@collecting_nothing()
def _check(given: argparse.Namespace) -> int:
    atexit.register(gc.freeze)  # nor is garbage looked for when the process ends, and all of it goes
    files, at = rule_files(given.config.resolve().parent), clock.now()
    names = {given.jurisdiction: _full(files, given.jurisdiction)} if given.jurisdiction else {}
    names = names or {name: name for name in jurisdictions(files)}
    besides = partial(_besides, read_settings(given.config), at)
    found = check_all(files, tuple(names.values()), clock.local_date(at), besides)
    if problems := stopping(found):
        raise RulebookError(problems)
    for warning in sorted({warning for each in found for warning in each.warnings}):
        print(f"提醒：{warning}")
    for name, each in zip(names, found, strict=True):
        print(f"{name}（{each.name}）没有问题。规则集 {each.digest[:12]}")
    return 0


def _besides(settings: Settings, at: datetime, files: Files, book: Rulebook) -> Iterator[Problem]:
    """Yield what an administrator should look at besides, though the rules can be used."""
    yield from demo_problems(files, book, at)
    yield from standing_aside(book, settings.serves)
    if book.id in settings.serves:
        yield from _left_behind(settings, book)


def _left_behind(settings: Settings, book: Rulebook) -> Iterable[Problem]:
    """Return what in the database beside these files stands on divisions that they know no more.

    Where there is no database yet, nothing is read of what could open one.
    """
    file = settings.database.removeprefix("sqlite:///")
    if file != settings.database and not Path(file).exists():
        return ()
    found: Iterable[Problem] = import_module("xunfang.cli.beside").left_behind(settings, book)
    return found


def _forms(given: argparse.Namespace) -> int:
    rulebook = rulebook_of(given)
    if given.json:
        return _print_json([_form_data(rulebook, form) for form in rulebook.forms.values()])
    for form in rulebook.forms.values():
        print(f"{form.id}  {form.title}")
        for field in form.fields.values():
            print(f"    {field.name:<24}{field.title}{'（必填）' if field.required else ''}")
    return 0


def _form_data(rulebook: Rulebook, form: IntakeForm) -> dict[str, Any]:
    opens = [flow.id for flow in rulebook.flows.values() if form.id in flow.opens_on]
    return {
        "id": form.id,
        "title": form.title,
        "opens": opens,
        "fields": [_field_data(rulebook, field) for field in form.fields.values()],
        "schema": dict(form.schema),
    }


def _field_data(rulebook: Rulebook, field: Field) -> dict[str, Any]:
    entries = rulebook.lists[field.list].entries.values() if field.list else ()
    data: dict[str, Any] = {
        "name": field.name,
        "title": field.title,
        "kind": field.kind,
        "section": field.section,
        "required": field.required,
        "conditional": field.when is not None or field.required_when is not None,
        "sensitive": field.sensitive,
        "choices": [{"id": entry.id, "label": entry.label} for entry in entries if _is_offered(entry)],
        "serves": list(field.serves),
    }
    if field.row:
        data["columns"] = [_field_data(rulebook, column) for column in field.row.fields.values()]
    return data


def _is_offered(entry: Entry) -> bool:
    """Return whether an entry can be chosen today, as the page offers it."""
    return entry.retired is None or entry.retired >= clock.local_date(clock.now())


def _list(given: argparse.Namespace) -> int:
    if given.what not in kinds_of_names():
        hint = did_you_mean(given.what, kinds_of_names(), len(kinds_of_names()))
        raise Refused(f"没有“{given.what}”这一类编号。{hint}", "KIND_UNKNOWN")
    for id, label in names(rulebook_of(given), given.what):
        print(f"{id:<32}{label}" if label else id)
    return 0


def _sample(given: argparse.Namespace) -> int:
    rulebook = rulebook_of(given)
    if given.notice:
        if given.notice not in rulebook.notices:
            labels = {id: each.label for id, each in rulebook.notices.items()}
            raise Refused(f"没有文书“{given.notice}”。{which_is_there(given.notice, labels)}", "NOTICE_UNKNOWN")
        return _print_json(sample_notice_facts(rulebook, rulebook.notices[given.notice]))
    if not given.form:
        raise Refused(f"请写明表单编号：{'、'.join(rulebook.forms)}", "FORM_UNKNOWN")
    form = _form_of(rulebook, given.form)
    try:
        return _print_json(sample_answers(rulebook, form))
    except ValueError as error:
        hint = "本级没有村（社区）的，请换一个办理个案的辖区。"
        raise Refused(
            f"“{form.title}”在{rulebook.info.name}编不出能通过检查的答案：{error} {hint}", "SAMPLE_NONE"
        ) from None


def _explain(given: argparse.Namespace) -> int:
    rulebook = rulebook_of(given)
    form = _form_of(rulebook, given.form)
    at = given.at or clock.now()
    data = explanation(rulebook, decide(rulebook, form.id, read_json(given.answers), at))
    if given.json:
        return _print_json(data)
    _print_explanation(rulebook, data, at)
    return 0


def _print_explanation(rulebook: Rulebook, data: dict[str, Any], at: datetime) -> None:
    print(f"{rulebook.info.name}，{local(at):%Y年%-m月%-d日 %H:%M} 填报")
    for problem in data["problems"]:
        print(f"  {problem['field']}：{problem['message']}")
    for name, kept in data["in_time"].items():
        print(f"{rulebook.deadlines[name].label}：{'按时' if kept else '超过时限'}")
    for worked_out in data["sums"]:
        print(f"计算：{worked_out}")
    if data["needs_confirmation"]:
        print("拟办意见须经批示；下面按照批示同意拟办意见列出：")
    for task in data["tasks"]:
        due = clock.parse(task["due_at"]) if task["due_at"] else None
        print(f"· {task['unit_name']}主办" + (f"，{due:%Y年%-m月%-d日 %H:%M}前" if due else ""))
        print(f"    依据：{'、'.join(task['cites']) or '领导批示'}")
        if due:
            print(f"    {due_sentence(task)}")
    for task in data["assisting"]:
        print(f"· {task['unit_name']}协办")
    for reminder in data["reminders"]:
        moment = clock.parse(reminder["at"])
        print(f"  {moment:%m-%d %H:%M} 提醒 {unit_label(rulebook, reminder['to'])}（{reminder['kind']}）")
    for kind in data["notices"]:
        print(f"印发：{rulebook.notices[kind].label}")


def _show(given: argparse.Namespace) -> int:
    rulebook = rulebook_of(given)
    found = False
    for section in sentences(rulebook):
        lines = [line for line in section.lines if given.id in (None, line.id)]
        if lines:
            found = True
            print(f"\n【{section.title}】")
            for line in lines:
                print(f"· {line.text}")
    if given.id in rulebook.lists:
        found = True
        _print_list(rulebook.lists[given.id])
    if not found:
        known = [line.id for section in sentences(rulebook) for line in section.lines]
        hint = did_you_mean(str(given.id), [*known, *rulebook.lists])
        raise Refused(f"没有编号为“{given.id}”的规则。{hint}", "RULE_UNKNOWN")
    return 0


def _print_list(choices: EntryList) -> None:
    print("\n【字典】")
    for entry in choices.entries.values():
        retired = f"，用到{entry.retired:%Y-%m-%d}为止" if entry.retired else ""
        print(f"· {entry.label}（{entry.id}{retired}）")
