"""Packages of change sets: carried to another installation, woven into what differs there, or refused."""

import io
import json
import zipfile

import pytest

from actions.test_drafting import NEW, OLD, UNITS, opened, rewrite, the
from actions.town import FILES, JURISDICTION, Town
from xunfang.actions.drafting import Edited, draft_files, edit_draft
from xunfang.actions.rule_packages import package_of, read_package, take_package
from xunfang.casework.rows import DraftEdit
from xunfang.errors import Invalid
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.logos import drawn, logo_path, template_name
from xunfang.store import connection


def packed(**told: object) -> bytes:
    manifest = {
        "format": 1,
        "jurisdiction": JURISDICTION,
        "title": "t",
        "why": "",
        "cites": [],
        "origin": "",
        "gone": [],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**manifest, **told}))
        for name, text in told.get("files", {}).items():  # type: ignore[attr-defined]
            archive.writestr(name, text)
    return made.getvalue()


def test_what_was_drafted_in_one_place_is_a_change_set_in_another(town: Town) -> None:
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    data = package_of(town.deployment, town.actor("reviewer"), key, town.at)
    there = take_package(town.deployment, town.actor("second-editor"), data, town.at)
    assert there != key
    assert (the(town, there).title, the(town, there).source) == ("改单位名称", "package")
    with connection(town.database) as reader:
        assert draft_files(reader, the(town, there)) == draft_files(reader, the(town, key))


def test_a_logo_comes_along_and_is_printed_there_too(town: Town) -> None:
    key, path = opened(town), logo_path(JURISDICTION, "seal")
    logo = drawn('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="4" height="2"/></svg>', "标志")
    added = Edited(logo.text, "logo.add", "加徽标", saw=None)
    edit_draft(town.deployment, town.actor("editor"), key, path, lambda _: added, town.at)
    data = package_of(town.deployment, town.actor("editor"), key, town.at)
    assert dict(read_package(data, JURISDICTION).now) == {path: logo.text}
    there = take_package(town.deployment, town.actor("second-editor"), data, town.at)
    with connection(town.database) as reader:
        files = draft_files(reader, the(town, there))
    assert compile_rulebook(files, JURISDICTION).templates[template_name("seal")] == logo.text


def test_what_differs_here_is_woven_in_and_said(town: Town) -> None:
    there = FILES[UNITS].replace("区社会救助", "社会救助")
    files = {f"new/{UNITS}": there.replace(OLD, NEW), f"base/{UNITS}": there}
    key = take_package(town.deployment, town.actor("editor"), packed(files=files), town.at)
    with connection(town.database) as reader:
        text = draft_files(reader, the(town, key))[UNITS]
    assert NEW in text
    assert "区社会救助" in text, "what differs here stays"
    assert "已合并" in town.rows(DraftEdit)[-1].said


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK nothing",
        packed(format=2),
        packed(jurisdiction="141121-wenshui"),
        packed(files={"new/workflows/00-national/roles.toml": ""}),
        packed(files={"new/../../etc/passwd": ""}),
        packed(gone=["config.toml"]),
        packed(files={f"new/{UNITS}": "x" * (9 << 20)}),
    ],
)
def test_what_is_no_package_of_this_layer_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_package(data, JURISDICTION)
