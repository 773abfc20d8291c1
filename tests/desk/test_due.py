"""A due moment on the page: what counted, how long it stood still and why, how far and by what it was extended."""

from pathlib import Path

import pytest

from xunfang.clock import parse
from xunfang.desk.due import due_face
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Today
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook

DUE = "2026-10-08T11:00:00+08:00"
CLAUSE = "BS-二(二)3-7"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return compile_rulebook(read_files(Path(__file__).parents[2]), "370304-boshan")


def test_office_time_pauses_and_extensions_are_told(rulebook: Rulebook) -> None:
    told = {
        "deadline": "feedback",
        "limit": "4个工作小时",
        "due_at": DUE,
        "counted": ["2026-09-30", "2026-10-08"],
        "spans": [
            {"from": "2026-09-30T16:00:00+08:00", "until": "2026-09-30T17:30:00+08:00"},
            {"from": "2026-10-08T08:30:00+08:00", "until": DUE},
        ],
        "paused": [
            {"from": "2026-09-01T09:00:00+08:00", "until": "2026-09-08T09:00:00+08:00"},
            {
                "from": "2026-09-08T09:00:00+08:00",
                "until": "2026-09-15T09:00:00+08:00",
                "label": "公示",
                "cites": [CLAUSE],
            },
        ],
        "extended": [{"was": DUE, "now": DUE, "workdays": 5, "by": "王主任", "cites": [CLAUSE]}],
    }
    labels, today = Labels(rulebook), Today(parse("2026-09-30T17:00:00"), rulebook)
    face = due_face(labels, parse(DUE), told, today)
    basis = f"（依据：{labels.in_short([CLAUSE])}）"
    assert face.spans == ("9月30日（周三）16:00至17:30", "10月8日（周四）08:30至11:00")
    stood, posted, longer = face.changes
    assert stood.endswith("中止，不计入期限")
    assert posted.endswith(f"为“公示”期间，不计入期限{basis}")
    assert longer.endswith(basis)
    stopped = due_face(labels, None, told, today, stopped=parse("2026-09-08T09:00:00"), uncounted="公示")
    assert stopped.standing.words == "2026-09-08起为“公示”期间，不计期限"


def test_the_page_says_by_whose_hours_something_ends(rulebook: Rulebook) -> None:
    office = {"unit": "civil-affairs", "label": "区民政局", "season": "6月1日至8月31日", "closes": "18:00"}
    told = {"deadline": "feedback", "limit": "2个工作日", "due_at": DUE, "counted": ["2026-10-08"], "office": office}
    face = due_face(Labels(rulebook), parse(DUE), told, Today(parse("2026-09-30T17:00:00"), rulebook))
    assert face.changes == ("到期日按区民政局6月1日至8月31日的办公时间，18:00下班",)
