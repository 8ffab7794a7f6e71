"""Set apart the cells about which nothing has to be decided; new ones only where a form is open."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number
from pipeline.cells.key import FORM_CELL
from pipeline.cells.packing import pack, unpack
from pipeline.plan.approvals import FORM, ask_approvals
from pipeline.plan.assembling import Assembly
from pipeline.plan.decisions import Rulings
from pipeline.plan.rules.plain_cells.apart import Ordinary, Sides, plain_cells
from pipeline.plan.rules.plain_cells.forms import form_number, representatives
from pipeline.plan.rules.policy import PlanPolicy
from schemas.frames import trusted
from schemas.plan import KeptCells, NewValues
from schemas.values import PackedCells, PackedValues


class SetApart(NamedTuple):
    """A plan's plain cells, and what is left to be decided.

    `kept`: right already. `new`: to be created in forms that are open. `approvals`: FORM,
    approval_hold, of the forms that were asked about.
    """

    kept: DataFrame[KeptCells]
    new: DataFrame[NewValues]
    rest: Sides
    approvals: pl.DataFrame


def set_apart(assembly: Assembly, rulings: Rulings, policy: PlanPolicy) -> SetApart:
    """The plain cells of a plan; all others are for the outcome table."""
    plain = plain_cells(assembly.sides, _ordinary(assembly, rulings), policy)
    new, approvals = _in_open_forms(assembly, plain.new)
    cells = pl.concat([plain.kept["cell"], new["cell"]]).sort()
    return SetApart(plain.kept, new, assembly.sides.without(cells), approvals)


def _ordinary(assembly: Assembly, rulings: Rulings) -> Ordinary:
    context, closings = assembly.context, assembly.closings
    forms = numbered_forms(assembly).filter(
        "mapped", ~pl.col("form_unknown"), pl.col("form_hold").is_null(), pl.col("data_set") != ""
    )
    doubted = pl.concat([closings.sources["org_unit"], closings.counted_twice["org_unit"]])
    here = closings.org_units.filter(pl.col("path_hold").is_null())["org_unit"]
    asked = pl.DataFrame({"org_unit": context.target_org_units}, schema={"org_unit": pl.String})
    org_units = context.dictionaries.org_units.join(asked, on="org_unit", how="semi").filter(
        pl.col("org_unit").is_in(here.implode()), ~pl.col("org_unit").is_in(doubted.implode())
    )
    listed = rulings.sites["org_unit"].implode()
    ruled = pl.concat(
        pack(cells, context.dictionaries).select("cell")
        for cells in (assembly.doubtful, rulings.decisions.standing)
    )
    return Ordinary(
        forms.select("id", keeps_zeros=pl.col("zero_is_significant").fill_null(value=True)),
        org_units.select("id", is_registered=pl.col("org_unit").is_in(listed)),
        trusted(ruled.drop_nulls().unique().sort("cell"), PackedCells),
    )


def numbered_forms(assembly: Assembly) -> pl.DataFrame:
    """The form cells of a plan with the number of each: id."""
    return assembly.form_cells.join(
        assembly.context.dictionaries.form_cells, on=list(FORM_CELL), how="inner", validate="1:1"
    )


def _in_open_forms(
    assembly: Assembly, new: DataFrame[PackedValues]
) -> tuple[DataFrame[NewValues], pl.DataFrame]:
    """The new values whose form may be written into now, and which approvals were asked for.

    What shuts an ordinary cell shuts its whole form, so that one cell of each form is judged.
    """
    context = assembly.context
    form = form_number(representatives(numbered_forms(assembly).filter("mapped")))
    forms = new.select(form).unique().sort("cell")
    nobody = pl.lit(None, pl.String)
    cells = unpack(
        forms.with_columns(
            form="cell",
            tracker_value=pl.lit(1.0),
            current_value=nobody,
            ledger_value=pl.lit(None, pl.Float64),
        ),
        context.dictionaries,
    )
    judged = assembly.judged(cells).filter(pl.col("hold_reason").is_null(), ~pl.col("unread"))
    approvals = ask_approvals(context.target, context.state.forms, judged.select(FORM))
    shut = approvals.drop_nulls("approval_hold")
    is_open = judged.join(shut, on=FORM, how="anti").select("form").to_series()
    kept = new.filter(new.select(form).to_series().is_in(is_open.implode()))
    return _with_data_set(trusted(kept, PackedValues), assembly), approvals


def _with_data_set(new: DataFrame[PackedValues], assembly: Assembly) -> DataFrame[NewValues]:
    forms = numbered_forms(assembly).select("id", pl.col("data_set").cast(pl.Categorical))
    placed = new.with_columns(id=form_cell_number(pl.col("cell"))).join(
        forms, on="id", how="left", validate="m:1", maintain_order="left"
    )
    return trusted(placed.drop("id"), NewValues)
