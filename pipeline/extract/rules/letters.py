"""The letter about an indicator that stops a run, told with its name and its program."""

import polars as pl

from pipeline.text.errors import IndicatorError, ServerError
from pipeline.text.escaping import shortened, with_id


def named_letter(letter: IndicatorError, indicators: pl.DataFrame) -> ServerError:
    """The letter of a server that cannot answer for one program indicator, in names.

    `indicators`: id, name, program, program_name.
    """
    (row,) = indicators.filter(id=letter.indicator).rows(named=True)
    program = _called(row["program"], row["program_name"])
    return ServerError(
        f"program indicator {_called(row['id'], row['name'])} of program {program} cannot be "
        f"asked, and so the run stops: {letter.what}",
        where=letter.where,
        remedy=f"build the analytics tables with the events of program {program} (Data "
        "Administration, Analytics tables); until then, "
        'on_broken = "hold" under [source] in transfer.toml lets the others go on',
        status=letter.status,
        code=letter.code,
    )


def _called(known_by: str | None, name: str | None) -> str:
    if known_by is None:
        return "that the server does not tell"
    return shortened(known_by) if name in (None, known_by) else with_id(str(name), known_by)
