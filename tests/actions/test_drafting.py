"""Change sets in the database: drafted by two, tried, reviewed by neither, published, and put on a new base."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from actions.town import FILES, JURISDICTION, Town
from xunfang.actions import draft_replaying, rule_publishing, rule_rollout, trying
from xunfang.actions.acting import Act
from xunfang.actions.deployment import Deployment
from xunfang.actions.drafting import Edited, do_to_change_set, draft_files, edit_draft, open_change_set
from xunfang.actions.rebasing import rebase_change_set
from xunfang.actions.rule_publishing import KeptInFiles, Outcome, outcome_of, outcomes, publish_change_set
from xunfang.actions.rule_source import keep_in, take_from_folder
from xunfang.actions.trying import try_draft
from xunfang.casework import ChangeSet
from xunfang.casework.change_sets import text_digest
from xunfang.casework.gates import Result
from xunfang.casework.rows import DraftEdit, DraftTrial, RuleSource
from xunfang.desk.studio import StudioReadings
from xunfang.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refused, RulebookError
from xunfang.in_force import kept_in_studio
from xunfang.prove.coverage import Coverage
from xunfang.prove.examined import Below, Covering, Examined, Rehearsed, Shown
from xunfang.rulebook.files import Files
from xunfang.store import Event, Job, Message, connection
from xunfang.store.jobs import Hopeless

UNITS = f"workflows/{JURISDICTION}/units.toml"
OLD, NEW, UNIT = "区财政局", "区财政金融局", "finance"


def opened(town: Town, login: str = "editor", title: str = "改单位名称") -> str:
    return open_change_set(town.deployment, town.actor(login), {"title": title, "why": "机构改革"}, town.at)


def rewrite(town: Town, key: str, old: str, new: str, login: str = "editor", path: str = UNITS) -> None:
    def edit(text: str) -> Edited:
        assert old in text
        return Edited(text.replace(old, new), "text.write", f"{old}改为{new}")

    edit_draft(town.deployment, town.actor(login), key, path, edit, town.at)


def the(town: Town, key: str) -> ChangeSet:
    return town.first(ChangeSet, id=key)


class Content:
    """Finds nothing wrong with any draft; what a real one finds is tested with the checking."""

    def examine(self, files: Files, jurisdiction: str, day: date, whose: str = "") -> Examined:
        return Examined(())

    def scenarios(self, files: Files, jurisdiction: str, day: date) -> Rehearsed:
        return Rehearsed()

    def coverage(self, files: Files, jurisdiction: str, *, released: bool = False) -> Covering:
        return Covering((), Coverage((), frozenset(), frozenset(), frozenset(), ()))

    def show(self, files: Files, jurisdiction: str, rule: str = "") -> Shown:
        return Shown()

    def below(self, files: Files, layer: str, served: Mapping[str, Files], day: date) -> tuple[Below, ...]:
        return ()


def passed(town: Town, key: str, months: int = 6) -> None:
    try_draft(town.deployment, Content(), town.actor("editor"), key, town.at, months)
    town.work_until(town.at)


def do(town: Town, verb: str, key: str, login: str, **more: str) -> None:
    told = {"digest": the(town, key).digest}
    version = the(town, key).version
    do_to_change_set(town.deployment, town.actor(login), verb, key, town.at, version=version, told=told, **more)


def approved(town: Town) -> str:
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    passed(town, key)
    do(town, "submit-change-set", key, "editor")
    do(town, "approve-change-set", key, "reviewer")
    return key


def names(town: Town) -> list[str]:
    return [event.name for event in town.rows(Event) if event.name.startswith(("change_set", "release", "rules"))]


def label(town: Town) -> str:
    town.deployment.rulebooks.renew()
    return town.deployment.rulebooks.of(JURISDICTION).units[UNIT].label


def test_nothing_is_live_before_it_is_published_and_then_without_a_restart(town: Town) -> None:
    before = label(town)
    key = approved(town)
    assert label(town) == before
    with pytest.raises(KeptInFiles):
        publish_change_set(town.deployment, town.actor("editor"), key, town.at)
    publish_change_set(town.deployment, town.actor("editor"), key, town.at, takes_over=True)
    assert label(town) == before.replace(OLD, NEW) != before
    assert the(town, key).published == town.deployment.rulebooks.of(JURISDICTION).digest
    assert names(town)[-4:] == ["change_set.approved", "rules.taken_over", "change_set.published", "release.published"]
    told = {message.account: message.title for message in town.rows(Message) if message.kind == "rules"}
    assert told["account-reviewer"] == "规则改动待复核"
    assert told["account-editor"] == "规则改动已复核"
    with pytest.raises(Conflict):
        rewrite(town, key, NEW, OLD)


def test_after_it_the_folder_is_not_what_counts(town: Town) -> None:
    publish_change_set(town.deployment, town.actor("editor"), approved(town), town.at, takes_over=True)
    demo = f"workflows/{JURISDICTION}/demo.toml"
    folder = {
        UNITS: "label = 'broken",
        demo: "x = 1",
        "workflows/37-shandong/x.toml": "",
    }
    kept, problems = kept_in_studio(folder, (), (JURISDICTION,), town.database)
    assert NEW in kept[UNITS]
    assert kept[demo] == "x = 1", "the demonstration stays the folder's"
    assert kept["workflows/37-shandong/x.toml"] == ""
    assert problems == ()
    assert town.first(RuleSource, jurisdiction=JURISDICTION).source == "studio"


def test_a_folder_that_changes_afterwards_becomes_a_change_set_with_both_changes(town: Town) -> None:
    publish_change_set(town.deployment, town.actor("editor"), approved(town), town.at, takes_over=True)
    town.deployment.rulebooks.renew()
    assert take_from_folder(town.deployment, JURISDICTION, FILES, town.at) == "", "nothing changed in the folder"
    folder = {**FILES, UNITS: FILES[UNITS].replace("区社会救助", "社会救助")}
    key = take_from_folder(town.deployment, JURISDICTION, folder, town.at)
    assert (the(town, key).source, the(town, key).status) == ("files", "draft")
    with connection(town.database) as reader:
        both = draft_files(reader, the(town, key))[UNITS]
    assert NEW in both
    assert "区社会救助" not in both
    assert take_from_folder(town.deployment, JURISDICTION, folder, town.at) == "", "it is told once"
    assert keep_in(town.deployment, JURISDICTION, "files", "控制台", town.at)
    assert not keep_in(town.deployment, JURISDICTION, "files", "控制台", town.at)
    kept, _ = kept_in_studio(folder, (), (JURISDICTION,), town.database)
    assert kept == folder


def test_who_had_a_part_in_it_cannot_review_it_under_whatever_role(town: Town) -> None:
    key = opened(town)
    rewrite(town, key, OLD, NEW, login="second-editor")
    passed(town, key)
    do(town, "submit-change-set", key, "editor")
    with pytest.raises(NotAllowed, match="没有参与"):
        do(town, "approve-change-set", key, "second-editor")
    with pytest.raises(NotAllowed):
        do(town, "approve-change-set", key, "editor")
    do(town, "return-change-set", key, "reviewer", reason="名称不对")
    assert the(town, key).status == "returned"


def test_any_edit_voids_the_review(town: Town) -> None:
    key = approved(town)
    rewrite(town, key, NEW, "区财局")
    assert (the(town, key).status, the(town, key).reviewed_digest) == ("draft", "")
    with pytest.raises(Conflict):
        publish_change_set(town.deployment, town.actor("editor"), key, town.at, takes_over=True)
    with pytest.raises(Conflict, match="四关"):
        do(town, "submit-change-set", key, "editor")


def test_two_edit_one_draft_and_neither_loses_anything(town: Town) -> None:
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    with connection(town.database) as reader:
        first = draft_files(reader, the(town, key))[UNITS]
    stale = text_digest(first.replace(NEW, OLD))
    mine = Edited("x = 1", "text.write", "改写", saw=stale)
    with pytest.raises(Conflict, match="没有丢"):
        edit_draft(town.deployment, town.actor("second-editor"), key, UNITS, lambda _: mine, town.at)
    rewrite(town, key, "区社会救助", "社会救助", login="second-editor")
    with connection(town.database) as reader:
        both = draft_files(reader, the(town, key))[UNITS]
    assert NEW in both
    assert "区社会救助" not in both


def test_the_latest_edit_can_be_taken_back(town: Town) -> None:
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    rewrite(town, key, NEW, "区财局")
    last = town.rows(DraftEdit)[-1]
    do_to_change_set(town.deployment, town.actor("editor"), "undo-edit", key, town.at, told={"edit": last.id})
    with connection(town.database) as reader:
        assert NEW in draft_files(reader, the(town, key))[UNITS]
    with pytest.raises(Conflict):
        do_to_change_set(town.deployment, town.actor("editor"), "undo-edit", key, town.at, told={"edit": last.id})


@pytest.mark.parametrize(
    "path",
    [
        "workflows/00-national/roles.toml",
        "workflows/370304-boshan/../x.toml",
        "config.toml",
        "tests/370304-boshan/x.toml",
        "workflows/370304-boshan/x.py",
        "workflows/370304-boshan/.x.toml",
    ],
)
def test_only_files_of_the_own_layer_can_be_edited(town: Town, path: str) -> None:
    key = opened(town)
    with pytest.raises(Refused):
        edit_draft(town.deployment, town.actor("editor"), key, path, lambda _: Edited("", "x", "x"), town.at)


def test_what_does_not_compile_never_comes_as_far_as_a_review(town: Town) -> None:
    key = opened(town)
    rewrite(town, key, OLD, f'{OLD}"\nnonsense = "')
    passed(town, key)
    assert {trial.gate: trial.passed for trial in town.rows(DraftTrial)}["replay"] is False
    with pytest.raises(Conflict, match="四关"):
        do(town, "submit-change-set", key, "editor")
    with connection(town.database) as reader:
        files = draft_files(reader, the(town, key))
    with pytest.raises(RulebookError):
        outcomes(town.deployment, files, JURISDICTION)


def test_past_reports_are_replayed_a_few_at_a_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, keep = list[tuple[bool, int]](), draft_replaying.keep_result

    def noted(act: Act, found: ChangeSet, result: Result) -> None:
        kept.append((result.running, result.details["count"]))
        keep(act, found, result)

    monkeypatch.setattr(draft_replaying, "SECONDS", -1.0)
    monkeypatch.setattr(draft_replaying, "keep_result", noted)
    for _ in range(3):
        town.report()
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    passed(town, key)
    assert kept == [(True, 1), (True, 2), (True, 3), (False, 3)]
    (trial,) = town.rows(DraftTrial, gate="replay")
    assert (trial.passed, trial.told["count"]) == (True, 3)
    assert trial.said.startswith("近6个月的填报3件")
    assert len([event for event in town.events("change_set.tried") if event.told["gate"] == "replay"]) == 1
    assert {job.status for job in town.rows(Job, kind="replay-draft")} == {"done"}


def test_a_replay_that_was_given_up_says_so_and_can_be_asked_for_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Hopeless("坏了")

    town.report()
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    with monkeypatch.context() as failing:
        failing.setattr(draft_replaying, "draft_files", broken)
        passed(town, key)
    page = StudioReadings(town.deployment).one(town.actor("editor"), key)
    assert [gate.state for gate in page.gates] == ["passed", "passed", "passed", "stopped", "none"]
    assert "请再点“检查全部”" in page.next_step
    town.later(minutes=1)
    passed(town, key, months=12)
    page = StudioReadings(town.deployment).one(town.actor("editor"), key)
    assert page.gates[3].state == "passed"
    assert page.gates[3].said.startswith("近12个月的填报1件")


@pytest.mark.parametrize("worked_between", [True, False])
def test_a_replay_that_is_asked_for_twice_in_one_moment_comes_to_its_end(town: Town, worked_between: bool) -> None:
    town.report()
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    try_draft(town.deployment, Content(), town.actor("editor"), key, town.at, 3)
    if worked_between:
        town.work_until(town.at)
    try_draft(town.deployment, Content(), town.actor("second-editor"), key, town.at, 12)
    town.work_until(town.at)
    gate = StudioReadings(town.deployment).one(town.actor("editor"), key).gates[3]
    assert (gate.state, gate.said.partition("，")[0]) == ("passed", "近12个月的填报1件")
    assert {job.status for job in town.rows(Job, kind="replay-draft")} == {"done"}


def test_two_who_check_all_at_once_both_get_an_answer(town: Town) -> None:
    town.report()
    key = opened(town)
    rewrite(town, key, OLD, NEW)
    ready, at = threading.Barrier(2), town.at

    def attempt(login: str) -> tuple[Result, ...]:
        ready.wait(60)
        return try_draft(town.deployment, Content(), town.actor(login), key, at)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(attempt, ("editor", "second-editor")))
    town.work_until(town.at)
    assert [[each.passed for each in results] for results in found] == [[True] * 3] * 2
    assert StudioReadings(town.deployment).one(town.actor("editor"), key).gates[3].state == "passed"


def test_who_inherits_from_a_draft_is_asked_about_as_well(town: Town) -> None:
    found = trying._inheriting(town.deployment, "37-shandong")
    assert set(found) == {JURISDICTION}
    assert UNITS in found[JURISDICTION]
    assert trying._inheriting(town.deployment, JURISDICTION) == {}


def test_it_takes_effect_by_itself_at_its_moment(town: Town) -> None:
    key = approved(town)
    moment = town.at + timedelta(days=1)
    told = {"moment": moment}
    do_to_change_set(town.deployment, town.actor("editor"), "schedule-change-set", key, town.at, told=told)
    town.work_until(moment - timedelta(minutes=1))
    assert the(town, key).status == "waiting"
    assert NEW not in label(town)
    town.later(days=1, minutes=1)
    town.work_until(town.at)
    assert the(town, key).status == "published"
    assert NEW in label(town)


def test_a_draft_on_an_older_base_takes_the_other_change_in(town: Town) -> None:
    other, torn = opened(town, title="另一份"), opened(town, title="同一处")
    rewrite(town, other, "区社会救助", "社会救助")
    rewrite(town, torn, OLD, "财政局")
    first = approved(town)
    publish_change_set(town.deployment, town.actor("editor"), first, town.at, takes_over=True)
    town.deployment.rulebooks.renew()
    rebase_change_set(town.deployment, town.actor("editor"), other, town.at)
    with connection(town.database) as reader:
        both = draft_files(reader, the(town, other))[UNITS]
    assert NEW in both
    assert "区社会救助" not in both
    assert the(town, other).base == the(town, first).published
    with pytest.raises(Conflict, match="同一处"):
        rebase_change_set(town.deployment, town.actor("editor"), torn, town.at)


def test_nobody_else_knows_of_it(town: Town) -> None:
    key = opened(town)
    for login in ("leader", "admin", "operator", "auditor", "township"):
        with pytest.raises((NotAllowed, NotFound)):
            rewrite(town, key, OLD, NEW, login=login)
        with pytest.raises((NotAllowed, NotFound)):
            do(town, "comment-change-set", key, login)


def test_a_change_set_needs_a_name(town: Town) -> None:
    with pytest.raises(Invalid):
        opened(town, title=" ")


def test_where_many_inherit_the_worker_looks_at_all_before_any_and_goes_on_after_a_restart(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = ("one", "two", "three")
    wrong, put = set[str](), list[str]()

    def looked(_deployment: Deployment, files: Files, layer: str, name: str) -> Outcome:
        if name in wrong:
            raise RulebookError([Problem("x.toml", 1, "", "X", f"{name}不能用")])
        return outcome_of(town.deployment, files, layer, layer)

    monkeypatch.setattr(rule_publishing, "AT_ONCE", 2)
    monkeypatch.setattr(rule_publishing, "inheriting", lambda _deployment, _layer: below)
    monkeypatch.setattr(rule_rollout, "inheriting", lambda _deployment, _layer: below)
    monkeypatch.setattr(rule_rollout, "outcome_of", looked)
    monkeypatch.setattr(rule_rollout, "put_below", lambda _deployment, _found, outcome, _at: put.append(outcome))
    monkeypatch.setattr(rule_rollout, "SECONDS", -1.0)
    before, key = label(town), approved(town)
    with pytest.raises(KeptInFiles):
        publish_change_set(town.deployment, town.actor("editor"), key, town.at)
    wrong.add("two")
    assert publish_change_set(town.deployment, town.actor("editor"), key, town.at, takes_over=True) == ""
    assert the(town, key).status == "waiting"
    town.work_until(town.at)
    assert (the(town, key).status, put) == ("approved", []), "one of them would break, so nobody gets it"
    assert "two不能用" in the(town, key).reason
    assert label(town) == before

    wrong.clear()
    publish_change_set(town.deployment, town.actor("editor"), key, town.at + timedelta(minutes=1), takes_over=True)
    town.later(minutes=1)
    town.worker.run_next()
    assert town.first(DraftTrial, gate="publish").said == "正在核对下级辖区，1／3个。"
    town.work_until(town.at)
    assert (the(town, key).status, len(put)) == ("published", len(below))
    assert town.first(DraftTrial, gate="publish").said == "3个下级辖区都已换用。"
    assert label(town) != before
