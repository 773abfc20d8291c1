"""Commands for those who write rules: diff, new-jurisdiction, fmt, coverage, schemas."""

import argparse
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from xunfang.actions.rule_packages import read_new_layer
from xunfang.checking import compile_all, rule_files
from xunfang.cli.rules import rulebook_of
from xunfang.errors import Refused
from xunfang.prove.coverage import Coverage, coverage
from xunfang.prove.matrix import page_of
from xunfang.rulebook.compile import compile_rulebook, jurisdictions, merged_parts
from xunfang.rulebook.differences import Difference, differences, template_differences
from xunfang.rulebook.editing import editor_schemas
from xunfang.rulebook.files import Files
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.scaffold import TOWNSHIP_NOTE, ScaffoldError, scaffold
from xunfang.rulebook.style import StyleError, styled_json, styled_toml
from xunfang.rules.describe.reference import reference


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    diff = commands.add_parser("diff", help="列出一级规则改动了上级的什么，每个值写在哪里")
    diff.add_argument("jurisdiction")
    diff.set_defaults(run=_diff)
    new = commands.add_parser("new-jurisdiction", help="为一个新辖区生成能通过检查的起步文件")
    new.add_argument("layer", nargs="?", default="", help="区划代码-拼音，如 45-guangxi")
    new.add_argument("--name", default="", help="辖区名称")
    new.add_argument("--package", type=Path, help="“新建县区”里下载的规则包，装进规则文件夹；不用再写辖区和名称")
    new.set_defaults(run=_new)
    style = commands.add_parser("fmt", help="把规则文件调整为统一格式，注释保留，内容不变")
    style.add_argument("paths", nargs="*", type=Path, help="文件或文件夹，不写则为 forms/ 和 workflows/")
    style.add_argument("--check", action="store_true", help="只检查，不改动；有不合格式的文件时返回 1")
    style.set_defaults(run=_style)
    cover = commands.add_parser("coverage", help="政策条款的落实情况：哪些有规则、哪些有情景证明")
    cover.add_argument("jurisdiction", nargs="?")
    cover.add_argument("--json", action="store_true", help="输出 JSON")
    cover.add_argument("--prove", action="store_true", help="逐条改动规则，看情景能否察觉")
    cover.add_argument("--page", type=Path, help="把条款对照表写成一页 Markdown（逐条改动规则来证明）")
    cover.set_defaults(run=_coverage)
    schemas = commands.add_parser("schemas", help="生成各种规则文件的 JSON Schema，供编辑器补全和检查")
    schemas.add_argument("-o", "--output", type=Path, required=True, help="写到哪个文件夹，如 docs/schemas")
    schemas.set_defaults(run=_schemas)
    page = commands.add_parser("reference", help="写出规则文件速查：每种文件、每个键、权限、条件、事实")
    page.add_argument("-o", "--output", type=Path, required=True, help="写到哪个文件，如 docs/reference.md")
    page.set_defaults(run=_reference)


def _reference(given: argparse.Namespace) -> int:
    given.output.write_text(reference(), encoding="utf-8")
    print(f"已写入 {given.output}")
    return 0


def _diff(given: argparse.Namespace) -> int:
    files = rule_files(given.config.resolve().parent)
    rulebook = rulebook_of(given)
    above = rulebook.chain[-2] if len(rulebook.chain) > 1 else ""
    inherited = merged_parts(files, above) if above else {}
    found = list(differences(merged_parts(files, rulebook.id), inherited))
    for item in found:
        print(_difference_line(item))
    own = template_differences(files, rulebook.chain)
    for name, replaced in own:
        print(f"± {name}：取代 {replaced}" if replaced else f"＋ {name}")
    chain = " → ".join(rulebook.chain[:-1]) or "无"
    print(f"{rulebook.info.name}相对上级（{chain}）共 {len(found) + len(own)} 处不同。")
    return 0


def _difference_line(item: Difference) -> str:
    where = f"{item.origin.file}:{item.origin.line}"
    if item.before is None:
        return f"＋ {where}  {item.key} = {_shown(item.after)}"
    was = f"{_shown(item.before)}" + (f"（{item.inherited_from.layer}）" if item.inherited_from else "")
    if item.after is None:
        return f"－ {where}  {item.key}：{was} 不再沿用"
    return f"± {where}  {item.key}：{was} → {_shown(item.after)}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _new(given: argparse.Namespace) -> int:
    root = given.config.resolve().parent
    if given.package is not None:
        return _unpacked(root, given.package)
    try:
        made = scaffold(given.layer, given.name, set(jurisdictions(rule_files(root))))
    except ScaffoldError as error:
        raise Refused(str(error), "SCAFFOLD_WRONG") from None
    _written(root, made)
    compile_rulebook(rule_files(root), given.layer)
    if TOWNSHIP_NOTE in made[f"workflows/{given.layer}/jurisdiction.toml"]:
        print(TOWNSHIP_NOTE.replace("# ", "").rstrip())
    print(f"{given.layer}（{given.name}）可以通过检查了。下一步见 docs/adapt.md。")
    return 0


def _written(root: Path, made: Files) -> None:
    for name, text in made.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        print(f"已生成 {name}")


def _unpacked(root: Path, file: Path) -> int:
    """Put a package of a new jurisdiction beside the other rules, once it is known to work with them."""
    package = read_new_layer(file.read_bytes())
    layer, known = package.jurisdiction, rule_files(root)
    if layer.partition("-")[0] in {other.partition("-")[0] for other in jurisdictions(known)}:
        raise Refused(f"区划代码 {layer.partition('-')[0]} 已经有一个文件夹了，没有装入。", "SCAFFOLD_WRONG")
    book = compile_rulebook({**known, **package.now}, layer)
    _written(root, package.now)
    print(f"{layer}（{book.info.name}）装好了，可以通过检查。接着：")
    print(f'1. 在 config.toml 的 serves 里加上 "{layer}"，重新启动；')
    print(f"2. xunfang admin create {layer} 用户名 --name 姓名 --unit 单位编号，建立它的第一个安全管理员。")
    return 0


def _style(given: argparse.Namespace) -> int:
    root = given.config.resolve().parent
    changed = 0
    for path in _rule_paths(given.paths or [root / "forms", root / "workflows"]):
        text = path.read_text(encoding="utf-8")
        try:
            styled = styled_toml(text) if path.suffix == ".toml" else styled_json(text)
        except (StyleError, tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
            print(f"{path}：没有调整（{error}）", file=sys.stderr)
            continue
        if styled != text:
            changed += 1
            print(path)
            if not given.check:
                path.write_text(styled, encoding="utf-8")
    print(f"{'不合格式' if given.check else '已调整'} {changed} 个文件。")
    return 1 if given.check and changed else 0


def _rule_paths(places: list[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise Refused(f"没有“{place}”这个文件或文件夹。", "FILE_UNKNOWN")
        found += [place] if place.is_file() else [*place.rglob("*.toml"), *place.rglob("*.json")]
    return sorted(found)


def _coverage(given: argparse.Namespace) -> int:
    books = [book for book in _books(given) if book.scenarios]
    if given.page:
        given.page.write_text(page_of(books), encoding="utf-8")
        print(f"已写入 {given.page}")
        return 0
    found = {book.id: coverage(book, prove=given.prove) for book in books}
    if given.json:
        data = {name: _data(item) for name, item in found.items()}
        only = next(iter(data.values())) if given.jurisdiction and data else data
        print(json.dumps(only, ensure_ascii=False, indent=2))
        return 0
    for name, item in found.items():
        own = set(item.clauses)
        print(f"{name}：条款 {len(own)}，有规则 {len(own & item.cited)}，有情景证明 {len(own & item.exercised)}，")
        print(f"    其中系统已能办理 {len(own & item.lived)}，部分已能办理 {len(own & item.partly_lived)}，", end="")
        print(f"只能判断 {len((own & item.exercised) - item.lived - item.partly_lived)}，")
        print(f"    无须软件 {len(item.not_software)}，未落实 {len(item.open)}：{'、'.join(item.open) or '无'}")
    return 0


def _books(given: argparse.Namespace) -> list[Rulebook]:
    if given.jurisdiction:
        return [rulebook_of(given)]
    files = rule_files(given.config.resolve().parent)
    return list(compile_all(files, tuple(jurisdictions(files))).values())


def _schemas(given: argparse.Namespace) -> int:
    given.output.mkdir(parents=True, exist_ok=True)
    for kind, schema in editor_schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        (given.output / f"{kind}.json").write_text(text, encoding="utf-8")
    print(f"已写入 {given.output}")
    return 0


def _data(item: Coverage) -> dict[str, Any]:
    own = set(item.clauses)
    return {
        "clauses": len(own),
        "cited": len(own & item.cited),
        "exercised": len(own & item.exercised),
        "lived": [clause for clause in item.clauses if clause in item.lived],
        "partly_lived": [clause for clause in item.clauses if clause in item.partly_lived],
        "not_software": [{"id": clause, "reason": reason} for clause, reason in item.not_software],
        "open": list(item.open),
    }
