"""config.toml is told everything that is wrong with it at once, by file and key; `[access]` has two presets."""

from datetime import timedelta
from pathlib import Path

import pytest

from xunfang.access_rules import PRESETS, AccessRules
from xunfang.clock import parse
from xunfang.settings import LOOPBACK, Settings, SettingsError, read_settings

ROOT = Path(__file__).parents[1]
SERVES = 'serves = ["370304-boshan"]\n'


def settings(folder: Path, text: str) -> Settings:
    file = folder / "config.toml"
    file.write_text(SERVES + text, "utf-8")
    return read_settings(file)


def test_without_access_it_is_dengbao(tmp_path: Path) -> None:
    assert settings(tmp_path, "").access == PRESETS["dengbao"] == AccessRules()


def test_single_keys_stand_over_the_policy(tmp_path: Path) -> None:
    found = settings(tmp_path, '[access]\npolicy = "asvs"\nidle_minutes = 15\npassword_length = 16\n').access
    assert (found.idle, found.password_length, found.password_kinds, found.password_days) == (
        timedelta(minutes=15), 16, 1, 0,
    )  # fmt: skip


def test_everything_wrong_is_told_at_once_with_file_and_key(tmp_path: Path) -> None:
    wrong = (
        '[access]\npolicy = "strict"\nidle_minutes = 5\nfailures = true\npassword_length = "12"\npassword_kinds = 5\n'
        "longest = 3\n[web]\nhttp = true\n"
    )
    with pytest.raises(SettingsError) as error:
        settings(tmp_path, wrong)
    lines = error.value.message.splitlines()
    assert all(str(tmp_path / "config.toml") in line for line in lines)
    for key in ("policy", "idle_minutes", "failures", "password_length", "password_kinds", "longest"):
        assert sum(f"“access.{key}”" in line for line in lines) == 1
    assert "不认识“web.http”" in error.value.message
    assert "“access.idle_minutes”应为 10 至 480 之间的整数，现为 5" in error.value.message
    assert len(lines) == 7


def test_a_table_written_as_a_value_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="应写成一节"):
        settings(tmp_path, 'access = "asvs"\n')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[web]\nhttps = "false"\n', "“web.https”应写 true 或 false"),
        ('[worker]\nwith_server = "no"\n', "“worker.with_server”应写 true 或 false"),
        ("[database]\nurl = 5\n", "“database.url”应写成加引号的文字"),
        ('[database]\nurl = ""\n', "“database.url”应写成加引号的文字"),
        ("[queue]\nurl = 5\n", "“queue.url”应写成"),
        ("[files]\npath = 5\n", "“files.path”应写成"),
        ('[files]\npath = ""\n', "“files.path”应写成"),
        ("[keys]\ndata = 5\n", "“keys.data”应写成"),
        ("[logs]\npath = []\n", "“logs.path”应写成"),
        ("[printing]\nfonts = 5\n", "“printing.fonts”应逐项写"),
        ("[printing]\nfonts.body = 5\n", "“printing.fonts”应逐项写"),
        ("[web\nhttps = true\n", "第2行第5列写法有误。请看引号"),
        ("[web]\nhttps =", "写法有误。请看引号"),
    ],
)
def test_what_is_of_another_kind_is_told(tmp_path: Path, text: str, told: str) -> None:
    """https = "false" was taken for a yes; a number for a path was an error that nobody foresaw."""
    with pytest.raises(SettingsError) as error:
        settings(tmp_path, text)
    assert told in error.value.message
    assert "Expected" not in error.value.message


@pytest.mark.parametrize("serves", ['"370304-boshan"', "[1]", '[["370304-boshan"]]', "5"])
def test_whom_it_serves_is_a_list_of_names(tmp_path: Path, serves: str) -> None:
    """A single name in quotes was read letter by letter, as thirteen jurisdictions."""
    (tmp_path / "config.toml").write_text(f"serves = {serves}\n", "utf-8")
    with pytest.raises(SettingsError, match="“serves”应写成辖区文件夹名的清单"):
        read_settings(tmp_path / "config.toml")


def test_the_commented_defaults_of_the_shipped_file_are_the_defaults(tmp_path: Path) -> None:
    text = (ROOT / "config.toml").read_text("utf-8")
    lines = text[text.index("[access]") : text.index("# [oidc]")].splitlines()[1:]
    told = "\n".join(line.removeprefix("# ") for line in lines if line)
    assert len(told.splitlines()) == 1 + len(AccessRules.__dataclass_fields__)
    assert settings(tmp_path, f"[access]\n{told}").access == AccessRules()


def test_a_demonstration_keeps_its_public_passwords(tmp_path: Path) -> None:
    found = settings(tmp_path, "[access]\npassword_length = 40\npassword_days = 1\n").for_demo().access
    assert not found.expired(parse("2000-01-01"), parse("2026-01-01"))
    assert found.password_length == AccessRules().password_length


def test_monitors_are_this_machine_unless_others_are_named(tmp_path: Path) -> None:
    assert settings(tmp_path, "").monitors == LOOPBACK
    found = settings(tmp_path, '[web]\nmonitors = ["10.0.0.5", "10.1.0.0/24"]\n')
    assert [str(each) for each in found.monitors] == ["10.0.0.5/32", "10.1.0.0/24"]
    assert found.for_demo().monitors == LOOPBACK
    assert settings(tmp_path, "[web]\nmonitors = []\n").monitors == ()


@pytest.mark.parametrize("key", ["gateways", "monitors"])
def test_what_is_no_address_is_told(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match=f"“web.{key}”中的 'host' 不是网络地址"):
        settings(tmp_path, f'[web]\n{key} = ["host"]\n')
    with pytest.raises(SettingsError, match=f"“web.{key}”应写成"):
        settings(tmp_path, f'[web]\n{key} = "127.0.0.1"\n')


def test_an_issuer_is_told_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s\n")
    text = 'address = "https://here.example"\nhttps = true\n[oidc]\nissuer = "https://sso.example"\nclient = "c"\n'
    found = settings(tmp_path, f'[web]\n{text}secret = "file:secret"\n').oidc
    assert found is not None
    assert (found.issuer, found.client, found.secret, found.claim) == ("https://sso.example", "c", "s", "sub")
    assert settings(tmp_path, "").oidc is None
    with pytest.raises(SettingsError) as error:
        settings(tmp_path, '[oidc]\nissuer = "http://sso.example"\nsecret = "plain"\nscopes = ["email"]\n')
    for key in ("oidc.issuer", "oidc.client", "oidc.secret", "oidc.scopes", "web.address"):
        assert f"“{key}”" in error.value.message
