"""What a scenario did not see is told in a sentence, not in the words of a program."""

from xunfang.prove.scenarios.comparing import Failure


def test_a_failure_reads_as_a_sentence() -> None:
    failure = Failure(4, "reminded", [{"to": "housing-bureau", "kind": "due"}], [])
    assert str(failure) == "第4步“reminded”：应为 （to housing-bureau，kind due），实为 无"


def test_values_are_told_as_people_read_them() -> None:
    assert str(Failure(1, "joined", True, False)).endswith("应为 是，实为 否")
    assert str(Failure(1, "printed", ["a", "b"], ["a"])).endswith("应为 a、b，实为 a")
    assert not {"{", "[", "'"} & set(str(Failure(1, "tasks", [{"unit": "x", "due_at": None}], {})))
