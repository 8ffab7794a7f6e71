"""The store remembers what tracker said, what we wrote, and how both came to be."""

import itertools
import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.cells.packing import Dictionaries, empty_dictionaries, extend
from pipeline.store.database import open_database
from pipeline.store.records import Image, SnapshotChange
from pipeline.store.transfer import Store
from pipeline.text.errors import LockedError, RefusedError, TallyError, UnavailableError
from tests.support.small_world import (
    CELLS,
    EVERY_KEY,
    EVERYTHING,
    FIRST,
    KNOWN,
    NOON,
    NOTHING,
    SECOND,
    TARGET,
    THIRD,
    cells,
    closings,
    commit,
    numbers,
    openings,
    record,
    state,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store" / "malaria.duckdb")


def test_a_store_that_was_never_written_is_empty_and_leaves_no_file(store: Store) -> None:
    assert store.runs().is_empty()
    assert store.snapshot().is_empty()
    assert store.ledger(TARGET).is_empty()
    for found, empty in zip(store.dictionaries(), empty_dictionaries(), strict=True):
        assert_frame_equal(found, empty)
    assert not store.path.exists()


def test_a_run_counts_what_appeared_changed_vanished_and_stayed(store: Store) -> None:
    a, b, c, d = CELLS[:4]

    assert commit(store, FIRST, {a: 1, b: 2, c: 3}) == SnapshotChange(3, 0, 0, 0)
    assert commit(store, SECOND, {a: 1, b: 20, d: 4}) == SnapshotChange(1, 1, 1, 1)

    assert state(store.snapshot()) == {a: 1, b: 20, d: 4}
    assert state(store.state_at(FIRST)) == {a: 1, b: 2, c: 3}
    assert store.changes(FIRST, SECOND).rows() == sorted(
        [(b, 2.0, 20.0), (c, 3.0, None), (d, None, 4.0)]
    )


def test_a_store_from_before_comparisons_gets_their_tables(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    with open_database(store.path) as older:
        for name in ("comparisons", "compared_values", "compared_changes"):
            older.execute(f"drop table packed.{name}")

    commit(store, SECOND, {CELLS[0]: 2})

    assert store.compared_at(SECOND).is_empty()
    assert store.check() == []


def test_outside_the_image_silence_means_nothing(store: Store) -> None:
    january, february = CELLS[0], CELLS[6]
    commit(store, FIRST, {january: 1, february: 2})
    asked = EVERYTHING._replace(periods=KNOWN.periods.filter(period="202402").select("id"))

    assert commit(store, SECOND, {}, image=asked) == SnapshotChange(0, 0, 1, 0)

    assert state(store.snapshot()) == {january: 1}


def test_an_unknown_cell_stays_as_it_was_whether_it_has_a_number_or_not(store: Store) -> None:
    a, b, c = CELLS[:3]
    commit(store, FIRST, {a: 1, b: 2})

    found = commit(store, SECOND, {b: 7, c: 3}, unknown=cells(a, b, c))

    assert found == SnapshotChange(0, 0, 0, 0)
    assert state(store.snapshot()) == {a: 1, b: 2}


def test_the_newest_run_may_commit_again_until_it_is_planned(store: Store) -> None:
    a, b, c = CELLS[:3]
    commit(store, FIRST, {a: 1, b: 2})
    commit(store, SECOND, {a: 10, c: 3})

    assert commit(store, SECOND, {a: 1, b: 5}) == SnapshotChange(0, 1, 0, 1)
    assert state(store.snapshot()) == {a: 1, b: 5}
    assert store.runs()["run_id"].to_list() == [SECOND, FIRST]

    store.record_planned(SECOND, {"update": 1}, NOON)
    with pytest.raises(RefusedError, match="is planned"):
        commit(store, SECOND, {a: 2})
    assert state(store.snapshot()) == {a: 1, b: 5}


def test_an_older_run_cannot_commit(store: Store) -> None:
    commit(store, SECOND, {CELLS[0]: 1})

    with pytest.raises(RefusedError, match="cannot make its values anew"):
        commit(store, FIRST, {CELLS[0]: 2})


def test_a_cell_tells_its_history(store: Store) -> None:
    for run_id, value in ((FIRST, 3.0), (SECOND, 4.0)):
        commit(store, run_id, {CELLS[0]: value})
    commit(store, THIRD, {})

    key = EVERY_KEY.row(0)

    assert store.cell_history(*key).select("run_id", "old_value", "new_value").rows() == [
        (FIRST, None, 3.0),
        (SECOND, 3.0, 4.0),
        (THIRD, 4.0, None),
    ]
    assert store.cell_history("deUnknownX1", *key[1:]).is_empty()


def test_dictionaries_only_grow(store: Store) -> None:
    store.commit_snapshot(record(FIRST), KNOWN, EVERYTHING, numbers({}), NOTHING)
    grown = extend(KNOWN, pl.DataFrame({"org_unit": ["ouClinicDD4"], "period": ["2024Q1"]}))
    store.commit_snapshot(record(SECOND), grown, EVERYTHING, numbers({}), NOTHING)

    for found, expected in zip(store.dictionaries(), grown, strict=True):
        assert_frame_equal(found, expected)


def test_a_period_has_its_dates_unless_its_calendar_is_unknown(store: Store) -> None:
    known = extend(empty_dictionaries(), pl.DataFrame({"period": ["2024Q2", "2081-Asar"]}))
    store.commit_snapshot(record(FIRST), known, EVERYTHING, numbers({}), NOTHING)

    with open_database(store.path, read_only=True) as database:
        query = "select period, period_type, start_date, end_date from packed.periods order by id"
        assert database.execute(query).fetchall() == [
            ("2024Q2", "Quarterly", date(2024, 4, 1), date(2024, 6, 30)),
            ("2081-Asar", None, None, None),
        ]


def test_a_number_never_means_another_org_unit(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    renamed = KNOWN.org_units.with_columns(org_unit=pl.col("org_unit").reverse())
    confused = Dictionaries(KNOWN.periods, KNOWN.form_cells, renamed)

    with pytest.raises(TallyError, match="dictionary_numbers_twice"):
        store.commit_snapshot(record(SECOND), confused, EVERYTHING, numbers({}), NOTHING)

    assert store.runs()["run_id"].to_list() == [FIRST]


def test_a_run_goes_from_transformed_to_planned_to_loaded(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.record_planned(FIRST, {"create": 3, "keep": 4}, NOON)
    store.record_planned(FIRST, {"create": 2}, NOON + timedelta(hours=1))
    store.record_loaded(FIRST, {"loaded": 2}, NOON + timedelta(hours=2))

    (run,) = store.runs().iter_rows(named=True)

    assert run["stage"] == "loaded"
    assert run["planned_at"] == datetime(2026, 11, 1, 13)  # noqa: DTZ001  # the store holds UTC
    assert run["loaded_at"] == datetime(2026, 11, 1, 14)  # noqa: DTZ001  # the store holds UTC
    with pytest.raises(RefusedError, match="cannot be planned again"):
        store.record_planned(FIRST, {}, NOON)
    with pytest.raises(RefusedError, match="has no run"):
        store.record_loaded(SECOND, {}, NOON)


def test_the_ledger_opens_and_closes(store: Store) -> None:
    commit(store, FIRST, dict.fromkeys(CELLS[:3], 1.0))
    store.write_ledger(FIRST, TARGET, openings({CELLS[0]: 1, CELLS[1]: 2}), closings({}), NOON)
    later = NOON + timedelta(days=1)
    store.write_ledger(
        SECOND, TARGET, openings({CELLS[1]: 3}), closings({CELLS[0]: "retracted"}), later
    )

    assert store.ledger(TARGET).rows() == [(CELLS[1], 3.0, SECOND)]
    assert store.ledger("another server").is_empty()
    assert store.check() == []


def test_telling_the_ledger_twice_changes_nothing(store: Store) -> None:
    commit(store, FIRST, dict.fromkeys(CELLS[:3], 1.0))
    adopted = numbers({CELLS[0]: 1}).with_columns(event=pl.lit("adopted"))
    store.write_ledger(FIRST, TARGET, adopted, closings({}), NOON)
    for minutes in (1, 2):
        at = NOON + timedelta(days=1, minutes=minutes)
        loaded = openings({CELLS[1]: 5})
        store.write_ledger(SECOND, TARGET, loaded, closings({CELLS[0]: "closed"}), at)

    assert store.ledger(TARGET).rows() == [(CELLS[1], 5.0, SECOND)]
    assert store.ledger_events().select("run_id", "cell", "event", "value").rows() == [
        (FIRST, CELLS[0], "adopted", 1.0),
        (SECOND, CELLS[0], "closed", 1.0),
        (SECOND, CELLS[1], "loaded", 5.0),
    ]


def test_a_store_is_for_its_owner_only_and_old_clients_can_read_it(store: Store) -> None:
    before = os.umask(0)
    try:
        commit(store, FIRST, {CELLS[0]: 1})
    finally:
        os.umask(before)

    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o750
    assert [path.name for path in store.path.parent.iterdir()] == ["malaria.duckdb"]
    with open_database(store.path, read_only=True) as database:
        query = "select tags from duckdb_databases() where database_name = 'malaria'"
        assert database.execute(query).fetchall() == [({"storage_version": "v1.2.0+"},)]


def test_no_extension_is_ever_fetched(store: Store) -> None:
    commit(store, FIRST, {})
    with open_database(store.path) as database:
        settings_of_house = database.execute(
            "select name, value from duckdb_settings() where name in ("
            "'autoinstall_known_extensions', 'autoload_known_extensions',"
            " 'allow_community_extensions', 'TimeZone') order by name"
        ).fetchall()

    assert dict(settings_of_house) == {
        "TimeZone": "UTC",
        "allow_community_extensions": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def test_a_store_that_another_process_has_open_is_a_letter(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    holder = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True);"
        " sys.stdin.read()"
    )
    command = [sys.executable, "-c", holder, str(store.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()

        with pytest.raises(LockedError, match="another process has the store open"):
            store.snapshot()
        process.communicate()

    assert state(store.snapshot()) == {CELLS[0]: 1}


@pytest.mark.parametrize("where", [100, 0.5, 0.95])
def test_a_flipped_byte_never_makes_a_wrong_number(store: Store, where: float) -> None:
    values = {cell: float(number) for number, cell in enumerate(CELLS)}
    commit(store, FIRST, values)
    content = bytearray(store.path.read_bytes())
    content[int(where if where > 1 else where * len(content))] ^= 0x40
    store.path.write_bytes(content)

    with suppress(RefusedError):
        assert state(store.snapshot()) == values


def test_a_store_that_was_cut_short_is_a_letter(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.path.write_bytes(store.path.read_bytes()[:20_000])

    with pytest.raises(RefusedError, match="cannot be read"):
        store.snapshot()


def test_a_store_of_a_newer_tally_is_left_alone(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    with open_database(store.path) as database:
        database.execute("update packed.store_version set version = version + 1")

    with pytest.raises(RefusedError, match="newer Tally"):
        commit(store, SECOND, {})


def test_a_commit_that_fails_leaves_what_was_there(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    twice = pl.concat([numbers({CELLS[0]: 2}), numbers({CELLS[0]: 3})])

    with pytest.raises(TallyError, match="would contradict itself"):
        store.commit_snapshot(record(SECOND), KNOWN, EVERYTHING, twice, NOTHING)

    assert state(store.snapshot()) == {CELLS[0]: 1}
    assert store.check() == []


def test_a_full_disk_is_a_letter_and_loses_nothing(small_disk: Path) -> None:
    store = Store(small_disk / "malaria.duckdb")
    commit(store, FIRST, {CELLS[0]: 1})
    other_file = small_disk / "something else"
    other_file.write_bytes(bytes(2_000_000))
    many = pl.select(cell=pl.int_range(2_000_000, dtype=pl.UInt64)).with_columns(
        value=pl.int_range(pl.len()).hash().cast(pl.Float64)
    )

    with pytest.raises(UnavailableError, match="disk is full"):
        store.commit_snapshot(record(SECOND), KNOWN, EVERYTHING, many, NOTHING)

    assert state(store.snapshot()) == {CELLS[0]: 1}
    other_file.unlink()
    assert commit(store, SECOND, {CELLS[0]: 2}).changed == 1


def test_a_cell_that_is_closed_and_opened_at_once_is_open(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.write_ledger(FIRST, TARGET, openings({CELLS[0]: 1}), closings({}), NOON)
    for _ in range(2):
        closed = closings({CELLS[0]: "closed"})
        store.write_ledger(SECOND, TARGET, openings({CELLS[0]: 2}), closed, NOON)

    assert store.ledger(TARGET).rows() == [(CELLS[0], 2.0, SECOND)]
    assert store.check() == []


def test_a_cell_that_no_dictionary_knows_never_enters_the_ledger(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    nameless = openings({CELLS[0]: 1, CELLS[0] + 2**48 * 9: 1})

    with pytest.raises(TallyError, match="cells of the ledger these are: 1"):
        store.write_ledger(FIRST, TARGET, nameless, closings({}), NOON)

    assert store.ledger(TARGET).is_empty()


def test_a_ledger_that_was_tampered_with_is_noticed_at_the_end_of_a_load(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.write_ledger(FIRST, TARGET, openings({CELLS[0]: 1}), closings({}), NOON)
    with open_database(store.path) as database:
        database.execute("update packed.ledger set value = value + 1")

    with pytest.raises(TallyError, match="ledger_that_events_do_not_explain"):
        store.record_loaded(FIRST, {"loaded": 1}, NOON)

    assert store.runs()["stage"].to_list() == ["transformed"]


def test_what_a_run_wrote_is_told_with_what_was_ours_before(store: Store) -> None:
    a, b, c, d = CELLS[:4]
    loads = {
        FIRST: (openings({a: 1, b: 2}), closings({})),
        SECOND: (openings({a: 10, c: 3}), closings({b: "retracted"})),
        THIRD: (openings({a: 11, d: 4}), closings({})),
    }
    for day, (run_id, (opened, closed)) in enumerate(loads.items()):
        commit(store, run_id, {a: 1})
        store.write_ledger(run_id, TARGET, opened, closed, NOON + timedelta(days=day))

    assert store.written_by(SECOND, TARGET).rows() == [
        (a, "loaded", 1.0, True),
        (b, "retracted", 2.0, False),
        (c, "loaded", None, False),
    ]
    assert store.written_by(SECOND, "another target").is_empty()


def test_the_latest_run_tells_what_went_into_it(store: Store) -> None:
    assert store.latest_run() is None
    commit(store, FIRST, {})
    commit(store, SECOND, {})

    assert store.latest_run() == record(SECOND)


@pytest.mark.parametrize(("last_words", "expected"), [("", 1.0), ("commit", 2.0)])
def test_a_process_that_is_killed_leaves_all_of_a_commit_or_nothing(
    store: Store, last_words: str, expected: float
) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    program = (
        "import duckdb, os, signal, sys; store = duckdb.connect(sys.argv[1]);"
        "store.begin(); store.execute('update packed.snapshot_values set value = 2');"
        "store.execute(sys.argv[2]) if sys.argv[2] else None;"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", program, store.path, last_words], check=False)
    assert died.returncode == -signal.SIGKILL

    assert state(store.snapshot()) == {CELLS[0]: expected}


@st.composite
def snapshots(draw: st.DrawFn) -> tuple[dict[int, float], Image, list[int]]:
    """Draw what one run asked, what it was told, and what it does not believe."""
    axes = [draw(st.sets(st.sampled_from(frame["id"].to_list()), min_size=1)) for frame in KNOWN]
    image = Image(*(pl.DataFrame({"id": sorted(axis)}, schema={"id": pl.UInt64}) for axis in axes))
    inside = [cell for cell in CELLS if in_image(cell, axes)]
    values = draw(st.dictionaries(st.sampled_from(inside), st.integers(0, 3).map(float)))
    unknown = draw(st.lists(st.sampled_from(inside), max_size=3, unique=True))
    return values, image, unknown


def in_image(cell: int, axes: list[set[int]]) -> bool:
    parts = (cell >> 48, (cell >> 28) & 0xFFFFF, cell & 0xFFFFFFF)
    return all(part in axis for part, axis in zip(parts, axes, strict=True))


def remembered(
    before: dict[int, float], values: dict[int, float], image: Image, unknown: list[int]
) -> dict[int, float]:
    """Say, one cell at a time, what must be known after a run."""
    after = {}
    axes = [set(frame["id"].to_list()) for frame in image]
    for cell in CELLS:
        believed = in_image(cell, axes) and cell not in unknown
        told = values if believed else before
        if cell in told:
            after[cell] = told[cell]
    return after


@settings(max_examples=10)
@given(st.lists(snapshots(), min_size=1, max_size=4))
def test_the_state_at_any_run_is_what_was_known_then(
    tmp_path_factory: pytest.TempPathFactory,
    asked: list[tuple[dict[int, float], Image, list[int]]],
) -> None:
    store = Store(tmp_path_factory.mktemp("history") / "malaria.duckdb")
    history: dict[str, dict[int, float]] = {"": {}}
    for day, (values, image, unknown) in enumerate(asked, start=1):
        run_id = f"202611{day:02d}T020000Z"
        commit(store, run_id, values, image, cells(*unknown))
        history[run_id] = remembered(list(history.values())[-1], values, image, unknown)

    assert {run_id: state(store.state_at(run_id)) for run_id in history} == history
    assert state(store.snapshot()) == list(history.values())[-1]
    for earlier, later in itertools.combinations(history, 2):
        before, after = history[earlier], history[later]
        assert store.changes(earlier, later).rows() == [
            (cell, before.get(cell), after.get(cell))
            for cell in CELLS
            if before.get(cell) != after.get(cell)
        ]
