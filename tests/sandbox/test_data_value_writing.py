"""Two engines write the same request: one row by row, the other as a whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.messages.envelopes import RefusalError
from tests.sandbox.value_world import (
    ADMIN,
    BOYS,
    CLERK,
    DEFAULT,
    NEIGHBOUR,
    cells,
    outcome,
    row,
    send,
    small_world,
    table,
)

OLD, NEW = "2.42", "2.43"

TEXTS = table("""
    element     | text                  | old                 | new
    deInteger01 | 7                     | 7                   | 7
    deInteger01 | -7                    | -7                  | -7
    deInteger01 | 22.0                  | E7619               | 22
    deInteger01 | 22.5                  | E7619               | E8122
    deInteger01 | 007                   | E7619               | E8122
    deInteger01 | +5                    | E7619               | E8122
    deInteger01 | ' 5 '                 | E7619               | E8122
    deInteger01 | 2147483647            | 2147483647          | 2147483647
    deInteger01 | 2147483648            | E7619               | E8122
    deInteger01 | 0                     | nothing             | 0
    deInteger01 | ''                    | E7618               | E8120
    deNumber001 | 1.50                  | 1.50                | 1.50
    deNumber001 | 1e3                   | E7619               | E8122
    deNumber001 | .5                    | E7619               | E8122
    deNumber001 | 0.0                   | nothing             | 0.0
    deAverage01 | 0                     | 0                   | 0
    dePercent01 | 99.5                  | 99.5                | 99.5
    dePercent01 | 101                   | E7619               | E8122
    deBoolean01 | 1                     | true                | true
    deBoolean01 | T                     | true                | true
    deBoolean01 | 0                     | false               | false
    deBoolean01 | yes                   | E7619               | true
    deBoolean01 | maybe                 | E7619               | E8122
    deTrueOnly1 | 1                     | true                | true
    deTrueOnly1 | false                 | E7619               | E8122
    deDate00001 | 2026-10-01T00:00:00   | 2026-10-01T00:00:00 | 2026-10-01T00:00:00
    deDate00001 | 2026-02-30            | E7619               | E8122
    deDate00001 | 01/10/2026            | E7619               | E8122
    deOption001 | M                     | M                   | M
    deOption001 | Male                  | E7621               | E8123
    deOption001 | m                     | E7621               | E8123
""")


@pytest.mark.parametrize(("element", "text", "old", "new"), TEXTS)
def test_a_value_text_is_stored_or_refused_as_its_generation_does(
    element: str, text: str, old: str, new: str
) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        world = small_world()

        answer = send(world, generation, [row(element, text)])

        said = outcome(answer).split()
        told = said[3].partition("[")[0] if len(said) > 3 else cells(world).get(element, "nothing")
        assert (generation, told) == (generation, expected)


BAD_ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "a value of another type",
        row("deNumber001", "abc"),
        "409 WARNING 1,0,1,0 E7619[1]",
        "200 WARNING 0,1,1,0 E8122[1]",
    ),
    (
        "an org unit the form is not assigned to",
        row("deNumber001", orgUnit="ouCountry01"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8022[0,1]",
    ),
    (
        "an org unit that nobody knows",
        row(orgUnit="ouNowhere01"),
        "409 WARNING 1,0,1,0 E7612[1]",
        "409 ERROR 0,0,0,0 E8022[0,1]",
    ),
    (
        "a closed org unit",
        row(orgUnit="ouClosed001"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8031[0,1]",
    ),
    (
        "an element of another data set",
        row("deLocked001"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8020[0,1]",
    ),
    (
        "an element that nobody knows",
        row("deUnknown01"),
        "409 WARNING 1,0,1,0 E7610[1]",
        "409 ERROR 0,0,0,0 E8020[0,1]",
    ),
    (
        "an option combo of another combo",
        row("deNumber001", categoryOptionCombo=BOYS),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8024[0,1]",
    ),
    (
        "the default combo, written out, where there are categories",
        row("deSplit0001", categoryOptionCombo=DEFAULT),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8024[0,1]",
    ),
    (
        "no combo where there are categories",
        row("deSplit0001"),
        "200 SUCCESS 2,0,0,0",
        "200 SUCCESS 0,2,0,0",
    ),
    (
        "an attribute option combo that nobody knows",
        row("deNumber001", attributeOptionCombo="cocUnknown1"),
        "409 WARNING 1,0,1,0 E7615[1]",
        "409 ERROR 0,0,0,0 E8023[0,1]",
    ),
    (
        "a week in a monthly form",
        row(period="2026W10"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8021[0,1]",
    ),
    (
        "the month that is not over",
        row(period="202611"),
        "409 WARNING 1,0,1,0 E7641[1]",
        "409 ERROR 0,0,0,0 E8030[0,1]",
    ),
    (
        "the same cell again",
        row(value="2"),
        "200 SUCCESS 1,0,0,0",
        "409 ERROR 0,0,0,0 E8128[0,1]",
    ),
    (
        "no element at all",
        {"period": "202610", "orgUnit": "ouClinic001", "value": "1"},
        "409 WARNING 1,0,1,0 E7610[1]",
        "409 ERROR 0,0,0,0 E8102[-1]",
    ),
]


@pytest.mark.parametrize(
    ("bad", "old", "new"),
    [case[1:] for case in BAD_ROWS],
    ids=[case[0].replace(" ", "_") for case in BAD_ROWS],
)
def test_a_bad_row_beside_a_good_one(bad: dict[str, Any], old: str, new: str) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        world = small_world()

        answer = send(world, generation, [row(), bad])

        assert (generation, outcome(answer)) == (generation, expected)
        written = answer[1]["response"]["status"] != "ERROR"
        assert (cells(world).get("deInteger01") == "1") is written


def test_a_period_that_is_no_period_is_one_row_to_the_old_engine_and_a_500_to_the_new() -> None:
    rows = [row(), row("deNumber001", period="2025XX")]

    assert outcome(send(small_world(), OLD, rows)) == "409 WARNING 1,0,1,0 E7611[1]"
    with pytest.raises(RefusalError) as refusal:
        send(small_world(), NEW, rows)
    assert refusal.value.status == 500


@pytest.mark.parametrize(
    "bad", [row(value=12), row(value=True), row(deleted="true"), row(comment=3)]
)
def test_the_new_engine_wants_texts_and_booleans_where_they_belong(bad: dict[str, Any]) -> None:
    world = small_world()

    assert send(world, OLD, [bad])[0] in (200, 409)
    with pytest.raises(RefusalError) as refusal:
        send(small_world(), NEW, [bad])
    assert refusal.value.status == 500


def test_the_new_engine_names_all_rows_and_hides_the_culprit_in_args() -> None:
    _, body = send(small_world(), NEW, [row(), row(orgUnit="ouCountry01")])

    conflict = body["response"]["conflicts"][0]
    assert conflict["objects"] == {"args": "dsForm00001-[ouCountry01]"}
    assert conflict["indexes"] == body["response"]["rejectedIndexes"] == [0, 1]


def test_new_changed_and_unchanged_values_are_told_apart_by_the_old_engine_only() -> None:
    rows = [row(value="1"), row("deNumber001", "2"), row("deText00001", "new")]
    for generation, expected in ((OLD, "200 SUCCESS 1,1,1,0"), (NEW, "200 SUCCESS 0,3,0,0")):
        world = small_world()
        send(world, generation, [row(value="1"), row("deNumber001", "1")])

        assert outcome(send(world, generation, rows)) == expected


ZEROS = table("""
    before     | old answer          | old cell  | new cell
    nothing    | 200 SUCCESS 0,0,0,0 | nothing   | 0
    a value    | 200 SUCCESS 0,0,0,1 | 0 deleted | 0
    a deletion | 200 SUCCESS 1,0,0,0 | 0         | 0
""")


@pytest.mark.parametrize(("before", "said", "old", "new"), ZEROS)
def test_a_zero_is_dropped_deletes_or_is_stored(before: str, said: str, old: str, new: str) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        world = small_world()
        if before != "nothing":
            send(world, generation, [row(value="5")])
        if before == "a deletion":
            send(world, generation, [row(value="5", deleted=True)])

        answer = send(world, generation, [row(value="0")])

        assert cells(world).get("deInteger01", "nothing") == expected
        assert outcome(answer) == (said if generation == OLD else "200 SUCCESS 0,1,0,0")


def test_a_blank_deletes_on_the_old_server_and_stays_on_the_new() -> None:
    for generation, expected in ((OLD, "None deleted"), (NEW, " ")):
        world = small_world()
        send(world, generation, [row(value="5")])

        send(world, generation, [row(value=" ")])

        assert cells(world) == {"deInteger01": expected}


DELETIONS = table("""
    generation | sent           | there | said                | cell
    2.42       | flag and value | yes   | 200 SUCCESS 0,0,0,1 | 5 deleted
    2.42       | flag           | yes   | 200 SUCCESS 0,0,0,1 | None deleted
    2.42       | flag and value | no    | 200 SUCCESS 1,0,0,0 | 5 deleted
    2.42       | flag           | no    | 200 SUCCESS 0,0,1,0 | nothing
    2.42       | strategy       | yes   | 200 SUCCESS 0,0,0,1 | None deleted
    2.42       | strategy       | no    | 200 SUCCESS 0,0,1,0 | nothing
    2.43       | flag and value | yes   | 200 SUCCESS 0,1,0,0 | 5 deleted
    2.43       | flag           | yes   | 200 SUCCESS 0,1,0,0 | None deleted
    2.43       | flag and value | no    | 200 SUCCESS 0,1,0,0 | 5 deleted
    2.43       | flag           | no    | 200 SUCCESS 0,1,0,0 | None deleted
    2.43       | strategy       | yes   | 200 SUCCESS 0,0,0,1 | None deleted
    2.43       | strategy       | no    | 200 SUCCESS 0,0,0,1 | None deleted
""")


@pytest.mark.parametrize(("generation", "sent", "there", "said", "cell"), DELETIONS)
def test_a_deletion_by_flag_or_by_strategy(
    generation: str, sent: str, there: str, said: str, cell: str
) -> None:
    world = small_world()
    if there == "yes":
        send(world, generation, [row(value="5")])
    value = "5" if "value" in sent else None
    strategy = "DELETE" if sent == "strategy" else "CREATE_AND_UPDATE"

    flagged = row(value=value, deleted="flag" in sent)
    answer = send(world, generation, [flagged], importStrategy=strategy)

    assert outcome(answer) == said
    assert cells(world).get("deInteger01", "nothing") == cell


def test_create_and_update_matter_to_the_old_engine_only() -> None:
    for strategy, stored in (("CREATE", {"deInteger01": "1"}), ("UPDATE", {})):
        old, new = small_world(), small_world()
        if strategy == "CREATE":
            send(old, OLD, [row(value="1")])

        missed = send(old, OLD, [row(value="2")], importStrategy=strategy)
        taken = send(new, NEW, [row(value="2")], importStrategy=strategy)

        assert outcome(missed) == "200 SUCCESS 0,0,1,0"
        assert missed[1]["response"]["rejectedIndexes"] == [0]
        assert cells(old) == stored
        assert outcome(taken) == "200 SUCCESS 0,1,0,0"


def test_a_strategy_nobody_knows_is_a_400() -> None:
    for generation in (OLD, NEW):
        with pytest.raises(RefusalError) as refusal:
            send(small_world(), generation, [row()], importStrategy="NO_SUCH")
        assert refusal.value.status == 400


def test_an_option_element_deleted_without_its_value_ends_the_old_import() -> None:
    world = small_world()
    send(world, OLD, [row("deOption001", "M")])

    answer = send(world, OLD, [row("deOption001", None, deleted=True), row()])

    assert outcome(answer) == "409 ERROR 0,0,0,0"
    assert cells(world) == {"deOption001": "M"}


def test_a_nul_stops_the_old_engine_half_way_and_the_new_one_in_silence() -> None:
    rows = [row("deText00001", "a\0b"), row(value="2")]
    for generation, said, stored in (
        (OLD, "409 ERROR 0,0,0,0", "2"),
        (NEW, "200 SUCCESS 0,0,2,0", "1"),
    ):
        world = small_world()
        send(world, generation, [row(value="1")])

        assert outcome(send(world, generation, rows)) == said
        assert cells(world) == {"deInteger01": stored}


def test_a_comment_is_overwritten_by_nothing() -> None:
    for generation in (OLD, NEW):
        world = small_world()
        send(world, generation, [row(value="1", comment="by hand", storedBy="somebody")])
        (value,) = world.values.values()
        said_by = "somebody" if generation == OLD else "clerk"
        assert (value.comment, value.stored_by) == ("by hand", said_by)

        send(world, generation, [row(value="1")])

        (value,) = world.values.values()
        assert (value.comment, value.stored_by) == (None, "clerk")


def test_an_approved_cell_is_safe_on_the_new_server_only_if_the_row_has_an_attribute_combo() -> (
    None
):
    bare, full = row("deApproved1"), row("deApproved1", attributeOptionCombo=DEFAULT)
    for generation, sent, said in (
        (OLD, bare, "409 WARNING 0,0,1,0 E7642[0]"),
        (OLD, full, "409 WARNING 0,0,1,0 E7642[0]"),
        (NEW, bare, "200 SUCCESS 0,1,0,0"),
        (NEW, full, "409 ERROR 0,0,0,0 E8033[0]"),
    ):
        world = small_world()
        world.approvals.add(("dsApproved1", "202610", "ouClinic001", DEFAULT))

        body = {"dataSet": "dsApproved1", "dataValues": [sent]}
        assert outcome(send(world, generation, body, ADMIN)) == said


INPUT_PERIODS = table("""
    period | old                          | new
    202610 | 200 SUCCESS 1,0,0,0          | 409 ERROR 0,0,0,0 E8030[0]
    202609 | 409 WARNING 0,0,1,0 E7643[0] | 200 SUCCESS 0,1,0,0
    202608 | 409 WARNING 0,0,1,0 E7643[0] | 409 ERROR 0,0,0,0 E8030[0]
""")


@pytest.mark.parametrize(("period", "old", "new"), INPUT_PERIODS)
def test_the_first_new_servers_read_input_periods_the_wrong_way_round(
    period: str, old: str, new: str
) -> None:
    body = {"dataSet": "dsInput0001", "dataValues": [row("deInput0001", period=period)]}

    assert outcome(send(small_world(), OLD, body)) == old
    assert outcome(send(small_world(), NEW, body)) == new


def test_a_locked_cell_opens_by_exception_or_by_authority() -> None:
    body = {"dataSet": "dsLocked001", "dataValues": [row("deLocked001", period="202505")]}
    for generation, code in ((OLD, "E7640"), (NEW, "E8030")):
        world = small_world()
        assert code in outcome(send(world, generation, body))
        assert code in outcome(send(world, generation, body, force="true"))
        assert code not in outcome(send(world, generation, body, ADMIN))

        world.lock_exceptions.add(("dsLocked001", "202505", "ouClinic001"))

        assert code not in outcome(send(world, generation, body))


def test_nobody_writes_outside_his_tree() -> None:
    for generation, said in (
        (OLD, "409 WARNING 0,0,1,0 E7617[0]"),
        (NEW, "409 ERROR 0,0,0,0 E8011[0]"),
    ):
        assert outcome(send(small_world(), generation, [row()], NEIGHBOUR)) == said


DETECTION = [
    ([row("deShared001")], "409 ERROR 0,0,0,0 E8002[0]"),
    ([row("deHomeless1")], "409 ERROR 0,0,0,0 E8003[0]"),
    ([row(), row("deHomeless1")], "409 ERROR 0,0,0,0 E8020[0,1]"),
    ([row(), row("deNumber001")], "200 SUCCESS 0,2,0,0"),
]


@pytest.mark.parametrize(("rows", "new"), DETECTION)
def test_without_a_data_set_the_new_engine_looks_for_the_one_all_elements_lead_to(
    rows: list[dict[str, Any]], new: str
) -> None:
    assert outcome(send(small_world(), NEW, {"dataValues": rows})) == new
    assert outcome(send(small_world(), OLD, {"dataValues": rows})).startswith("200 SUCCESS")


def test_codes_are_looked_up_and_uids_taken_at_their_word() -> None:
    body = {"dataSet": "dsForm00001", "dataValues": [row("INTEGER01"), row("NO_SUCH")]}
    query = {"dataElementIdScheme": "CODE"}

    assert outcome(send(small_world(), OLD, body, **query)) == "409 WARNING 1,0,1,0 E7610[1]"
    assert outcome(send(small_world(), NEW, body, **query)) == "409 ERROR 0,0,0,0 E8103[-1]"
    assert outcome(send(small_world(), NEW, [row("short")])) == "409 ERROR 0,0,0,0 E8104[-1]"


def test_one_bad_value_ends_an_atomic_import_of_the_new_engine() -> None:
    world = small_world()

    answer = send(world, NEW, [row(), row("deNumber001", "x")], atomic="true")

    assert outcome(answer) == "409 ERROR 0,0,0,0 E8000[0,1]"
    assert cells(world) == {}


def test_a_dry_run_counts_and_writes_nothing() -> None:
    for generation, said in ((OLD, "200 SUCCESS 1,0,0,0"), (NEW, "200 SUCCESS 0,1,0,0")):
        world = small_world()

        assert outcome(send(world, generation, [row()], dryRun="true")) == said
        assert cells(world) == {}


def test_a_deletion_scope_is_for_the_new_engine() -> None:
    split = [
        row("deSplit0001", str(number), categoryOptionCombo=combo)
        for number, combo in ((1, BOYS), (2, "cocGirls001"))
    ]
    elements = [
        {"dataElement": "deSplit0001", "categoryOptionCombo": one["categoryOptionCombo"]}
        for one in split
    ]
    scope = {"orgUnits": ["ouClinic001"], "periods": ["202610"], "elements": elements}
    body = {"dataSet": "dsForm00001", "deletion": scope, "dataValues": split[:1]}
    for generation, said, girls in (
        (OLD, "200 SUCCESS 0,0,1,0", "2"),
        (NEW, "200 SUCCESS 0,1,0,2", "None deleted"),
    ):
        world = small_world()
        send(world, generation, split)

        assert outcome(send(world, generation, body)) == said
        assert cells(world) == {
            "deSplit0001.cocBoys0001": "1",
            "deSplit0001.cocGirls001": girls,
        }


def test_a_complete_date_completes_beside_refused_rows_on_the_old_server_only() -> None:
    body = {
        "dataSet": "dsForm00001",
        "period": "202610",
        "orgUnit": "ouClinic001",
        "completeDate": "2026-11-04",
        "dataValues": [row(), row("deNumber001", "x")],
    }
    for generation, complete in ((OLD, "2026-11-04"), (NEW, "false")):
        world = small_world()

        _, answer = send(world, generation, body)

        assert answer["response"]["dataSetComplete"] == complete
        assert len(world.registrations) == (generation == OLD)


SITES = st.sampled_from(["ouClinic001", "ouClinic002"])
NUMBERS = st.integers(min_value=1, max_value=10**9).map(str)


@given(st.dictionaries(st.tuples(st.sampled_from(["deInteger01", "deNumber001"]), SITES), NUMBERS))
def test_two_engines_store_the_same_good_rows_and_a_second_load_changes_no_value(
    numbers: dict[tuple[str, str], str],
) -> None:
    rows = [row(element, number, orgUnit=site) for (element, site), number in numbers.items()]
    stored = []
    for generation in (OLD, NEW):
        world = small_world()
        send(world, generation, rows, CLERK)
        once = cells(world)
        send(world, generation, rows, CLERK)
        assert cells(world) == once
        stored.append(once)
    assert stored[0] == stored[1]
    assert sorted(stored[0].values()) == sorted(numbers.values())
