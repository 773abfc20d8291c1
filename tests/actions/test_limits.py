"""What one account, or one address, may do in an hour; across processes and restarts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.town import Town, other_id, report
from xunfang.access_rules import AccessRules
from xunfang.actions.reading import attach, reveal
from xunfang.actions.submitting import submit
from xunfang.errors import TooOften
from xunfang.store import Attachment, Submission, Tally, new_id, transaction
from xunfang.store.tallies import prune_tallies

pytestmark = pytest.mark.usefixtures("cheap_passwords")

FEW = AccessRules(reports_hourly=3, photos_hourly=3, reveals_hourly=3, address_times=2)


@pytest.fixture
def strict(town: Town) -> Town:
    town.deployment = replace(town.deployment, access=FEW)
    return town


def _report(town: Town, by: str, serial: int, address: str = "", key: str = "") -> str:
    answers = {**report(), "id_number": other_id(serial)}
    actor = replace(town.actor(by), address=address)
    return submit(town.deployment, actor, "clue-report", answers, key or new_id(), town.at).submission


def test_reports_of_one_account_are_limited_and_told_when_to_go_on(strict: Town) -> None:
    first = new_id()
    _report(strict, "village", 1, key=first)
    for serial in (2, 3):
        _report(strict, "village", serial)
    for _ in range(3):
        with pytest.raises(
            TooOften, match="提交填报已达3次的上限，请3月10日15:01以后再试。您填写的内容没有丢失"
        ) as over:
            _report(strict, "village", 4)
    assert over.value.status == 429
    assert len(strict.rows(Submission)) == 3
    told = strict.events("access.limited")
    assert [event.told for event in told] == [{"what": "report", "most": 3, "by": "account"}], "one in each hour"
    assert _report(strict, "village", 1, key=first) == first, "a repeated send is answered as before"
    _report(strict, "township", 5)
    strict.later(hours=1)
    _report(strict, "village", 4)


def test_an_address_is_limited_whoever_acts_from_it(strict: Town) -> None:
    for serial, by in enumerate(["village"] * 3 + ["township"] * 2 + ["sibling"]):
        _report(strict, by, serial, "here")
    for by in ("sibling", "township"):
        with pytest.raises(TooOften, match="从同一网络地址提交填报已达6次"):
            _report(strict, by, 9, "here")
    _report(strict, "sibling", 9, "there")
    assert strict.events("access.limited")[0].told["by"] == "address"


def test_a_colleague_who_has_done_little_goes_on_behind_the_same_address(town: Town) -> None:
    rules = AccessRules(reports_hourly=12, address_times=2)
    town.deployment = replace(town.deployment, access=rules)
    busy = ["village"] * 12 + ["township"] * 12
    for serial, by in enumerate(busy):
        _report(town, by, serial, "the office")
    for serial in (30, 31):
        _report(town, "sibling", serial, "the office")
    with pytest.raises(TooOften, match="从同一网络地址"):
        _report(town, "sibling", 32, "the office")
    assert len(town.rows(Submission)) == 26


def test_photos_and_reveals_are_limited(strict: Town) -> None:
    case, village = strict.dispatched(), strict.actor("village")
    for n in range(3):
        attach(strict.deployment, village, "a.jpg", "image/jpeg", b"photo %d" % n, strict.at)
        reveal(strict.deployment, strict.actor("doctor"), case, "phone", "电话核实入户时间", strict.at)
    with pytest.raises(TooOften, match="上传照片"):
        attach(strict.deployment, village, "a.jpg", "image/jpeg", b"photo 4", strict.at)
    with pytest.raises(TooOften, match="查看完整信息"):
        reveal(strict.deployment, strict.actor("doctor"), case, "phone", "电话核实入户时间", strict.at)
    assert len(strict.rows(Attachment)) == len(strict.events("person.revealed")) == 3


def test_no_limit_where_the_deployment_wants_none(town: Town) -> None:
    town.deployment = replace(town.deployment, access=replace(FEW, reports_hourly=0))
    for serial in range(5):
        _report(town, "village", serial, "here")
    assert not town.rows(Tally)


def test_what_was_counted_is_forgotten_when_its_time_is_over(strict: Town) -> None:
    _report(strict, "village", 1, "here")
    with transaction(strict.database, "") as tx:
        assert prune_tallies(tx, strict.at + timedelta(minutes=59)) == 0
        assert prune_tallies(tx, strict.at + timedelta(hours=1)) == 2


def test_a_limit_reached_by_a_clock_that_had_leapt_is_none_when_it_is_back(strict: Town) -> None:
    back = strict.at
    strict.later(days=60)
    for serial in range(3):
        _report(strict, "village", serial)
    strict.at = back
    _report(strict, "village", 9)
