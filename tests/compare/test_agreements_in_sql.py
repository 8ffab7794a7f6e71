"""SQL and the page put every pair of numbers in the same class."""

import polars as pl

from pipeline.cells.key import KEY
from pipeline.compare.rules.discrepancies import Tolerance, compare
from pipeline.publish.publication import make_tables
from pipeline.store.database import open_database
from schemas.vocabulary import AGREEMENTS


def test_agreements_in_sql_are_those_of_the_page() -> None:
    numbers = [None, -3.0, 0.0, 0.1, 0.3, 1.0, 3.0, 3.3, 10.0, 11.0]
    pairs = [(a, b) for a in numbers for b in numbers if (a, b) != (None, None)]
    tolerances = [Tolerance(), Tolerance(1), Tolerance(0, 0.1), Tolerance(0.2, 0.5)]
    key = dict.fromkeys(KEY, pl.String)
    with open_database(None) as database:
        make_tables(database)
        for tolerance in tolerances:
            for tracker_value, manual_value in pairs:
                sides = [
                    pl.DataFrame(
                        [(*"abcde", number)] if number is not None else [],
                        schema={**key, "value": pl.Float64},
                        orient="row",
                    )
                    for number in (tracker_value, manual_value)
                ]
                page = compare(*sides, tolerance)["agreement"].to_list()
                asked = database.execute(
                    "select packed.agreement_of(?, ?, ?, ?)",
                    [tracker_value, manual_value, *tolerance],
                ).fetchall()
                assert [row[0] for row in asked] == page, (tracker_value, manual_value, tolerance)
                assert set(page) <= set(AGREEMENTS)
