"""Each command once, in a copy of the rule files: what it prints and with which status it ends."""

import argparse
import io
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from xunfang.cli import GROUPS, main

ROOT = Path(__file__).parents[2]
BOSHAN = "370304-boshan"
COMMANDS = [
    "check",
    "forms",
    "sample",
    "explain",
    "show",
    "test",
    "diff",
    "new-jurisdiction",
    "fmt",
    "coverage",
    "schemas",
    "print",
    "serve",
    "work",
    "admin",
    "verify",
    "publish",
    "reload",
    "releases",
    "rollback",
    "source",
    "move-cases",
    "registry",
    "replay",
]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment of one county: its layers, its settings, and the fonts of the checkout."""
    root = tmp_path_factory.mktemp("deployment")
    for folder in ("forms", "workflows", "templates"):
        for layer in ("00-national", "37-shandong", BOSHAN):
            if (ROOT / folder / layer).exists():
                shutil.copytree(ROOT / folder / layer, root / folder / layer)
    settings = (ROOT / "config.toml").read_text("utf-8").splitlines()
    alone = [f'serves = ["{BOSHAN}"]' if line.startswith("serves") else line for line in settings]
    (root / "config.toml").write_text("\n".join(alone), "utf-8")
    if (ROOT / "var" / "fonts").exists():
        (root / "var").mkdir()
        (root / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")
    return root


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*words: str | Path, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.chdir(root)
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        status = main([str(word) for word in words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def answers(run: Run, **changes: Any) -> str:
    found = json.loads(run("sample", BOSHAN, "clue-report")[1])
    return json.dumps({**found, **changes}, ensure_ascii=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_in_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"xunfang {command}" in capsys.readouterr().out


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    told = capsys.readouterr().out
    listed = {line.split()[0] for line in told.splitlines() if line.startswith("    ") and not line.startswith("     ")}
    assert set(COMMANDS) <= listed


@pytest.mark.parametrize("words", [["no-such-command"], ["explain"], ["sample"], ["print", BOSHAN]])
def test_a_misused_command_line_is_status_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2


@pytest.mark.parametrize("group", GROUPS)
def test_each_module_has_the_commands_it_is_read_for(group: str) -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    import_module(f"xunfang.cli.{group}").add_commands(commands)
    assert tuple(commands.choices) == GROUPS[group]


def test_a_check_reads_no_web_server_and_no_database(root: Path) -> None:
    asked = "import sys; from xunfang.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    command = [sys.executable, "-c", asked, "--config", str(root / "config.toml"), "check", BOSHAN]
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1].split()
    assert {"jinja2", "xunfang.checking"} <= set(read)
    assert not {"flask", "flask_admin", "peewee", "granian", "huey", "weasyprint"} & set(read)


def test_check(run: Run, root: Path) -> None:
    assert run("check", BOSHAN)[0] == 0
    status, out, _ = run("check")
    assert (status, out.count("没有问题")) == (0, 3)
    file = root / "workflows" / BOSHAN / "meetings.toml"
    kept = file.read_text("utf-8")
    file.write_text(kept.replace('convenes = "service-centre"', 'convenes = "service-center"'), "utf-8")
    status, _, err = run("check", BOSHAN)
    file.write_text(kept, "utf-8")
    assert status == 1
    assert "meetings.toml:" in err
    assert "是否想写“service-centre”" in err
    assert "共 1 处问题" in err


def test_a_jurisdiction_may_be_named_by_its_code_and_is_guessed_when_misspelt(run: Run) -> None:
    assert run("check", "370304")[0] == 0
    status, _, err = run("check", "370304-bosan")
    assert status == 1
    assert "370304-boshan" in err


def test_forms(run: Run) -> None:
    status, out, _ = run("forms", BOSHAN)
    assert status == 0
    assert "clue-report  困难线索登记表" in out
    forms = {form["id"]: form for form in json.loads(run("forms", BOSHAN, "--json")[1])}
    assert {"id", "title", "opens", "fields", "schema"} <= set(forms["clue-report"])
    assert forms["clue-report"]["opens"] == ["clue"]


def test_sample(run: Run) -> None:
    status, out, _ = run("sample", BOSHAN, "clue-report")
    assert status == 0
    assert "residence" in json.loads(out)
    status, out, _ = run("sample", BOSHAN, "--notice", "transfer-slip")
    assert status == 0
    assert {"case", "person", "task"} <= set(json.loads(out))
    for words in (["clue-reports"], ["--notice", "transfer"], []):
        status, _, err = run("sample", BOSHAN, *words)
        assert status == 1
        assert "clue-report" in err or "transfer-slip" in err


EXPLAINED = {
    "jurisdiction",
    "rulebook",
    "valid",
    "problems",
    "computed",
    "proposed",
    "tasks",
    "in_time",
    "notices",
    "reminders",
}
TASK = {
    "unit",
    "unit_name",
    "state",
    "deadline",
    "due_at",
    "routes",
    "cites",
    "counted",
    "skipped",
    "provisional",
}


def test_explain_tells_machines_what_would_follow(run: Run) -> None:
    told = answers(
        run,
        found_at="2026-09-29T08:30:00+08:00",
        needs=["medical"],
        illness="脑梗死",
        urgency="ordinary",
        categories=[],
    )
    status, out, _ = run("explain", BOSHAN, "clue-report", "-", "--at", "2026-09-29T10:00", "--json", stdin=told)
    data = json.loads(out)
    assert status == 0
    assert set(data) >= EXPLAINED
    assert (data["jurisdiction"], data["valid"], data["in_time"]) == (BOSHAN, True, {"report-clue": True})
    assert set(data["proposed"][0]) >= {"routes", "lead", "assist"}
    task = next(task for task in data["tasks"] if task["unit"] == "medical-insurance-bureau")
    assert set(task) >= TASK
    assert task["due_at"] == "2026-10-12T17:30:00+08:00"
    assert task["counted"] == ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"]
    assert {skip["date"][:7] for skip in task["skipped"] if skip["reason"] == "国庆节"} == {"2026-10"}
    assert all(set(item) >= {"at", "to", "kind"} for item in data["reminders"])
    assert "transfer-slip" in data["notices"]


def test_explain_tells_people_in_sentences(run: Run, root: Path) -> None:
    (root / "answers.json").write_text(answers(run), "utf-8")
    status, out, _ = run("explain", BOSHAN, "clue-report", "answers.json", "--at", "2026-09-29T10:00")
    assert status == 0
    assert "2026年9月29日 10:00 填报" in out
    assert "主办" in out
    assert "依据：" in out


def test_explain_tells_what_is_wrong_with_answers(run: Run) -> None:
    told = json.loads(run("explain", BOSHAN, "clue-report", "-", "--json", stdin="{}")[1])
    assert not told["valid"]
    assert all(set(problem) == {"field", "message"} for problem in told["problems"])
    for stdin in ("", "[]", "{", '"x"'):
        status, _, err = run("explain", BOSHAN, "clue-report", "-", stdin=stdin)
        assert (status, "Traceback" in err) == (1, False)
    assert run("explain", BOSHAN, "clue-report", "no-such-file.json")[0] == 1
    with pytest.raises(SystemExit):
        run("explain", BOSHAN, "clue-report", "-", "--at", "昨天")


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("units", "medical-insurance-bureau        区医保分局"),
        ("roles", "clerk "),
        ("lists", "need.medical                    医疗救助"),
        ("fields", "clue-report.found_at            发现时间"),
        ("notices", "transfer-slip                   线索转办单"),
        ("acts", "sign-off                        签发"),
        ("facts", "person.age                      年龄"),
        ("clauses", "BS-二(二)3-7"),
    ],
)
def test_list_tells_ids_with_their_labels(run: Run, what: str, line: str) -> None:
    status, out, _ = run("list", BOSHAN, what)
    assert status == 0
    assert any(each.startswith(line) for each in out.splitlines()), out[:2000]


def test_list_names_what_there_is_for_what_there_is_not(run: Run) -> None:
    status, _, err = run("list", BOSHAN, "colours")
    assert status != 0
    assert "没有“colours”这一类编号" in err
    assert "units" in err


def test_show(run: Run) -> None:
    status, out, _ = run("show", BOSHAN)
    assert status == 0
    assert "【时限】" in out
    status, out, _ = run("show", BOSHAN, "feedback")
    assert status == 0
    assert "5个工作日" in out
    assert out.count("·") == 1
    assert run("show", BOSHAN, "no-such-rule")[0] == 1


@pytest.fixture
def scenario(root: Path) -> Iterator[Path]:
    """The one scenario that the county has for the length of a test; that all hold is proved elsewhere."""
    folder, aside = root / "workflows" / BOSHAN / "scenarios", root / "aside"
    folder.rename(aside)
    folder.mkdir()
    shutil.copy(aside / "base.toml", folder)
    yield Path(shutil.copy(aside / "nobody-knows-yet.toml", folder))
    shutil.rmtree(folder)
    aside.rename(folder)


def test_test(run: Run, scenario: Path) -> None:
    status, out, _ = run("test", BOSHAN)
    assert status == 0
    assert "情景共 1 个，符合 1 个，不符 0 个；其中 1 个又在真实系统上走了一遍。" in out
    scenario.write_text(scenario.read_text("utf-8").replace('lead = "service-centre"', 'lead = "task-force"'), "utf-8")
    status, out, _ = run("test", BOSHAN)
    assert status == 1
    assert "应为" in out
    assert "不符 1 个" in out


def test_diff(run: Run) -> None:
    status, out, _ = run("diff", BOSHAN)
    assert status == 0
    assert '± workflows/370304-boshan/jurisdiction.toml:1  name："山东省"（37-shandong） → "博山区"' in out
    assert "＋ workflows/370304-boshan/deadlines.toml" in out
    assert "± templates/370304-boshan/transfer-slip.html：取代 templates/00-national/transfer-slip.html" in out
    assert out.splitlines()[-1].startswith("博山区相对上级（00-national → 37-shandong）共")
    assert run("diff", "00-national")[0] == 0


def test_new_jurisdiction(run: Run, root: Path) -> None:
    status, out, _ = run("new-jurisdiction", "45-guangxi", "--name", "广西壮族自治区")
    assert status == 0
    assert "可以通过检查" in out
    assert tomllib.loads((root / "workflows" / "45-guangxi" / "jurisdiction.toml").read_text("utf-8"))["serves"]
    status, _, err = run("new-jurisdiction", "45-other", "--name", "别处")
    assert status == 1
    assert "已经有一个文件夹" in err
    assert run("new-jurisdiction", "guangxi", "--name", "广西")[0] == 1
    assert run("check", "45-guangxi")[0] == 0
    shutil.rmtree(root / "workflows" / "45-guangxi")


def test_fmt(run: Run, root: Path, tmp_path: Path) -> None:
    file = tmp_path / "units.toml"
    file.write_text('[a]\nlabel   =  "甲"   # 说明\n[b]\nlabel="乙"\n', "utf-8")
    status, out, _ = run("fmt", file, "--check")
    assert (status, file.read_text("utf-8").count("   =")) == (1, 1)
    assert "不合格式 1 个文件" in out
    assert run("fmt", file)[0] == 0
    assert file.read_text("utf-8") == '[a]\nlabel = "甲"   # 说明\n\n[b]\nlabel = "乙"\n'
    assert run("fmt", file, "--check")[0] == 0
    file.write_text("[a\n", "utf-8")
    status, _, err = run("fmt", file)
    assert status == 0
    assert "没有调整" in err


def test_coverage(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("coverage", BOSHAN)
    assert status == 0
    assert out.startswith(f"{BOSHAN}：条款 ")
    assert "系统已能办理" in out
    data = json.loads(run("coverage", BOSHAN, "--json", "--prove")[1])
    assert data["lived"]
    assert not set(data["lived"]) & {*data["partly_lived"], *data["open"]}
    assert len(data["lived"]) + len(data["partly_lived"]) <= data["exercised"]
    assert set(data) == {"clauses", "cited", "exercised", "lived", "partly_lived", "not_software", "open"}
    assert data["exercised"] <= data["cited"] <= data["clauses"]
    assert all(set(item) == {"id", "reason"} for item in data["not_software"])
    assert set(json.loads(run("coverage", "--json")[1])) == {BOSHAN}
    page = tmp_path / "coverage.md"
    assert run("coverage", BOSHAN, "--page", page)[0] == 0
    assert f"## 博山区（{BOSHAN}）" in page.read_text("utf-8")


def test_schemas(run: Run, tmp_path: Path) -> None:
    assert run("schemas", "-o", tmp_path / "schemas")[0] == 0
    kept = {path.name for path in (ROOT / "docs" / "schemas").iterdir()}
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == kept


def test_print(run: Run, root: Path, tmp_path: Path) -> None:
    if not (root / "var" / "fonts").exists():
        pytest.skip("the set-up has not fetched the fonts of papers yet")
    facts, paper = tmp_path / "facts.json", tmp_path / "slip.pdf"
    facts.write_text(run("sample", BOSHAN, "--notice", "transfer-slip")[1], "utf-8")
    status, out, err = run("print", BOSHAN, "transfer-slip", "--facts", facts, "-o", paper)
    assert (status, err) == (0, "")
    assert paper.read_bytes().startswith(b"%PDF")
    assert "线索转办单" in out
    assert run("print", BOSHAN, "no-such-paper", "--facts", facts, "-o", paper)[0] == 1


def test_admin_and_verify(run: Run) -> None:
    new = ("admin", "create", BOSHAN, "zhangsan", "--name", "张三", "--unit", "service-centre")
    status, _, err = run(*new, stdin="123\n")
    assert status == 1
    assert "密码" in err
    status, out, _ = run(*new, stdin="Right-Horse-9\n")
    assert status == 0
    assert "zhangsan" in out
    assert run(*new, stdin="Right-Horse-9\n")[0] == 1
    status, out, _ = run("verify")
    assert status == 0
    assert "留痕链完整。" in out


def test_somebody_vouches_for_the_clock(run: Run) -> None:
    status, out, _ = run("admin", "clock")
    assert status == 0
    assert "后台作业将继续办理" in out
    assert run("verify")[0] == 0


def test_serving_a_demo_to_the_world_is_refused(run: Run) -> None:
    status, _, err = run("serve", "--demo", "--host", "0.0.0.0")
    assert status == 1
    assert "只能监听本机地址" in err


def test_settings_that_name_no_file_are_told(run: Run, tmp_path: Path) -> None:
    status, _, err = run("--config", tmp_path / "nowhere" / "config.toml", "verify")
    assert status == 1
    assert "Traceback" not in err


def test_every_unknown_field_is_named(run: Run) -> None:
    _, out, _ = run("explain", BOSHAN, "clue-report", "-", stdin='{"abc": 1, "def": 2}')
    for name in ("abc", "def"):
        assert f"{name}：本表没有“{name}”这一项。" in out


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ('{"urgency": "\\ud800"}', "urgency：“急难等级”的内容无法识别，请重新填写。"),
        ('{"\\ud800hob": 1}', "hob：本表没有“hob”这一项。"),
        (f'{{"needs": {"[" * 300}{"]" * 300}}}', "needs：“救助需求”的内容无法识别，请重新填写。"),
        ('{\n"needs" 1}', "读不了 -：第 2 行键名后面缺少英文冒号"),
        ("[" * 100_000, "读不了 -：嵌套过深，或者数值过大"),
    ],
)
def test_answers_that_no_form_can_take_are_told_in_chinese(run: Run, stdin: str, told: str) -> None:
    _, out, err = run("explain", BOSHAN, "clue-report", "-", stdin=stdin)
    assert told in out + err


def test_a_dictionary_is_shown_and_a_slip_of_the_pen_is_answered(run: Run) -> None:
    status, out, _ = run("show", BOSHAN, "need")
    assert status == 0
    assert "医疗救助（medical" in out
    status, _, err = run("show", BOSHAN, "nead")
    assert status != 0
    assert "是否想写“need”？" in err


def test_what_is_named_as_people_call_it_is_answered_with_its_id(run: Run) -> None:
    assert run("show", "博山区", "need")[0] == 0
    assert (
        "“困难线索登记表”的编号是 clue-report，请写编号" in run("explain", BOSHAN, "困难线索登记表", "-", stdin="{}")[2]
    )
    assert "“办结告知书”的编号是 closing-notice，请写编号" in run("sample", BOSHAN, "--notice", "办结告知书")[2]


def test_what_is_not_there_is_not_tidied(run: Run) -> None:
    status, out, err = run("fmt", "nosuch")
    assert (status != 0, "没有“nosuch”" in err, "已调整" in out) == (True, True, False)
