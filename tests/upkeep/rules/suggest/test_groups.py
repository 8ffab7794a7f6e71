"""A group is named when all of it was suggested; the rest is named one by one."""

from pipeline.upkeep.rules.suggest.groups import choose_groups

Group = dict[str, object]


def group(key: str, *members: str) -> Group:
    return {"id": key, "programIndicators": [{"id": one} for one in members]}


def test_a_group_stands_for_its_indicators() -> None:
    named = choose_groups(["a", "b", "b"], [group("both", "a", "b")])

    assert named.groups == ["both"]
    assert named.indicators == []


def test_a_group_with_a_stranger_in_it_is_not_named() -> None:
    named = choose_groups(["a", "b"], [group("mixed", "a", "b", "stranger"), group("one", "b")])

    assert named.groups == ["one"]
    assert named.indicators == ["a"]


def test_an_empty_group_and_no_group_name_nobody() -> None:
    named = choose_groups(["b", "a"], [group("empty"), {"id": "bare"}])

    assert named.groups == []
    assert named.indicators == ["a", "b"]
