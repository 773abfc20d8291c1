"""The wizard for a new county: each step keeps all that was typed, and ends in a package that a server can be given."""

import io
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from conftest import JURISDICTION, Town
from drafts import EDITOR, drafting
from flask import Flask

from xunfang.actions.rule_packages import read_new_layer, read_package
from xunfang.cli import main
from xunfang.errors import Invalid
from xunfang.rulebook.model import Rulebook

PLACE = {"name": "临淄区", "code": "370305", "pinyin": "linzi", "city": "淄博市", "base": "model", "word": "临"}
LIST = "代码,名称\n370305001,闻韶街道\n370305001001,闻韶社区居委会\n"


@pytest.fixture
def town(tmp_path: Path, rulebook: Rulebook, web: Flask) -> Iterator[Town]:
    with drafting(tmp_path, rulebook, web, EDITOR) as town:
        yield town


def test_a_county_is_made_step_by_step_and_put_beside_the_others(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser, at = town.client("editor"), "/studio/new-county/"
    assert "照着博山区来" in browser.get(at).get_data(as_text=True)
    far = browser.post(at, {**PLACE, "code": "141122", "step": "check"})
    assert far.status_code == 422
    assert "只能新建本省的" in far.get_data(as_text=True)
    sheet = {**PLACE, "step": "divisions", "sheet": (io.BytesIO(LIST.encode("gb18030")), "a.csv")}
    read = browser.post(at, sheet, content_type="multipart/form-data").get_data(as_text=True)
    assert "读到1个镇（街道）、1个村（社区）" in read
    assert 'value="linzi"' in read, "what was typed travels along"

    typed = {**PLACE, "list": LIST}
    units = browser.post(at, {**typed, "step": "units"}).get_data(as_text=True)
    assert 'value="区民政局"' in units
    unclear = browser.post(at, {**typed, "policy": "一、当日上报。", "step": "check"})
    assert unclear.status_code == 422
    assert "写文件标题" in unclear.get_data(as_text=True)
    done = browser.post(at, {**typed, "step": "check"}).get_data(as_text=True)
    assert "没有错误" in done
    assert "临社救转〔" in done, "what was replaced is shown"

    packed = browser.post(f"{at}made", typed)
    assert packed.headers["Content-Disposition"].startswith("attachment; filename=370305-linzi.zip")
    package = read_new_layer(packed.data)
    assert package.jurisdiction == "370305-linzi"
    assert read_package(packed.data, "370305-linzi") == package, "its own editor could take it in"
    with pytest.raises(Invalid):
        read_package(packed.data, JURISDICTION)

    _installed(tmp_path, packed.data, capsys)


def _installed(folder: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Put a package beside the rules of an installation that has only the nation's and the province's."""
    shipped = Path(__file__).parents[2]
    there = folder / "installation"
    for layer in ("00-national", "37-shandong"):
        for top in ("workflows", "forms", "templates"):
            if (shipped / top / layer).is_dir():
                copytree(shipped / top / layer, there / top / layer)
    (there / "config.toml").write_text("serves = []\n")
    (there / "c.zip").write_bytes(data)
    command = ["--config", str(there / "config.toml"), "new-jurisdiction", "--package", str(there / "c.zip")]
    assert main(command) == 0
    assert 'serves 里加上 "370305-linzi"' in capsys.readouterr().out
    assert "370305001001,闻韶社区居委会,village" in (there / "workflows/370305-linzi/divisions.csv").read_text()
    assert main(command) == 1, "nothing is written over"
