"""Restored settings name what was restored, and otherwise say what they said."""

import tomllib

import pytest

from xunfang.backup.settings_here import settings_here

HERE = "sqlite:///var/xunfang.db"


def test_what_is_elsewhere_is_here_now_and_the_rest_stays() -> None:
    text = (
        '# 说明\nserves = ["a"]\n[database]  # 统一的库\nurl = "postgresql://x@far/xunfang"\n[files]\npath = "/mnt/f"\n'
        '[keys]\ndata = "file:/secret/k"\n[queue]\nurl = "sqlite:////run/bell.db"\n\n[web]\nhttps = true # 网关\n'
    )
    made = settings_here(text, HERE)
    assert made is not None
    assert tomllib.loads(made) == {
        "serves": ["a"],
        "database": {"url": HERE},
        "files": {"path": "var/files"},
        "keys": {"data": "file:var/keys/data.key"},
        "web": {"https": True},
    }
    assert "# 说明" in made
    assert "# 网关" in made


def test_keys_in_the_environment_stay_there() -> None:
    made = settings_here('serves = ["a"]\n[keys]\ndata = "env:KEYS"\n', 'postgresql://x@\\"y/z')
    assert made is not None
    assert tomllib.loads(made)["keys"] == {"data": "env:KEYS"}
    assert tomllib.loads(made)["database"] == {"url": 'postgresql://x@\\"y/z'}


@pytest.mark.parametrize("text", ['database = { url = "x" }\nserves = ["a"]\n', "serves = [", "database.url = 'x'\n"])
def test_what_cannot_be_read_line_by_line_is_left_to_a_person(text: str) -> None:
    assert settings_here(text, HERE) is None
