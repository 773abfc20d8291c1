"""Clauses put under a block and taken away, at any depth."""

from xunfang.rulebook.citations import cited_in, citing_also, citing_no_more, key_for


def test_a_clause_is_put_there_once_and_taken_away_wherever_it_stands() -> None:
    data = {"label": "反馈", "cites": ["a"], "limits": [{"limit": "1 workday", "cites": ["b"]}, {"cites": ["b", "a"]}]}
    assert list(cited_in(data)) == ["a", "b", "b", "a"]
    assert citing_also(data, "cites", "b")["cites"] == ["a", "b"]
    assert citing_also(data, "cites", "a") == data
    assert citing_no_more(data, "b") == {
        "label": "反馈",
        "cites": ["a"],
        "limits": [{"limit": "1 workday"}, {"cites": ["a"]}],
    }


def test_each_kind_of_block_says_it_under_its_own_key() -> None:
    assert key_for("workflows/9-x/deadlines.toml", ("feedback",)) == "cites"
    assert key_for("forms/9-x/clue-report.json", ()) == "x-cites"
    assert key_for("workflows/9-x/jurisdiction.toml", ()) == ""
