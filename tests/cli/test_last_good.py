"""One broken rule file: its jurisdiction stands on its last release, the others notice nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.fresh import COUNTY, OTHER, laid_out, settings_in
from xunfang import clock
from xunfang.actions.accounts import NewAccount, create_administrator
from xunfang.actions.deployment import Deployment
from xunfang.actions.signing_in import sign_in
from xunfang.app import create_app, open_deployment
from xunfang.cli import main
from xunfang.cli.serving import _demo, _tell
from xunfang.errors import NotSignedIn, RulebookError
from xunfang.store import Event, connection

PASSWORD = "Zh0ng-hua-Road"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "here", (COUNTY, OTHER))


def _opened(folder: Path) -> Deployment:
    return open_deployment(settings_in(folder))


def _events(deployment: Deployment, name: str) -> list[Event]:
    with connection(deployment.database) as reader:
        return reader.select(Event, name=name)


def _syntax(folder: Path) -> None:
    (folder / "workflows" / OTHER / "jurisdiction.toml").write_text("name = “河上”\n", "utf-8")


def _not_utf8(folder: Path) -> None:
    (folder / "workflows" / OTHER / "divisions.csv").write_bytes("代码,名称\n".encode("gbk"))


def _folder_gone(folder: Path) -> None:
    for kind in ("forms", "workflows", "templates"):
        shutil.rmtree(folder / kind / OTHER, ignore_errors=True)


def _folder_renamed(folder: Path) -> None:
    (folder / "workflows" / OTHER).rename(folder / "workflows" / "heshang")


def _copied_beside(folder: Path) -> None:
    shutil.copytree(folder / "workflows" / OTHER, folder / "workflows" / f"{OTHER}-backup")


def _unknown_file(folder: Path) -> None:
    (folder / "workflows" / OTHER / "rutes.toml").write_text("", "utf-8")


def _link_outside(folder: Path) -> None:
    (folder / "workflows" / OTHER / "lists.toml").unlink(missing_ok=True)
    (folder / "workflows" / OTHER / "lists.toml").symlink_to("/etc/hostname")


def _nameless(folder: Path) -> None:
    (folder / "workflows" / OTHER / "li\u200bsts.toml").write_text("", "utf-8")


BROKEN: tuple[Callable[[Path], None], ...] = (
    _syntax, _not_utf8, _folder_gone, _folder_renamed, _copied_beside, _unknown_file, _link_outside, _nameless,
)  # fmt: skip


@pytest.mark.parametrize("spoil", BROKEN, ids=lambda spoil: spoil.__name__.strip("_"))
def test_a_broken_jurisdiction_stands_on_its_last_release(folder: Path, spoil: Callable[[Path], None]) -> None:
    before = _opened(folder)
    before.database.close()
    spoil(folder)
    for _ in range(2):
        after = _opened(folder)
        assert {name: book.digest for name, book in after.rulebooks.current.items()} == {
            name: book.digest for name, book in before.rulebooks.current.items()
        }
        assert {*after.rulebooks.problems} == {OTHER}
        (kept,) = _events(after, "release.kept")
        assert kept.jurisdiction == OTHER
        assert len(_events(after, "release.published")) == 2
        after.database.close()


def test_whatever_the_compiler_does_stays_with_the_jurisdiction(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _opened(folder).database.close()
    from xunfang import in_force

    genuine = in_force.compile_rulebook

    def stumbling(files: dict[str, str], jurisdiction: str, *, released: bool = False) -> object:
        if jurisdiction == OTHER and files.get("workflows/8888-heshang/jurisdiction.toml", "").startswith("#"):
            raise ValueError("day is out of range for month")
        return genuine(files, jurisdiction, released=released)

    monkeypatch.setattr(in_force, "compile_rulebook", stumbling)
    path = folder / "workflows" / OTHER / "jurisdiction.toml"
    path.write_text("# changed\n" + path.read_text("utf-8"), "utf-8")
    after = _opened(folder)
    assert [problem.code for problem in after.rulebooks.problems[OTHER]] == ["COMPILER_FAILED"]
    assert {*after.rulebooks.current} == {COUNTY, OTHER}
    after.database.close()


def test_it_is_recorded_again_for_other_problems_and_published_once_mended(folder: Path) -> None:
    path = folder / "workflows" / OTHER / "jurisdiction.toml"
    sound = path.read_text("utf-8")
    _opened(folder).database.close()
    for text in ("broken", "broken = ", sound + "\n# better\n"):
        path.write_text(text, "utf-8")
        after = _opened(folder)
        kept, published = len(_events(after, "release.kept")), len(_events(after, "release.published"))
        after.database.close()
    assert (kept, published, after.rulebooks.problems) == (2, 3, {})
    assert main(["--config", str(folder / "config.toml"), "check", OTHER]) == 0


def test_broken_files_still_fail_the_check(folder: Path) -> None:
    _syntax(folder)
    assert main(["--config", str(folder / "config.toml"), "check"]) == 1


def test_without_any_release_only_that_jurisdiction_is_not_served(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deployment = _opened(folder)
    for name in (COUNTY, OTHER):
        rulebook = deployment.rulebooks.of(name)
        role = next(id for id, role in rulebook.roles.items() if "administer" in role.may)
        new = NewAccount(f"admin-{name}", "甲", PASSWORD, name, next(iter(rulebook.units)), (role,))
        create_administrator(deployment, new, clock.now())
    with connection(deployment.database):
        deployment.database.run('UPDATE "release" SET "current" = 0 WHERE "jurisdiction" = ?', (OTHER,))
    deployment.database.close()
    _syntax(folder)
    after = _opened(folder)
    _tell(settings_in(folder), after)
    assert "[RULES_UNUSABLE]" in capfd.readouterr().err
    assert {*after.rulebooks.current} == {COUNTY}
    assert sign_in(after, f"admin-{COUNTY}", PASSWORD, clock.now())
    with pytest.raises(NotSignedIn, match="暂停使用"):
        sign_in(after, f"admin-{OTHER}", PASSWORD, clock.now())
    with pytest.raises(NotSignedIn, match="密码不正确"):
        sign_in(after, f"admin-{OTHER}", "wrong", clock.now())
    after.database.close()


def test_when_nothing_can_be_served_it_is_refused_with_all_problems(folder: Path) -> None:
    for name in (COUNTY, OTHER):
        (folder / "workflows" / name / "jurisdiction.toml").write_text("broken", "utf-8")
    with pytest.raises(RulebookError) as caught:
        _opened(folder)
    assert {problem.file.split("/")[1] for problem in caught.value.problems} == {COUNTY, OTHER}


def test_what_is_wrong_is_told_at_the_console_and_to_whoever_operates(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    roles = folder / "workflows" / "00-roads" / "roles.toml"
    more = '\n[operator]\nlabel = "系统管理员"\nmay = ["operate"]\n'
    roles.write_text(roles.read_text("utf-8") + more, "utf-8")
    deployment = _opened(folder)
    for name in (COUNTY, OTHER):
        rulebook = deployment.rulebooks.of(name)
        (role,) = [id for id, role in rulebook.roles.items() if "operate" in role.may][:1]
        new = NewAccount(f"ops-{name}", "甲", PASSWORD, name, next(iter(rulebook.units)), (role,))
        _made(deployment, new)
    deployment.database.close()
    _syntax(folder)
    after = _opened(folder)
    _tell(settings_in(folder), after)
    told = capfd.readouterr().err
    assert "[RULES_HELD] 8888-heshang" in told
    assert "jurisdiction.toml:1" in told
    assert "缺少仿宋字体文件" in told  # this deployment has no fonts of its own
    app = create_app(settings_in(folder), after)
    for name, shown in ((OTHER, True), (COUNTY, False)):
        token = sign_in(after, f"ops-{name}", PASSWORD, clock.now())
        client = app.test_client()
        client.set_cookie("xunfang", token)
        page = client.get("/system/").get_data(as_text=True)
        assert "运行情况" in page
        assert "缺少仿宋字体文件" in page
        assert "BACKUP_NONE" in page
        assert ("RULES_HELD" in page) is shown
        assert ("没有启用；本辖区沿用上一次发布的规则" in page) is shown
        assert ("workflows/8888-heshang/jurisdiction.toml:1" in page) is shown
        assert "没有启用" in client.get("/guide/").get_data(as_text=True) or not shown
    after.database.close()


def _made(deployment: Deployment, new: NewAccount) -> None:
    from xunfang.actions.accounts import add_account
    from xunfang.actions.acting import acting
    from xunfang.actions.deployment import machinery
    from xunfang.actions.passwords import hashed
    from xunfang.store import Account

    with acting(deployment, machinery(new.jurisdiction, "测试"), clock.now()) as act:
        add_account(act, new, hashed(new.password))
        act.tx.update(Account, {"login": new.login}, {"must_change": False})


def test_a_broken_script_of_one_jurisdiction_leaves_the_other_demonstrations(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = laid_out(tmp_path / "here", (COUNTY, OTHER))
    (folder / "workflows" / COUNTY / "demo.toml").write_text("password = 1", "utf-8")
    (folder / "workflows" / OTHER / "demo.toml").write_text("broken", "utf-8")
    assert _demo(settings_in(folder).for_demo()) == ()
    told = capfd.readouterr()
    assert all(f"{name} 的演示没有做成" in told.err for name in (COUNTY, OTHER))
