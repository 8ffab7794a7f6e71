"""Read what a target holds."""

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.key import KEY
from pipeline.cells.packing import pack
from pipeline.dhis2.data_values.asked import (
    FormExtent,
    insist_on_asked,
    insist_on_one_number,
)
from pipeline.dhis2.data_values.tables import values_of
from pipeline.dhis2.http.answers import RawAnswer
from pipeline.dhis2.http.client import Client, Parameters
from pipeline.dhis2.objects import read_all
from pipeline.extract.rules.questions import batched_tuples, periods_a_request
from pipeline.text.errors import (
    AnswerTimeoutError,
    TooLargeError,
)
from schemas.frames import empty, trusted
from schemas.values import CurrentValues, PackedCurrentValues

SITES_A_REQUEST = 200  # with 12 periods 4 KiB of an address (docs/dhis2.md, Limits)


def read_current(
    client: Client,
    data_set: str,
    periods: Sequence[str],
    roots: Sequence[str],
    extent: FormExtent | None = None,
) -> DataFrame[CurrentValues]:
    """Read all values of a data set for some periods, below the given org units.

    Deleted rows are left out, each cell comes once, no order is promised. An empty answer is a
    refusal, never "no values"; so is one about something else than was asked. `extent`: what may
    stand in the data set, None where that is not known.
    """
    parts = [empty(CurrentValues)]
    for parameters, answer in ask_for_values(client, data_set, periods, roots):
        with client.stopwatch.measuring("parse"):
            part = values_of(answer)
            insist_on_asked(part, answer, parameters, extent)
            insist_on_one_number(part, answer)
            parts.append(part)
    values = pl.concat(parts)
    # Roots that lie within one another tell a cell twice, and a server may repeat a row.
    if values.select(KEY).hash_rows().is_duplicated().any():
        values = values.unique(KEY, maintain_order=True)
    return trusted(values, CurrentValues)


def read_current_cells(
    client: Client,
    data_set: str,
    periods: Sequence[str],
    roots: Sequence[str],
    dictionaries: Dictionaries,
    *,
    extent: FormExtent | None = None,
    below: bool = True,
    wanted: pl.Series | None = None,
) -> DataFrame[PackedCurrentValues]:
    """Read the same by the numbers of cells; those that have no number are left out.

    `below`: with all that lies below the org units, or these alone. `wanted`: the cells that are
    of interest; of all others no more is looked at than that they were asked for.
    """
    asked = ask_for_values(client, data_set, periods, roots, below=below)
    parts = cells_of_answers(client, asked, dictionaries, extent=extent, wanted=wanted)
    return each_once([empty(PackedCurrentValues), *parts])


def cells_of_answers(
    client: Client,
    answers: Iterable[tuple[Parameters, RawAnswer]],
    dictionaries: Dictionaries,
    *,
    extent: FormExtent | None = None,
    wanted: pl.Series | None = None,
) -> Iterator[DataFrame[PackedCurrentValues]]:
    """The cells of each answer to `ask_for_values`, as soon as it came; see above."""
    for parameters, answer in answers:
        with client.stopwatch.measuring("parse"):
            values = values_of(answer)
            insist_on_asked(values, answer, parameters, extent)
            numbered = pack(values, dictionaries)
            if wanted is not None:
                known = numbered["cell"].is_in(wanted.implode()).fill_null(value=False)
                values = trusted(values.filter(known), CurrentValues)
                numbered = numbered.filter(known)
            insist_on_one_number(values, answer, numbered["cell"])
            cells = trusted(numbered.drop_nulls("cell"), PackedCurrentValues)
        yield cells


def each_once(
    parts: Sequence[DataFrame[PackedCurrentValues]],
) -> DataFrame[PackedCurrentValues]:
    """The cells of several answers; one that comes in two of them is taken once, as it came first.

    To look for such cells among numbers costs a third of what it costs to sort all texts.
    """
    cells = pl.concat(parts)
    in_order = cells["cell"].sort()
    if (in_order == in_order.shift(1)).any():
        cells = cells.unique("cell", keep="first", maintain_order=True)
    return trusted(cells, PackedCurrentValues)


def ask_for_values(
    client: Client,
    data_set: str,
    periods: Sequence[str],
    roots: Sequence[str],
    *,
    below: bool = True,
) -> Iterator[tuple[Parameters, RawAnswer]]:
    """Ask for all values of a data set; give what was asked and what was answered, in order.

    `below`: with all that lies below the roots, or these alone. A server that is too slow to find
    what lies below a root is asked for the sites themselves, for as long as the client is open
    (docs/dhis2.md, Reading data value sets).
    """
    batches = [*batched_tuples(periods, periods_a_request(periods))]
    if not below:
        for some in batches:
            for sites in batched_tuples(roots, SITES_A_REQUEST):
                yield from _ask_for_some(client, data_set, some, sites, below=False)
        return
    for root in roots:
        for some in batches:
            if root not in client.sites_below:
                try:
                    yield from list(_ask_for_some(client, data_set, some, (root,), below=True))
                except AnswerTimeoutError:
                    client.sites_below[root] = _at_and_below(client, root)
                else:
                    continue
            for sites in batched_tuples(client.sites_below[root], SITES_A_REQUEST):
                yield from _ask_for_some(client, data_set, some, sites, below=False)


def _at_and_below(client: Client, root: str) -> tuple[str, ...]:
    """The ids of an org unit and of all that the account sees below it, sorted."""
    listed = read_all(client, "organisationUnits", "id,path")
    return tuple(sorted(str(one["id"]) for one in listed if root in str(one["path"]).split("/")))


def _ask_for_some(
    client: Client, data_set: str, periods: Sequence[str], sites: Sequence[str], *, below: bool
) -> Iterator[tuple[Parameters, RawAnswer]]:
    """Ask for some periods at once, or in halves where that is too much for the server.

    `below`: with all that lies below the sites. Then a server that is too slow is not asked for
    less, but raises `AnswerTimeoutError`.
    """
    parameters = [
        ("dataSet", data_set),
        *(("period", period) for period in periods),
        *(("orgUnit", site) for site in sites),
        ("children", str(below).lower()),
        ("includeDeleted", "false"),
        ("compression", "gzip"),  # DHIS2 never packs what it is not asked to
    ]
    try:
        answer = _ask_in_some_form(client, parameters)
    except TooLargeError as letter:
        if len(periods) == 1 or (below and isinstance(letter, AnswerTimeoutError)):
            raise
        half = (len(periods) + 1) // 2
        for some in batched_tuples(periods, half):
            yield from _ask_for_some(client, data_set, some, sites, below=below)
    else:
        yield parameters, answer


def _ask_in_some_form(client: Client, parameters: Parameters) -> RawAnswer:
    """Ask for CSV, which is faster; some versions refuse it, by its path or wholly.

    (docs/dhis2.md, Reading data value sets)
    """
    answer = client.get_answer("dataValueSets.csv", parameters, accept="application/csv")
    if answer.status == HTTPStatus.NOT_ACCEPTABLE:
        named = [*parameters, ("format", "csv")]
        answer = client.get_answer("dataValueSets", named, accept="application/csv")
    if answer.status == HTTPStatus.NOT_ACCEPTABLE:
        plain = [one for one in parameters if one[0] != "compression"]  # its type would be hidden
        answer = client.get_answer("dataValueSets", plain)
    return answer
