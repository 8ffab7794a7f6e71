"""Counts are summed upwards and over months; means are taken, and never added up."""

from sandbox.state.register import Place, Register

PATHS = {"top": ("top",), "a": ("top", "a"), "b": ("top", "b")}


def numbers(register: Register, period: str, unit: str) -> list[float]:
    return [row.number for row in register.rows("pi", [period], [unit])]


def test_a_count_is_summed_over_months_and_sites() -> None:
    register = Register(PATHS)
    register.count("pi", Place("202610", "a", ()), 2)
    register.count("pi", Place("202611", "b", ()), 3)

    assert numbers(register, "2026Q4", "top") == [5]
    assert numbers(register, "202610", "a") == [2]
    assert numbers(register, "202609", "top") == []


def test_a_mean_is_weighed_by_how_many_it_was_taken_over() -> None:
    register = Register(PATHS)
    register.weighed["pi"] = {
        Place("202610", "a", ()): (30.0, 3),
        Place("202610", "b", ()): (20.0, 1),
    }

    assert numbers(register, "202610", "top") == [12.5]


def test_a_recorded_mean_answers_its_own_question_only() -> None:
    register = Register(PATHS, recorded_means={("pi", "202610", "a"): 7.5})

    assert numbers(register, "202610", "a") == [7.5]
    assert numbers(register, "2026Q4", "a") == []
    assert numbers(register, "202610", "top") == []


def test_a_snapshot_is_not_reached_by_later_counts() -> None:
    register, place = Register(PATHS), Place("202610", "a", ())
    register.count("pi", place, 2)
    snapshot = register.snapshot()

    register.forget("pi", place)

    assert numbers(register, "202610", "a") == []
    assert numbers(snapshot, "202610", "a") == [2]
