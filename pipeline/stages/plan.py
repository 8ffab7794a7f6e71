"""Compare tracker, target and ledger, and write down one action per cell, sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipeline.dhis2.client import Client
from pipeline.dhis2.data_value_sets import CURRENT, read_current
from pipeline.dhis2.metadata import read_target
from pipeline.dhis2.system import EDIT_EXPIRED, Account, SystemInfo, read_account, read_system
from pipeline.errors import RefusedError
from pipeline.periods import Period, parse_period
from pipeline.reports.plan import PlanSummary, as_markdown, summarise
from pipeline.runs import read_json_or_nothing, whole_file, write_bytes, write_json
from pipeline.stages.papers import Extract, TargetFrames, config_fingerprint, read_extract
from pipeline.stages.seal import Seal, file_hash
from pipeline.stages.settle import ledger_fingerprint, settle
from pipeline.stages.silence import believe_silence
from pipeline.stages.transform import written_out
from pipeline.stages.work import Work
from pipeline.tables import read_mapping
from pipeline.transform.assembly import in_scope, side_by_side, silent_cells, with_holds
from pipeline.transform.cells import FORM_CELL, KEY, packed, unpacked
from pipeline.transform.guards import Before, GuardLimits, alarms
from pipeline.transform.holds import FormCells, judge_org_units, judge_periods, place_form_cells
from pipeline.transform.plan import PlanPolicy, decide

NEVER_ZERO = ("AVERAGE", "AVERAGE_SUM_ORG_UNIT")
PLAN_COLUMNS = (
    *KEY,
    "data_set",
    "tracker_value",
    "current_value",
    "ledger_value",
    "action",
    "wanted_action",
    "reason_id",
    "reason",
    "send",
    "delete",
    "closes_ledger",
    "comment",
    "stored_by",
    "last_updated",
)


@dataclass(frozen=True)
class Target:
    """The target as it is at this moment."""

    info: SystemInfo
    account: Account
    forms: TargetFrames


def plan(
    work: Work, source: Client, target: Client, now: datetime, allowed: Mapping[str, str]
) -> PlanSummary:
    """Leave plan.parquet, plan.json (the seal) and plan.md in the run's folder.

    `allowed` gives, per guard that may be passed, the reason somebody gave.
    """
    extract = read_extract(work.run)
    work.run.require("transform.json", "transform")
    if (work.run.path / "load.json").exists():
        raise RefusedError(
            "this run was loaded already", where=str(work.run.path), remedy="begin a new run"
        )
    told = work.run.read_json("transform.json", "transform")
    state = read_target_state(work, target, extract)
    settle(work, target, state.info, now)
    decided = _decided(work, source, target, state, extract)
    decided = decided.select(PLAN_COLUMNS).sort("data_set", *KEY, nulls_last=True)
    found = alarms(
        decided,
        rows=told["rows"],
        mapping_rows=told["mapping_rows"],
        before=_before(work),
        limits=_limits(work),
    )
    with whole_file(work.run.path / "plan.parquet") as path:
        decided.write_parquet(path)
    seal = Seal(
        run_id=work.run.run_id,
        transfer=work.name,
        plan_sha256=file_hash(work.run.path / "plan.parquet"),
        config_hash=config_fingerprint(work.settings),
        mapping_hash=told["mapping_hash"],
        target_system_id=state.info.system_id,
        made_at=now,
        alarms=tuple(alarm.as_record() for alarm in found),
        allowed=tuple({"guard": guard, "reason": why} for guard, why in sorted(allowed.items())),
        ledger_hash=ledger_fingerprint(work, state.info),
    )
    write_json(work.run.path / "plan.json", seal.as_record())
    summary = summarise(
        work.run.run_id,
        decided,
        names_of(state.forms),
        alarms=[dict(alarm) for alarm in seal.alarms if alarm["guard"] not in allowed],
        rejects=pl.read_parquet(work.run.path / "rejects.parquet"),
    )
    write_bytes(work.run.path / "plan.md", as_markdown(summary).encode())
    work.store.record_planned(work.run.run_id, dict(summary.actions.rows()), now)
    return summary


def read_target_state(work: Work, target: Client, extract: Extract) -> Target:
    """Read the target's rules afresh; raises `RefusedError` when it is another system."""
    info = read_system(target)
    if info.system_id != extract.target_system_id:
        raise RefusedError(
            f"the target is system {info.system_id}, and this run was extracted for "
            f"{extract.target_system_id}",
            where=target.connection.base,
            remedy="begin a new run",
        )
    forms = TargetFrames.keep(work.run, read_target(target, work.settings.target.data_sets))
    return Target(info, read_account(target), forms)


def _decided(
    work: Work, source: Client, target: Client, state: Target, extract: Extract
) -> pl.DataFrame:
    cells = _assembled(work, target, state, extract)
    policy = _policy(work, state)
    decided = decide(cells, policy)
    doubted = believe_silence(work, source, extract, silent_cells(decided))
    if doubted.is_empty():
        return decided
    doubt = doubted.with_columns(doubted=pl.lit(value=True))
    believed = cells.join(
        doubt, on=list(KEY), how="left", validate="m:1", maintain_order="left"
    ).with_columns(unknown=pl.col("unknown") | pl.col("doubted").fill_null(value=False))
    return decide(believed.drop("doubted"), policy)


def _assembled(work: Work, target: Client, state: Target, extract: Extract) -> pl.DataFrame:
    dictionaries = work.store.dictionaries()
    values = pl.read_parquet(work.run.path / "values.parquet")
    doubtful = pl.read_parquet(work.run.path / "doubtful.parquet")
    form_cells = _form_cells(work, state, extract)
    data_sets = form_cells["data_set"].drop_nulls().unique().sort().to_list()
    current = pl.concat(
        [
            pl.DataFrame(schema=CURRENT),
            *(
                read_current(target, data_set, extract.periods, _roots(state))
                for data_set in data_sets
            ),
        ]
    ).unique(KEY, maintain_order=True)
    cells = side_by_side(
        packed(values, dictionaries),
        current,
        work.store.ledger(state.info.system_id),
        dictionaries,
        extract.periods,
    )
    named = unpacked(cells, dictionaries)
    scoped = in_scope(named, form_cells, _target_org_units(work, extract))
    periods = [parse_period(period) for period in extract.periods]
    held = with_holds(
        scoped,
        state.forms.data_set_org_units,
        judge_org_units(
            state.forms.org_units.select("id", "path", "opening_date", "closed_date"),
            list(state.account.capture_roots),
        ),
        _period_days(periods),
        judge_periods(
            periods,
            _rules(state),
            state.info.now,
            may_edit_expired=state.account.may(EDIT_EXPIRED),
        ),
    )
    rejected = doubtful.with_columns(rejected=pl.lit(value=True))
    return held.join(
        rejected, on=list(KEY), how="left", validate="m:1", maintain_order="left"
    ).with_columns(unknown=pl.col("form_unknown") | pl.col("rejected").fill_null(value=False))


def _form_cells(work: Work, state: Target, extract: Extract) -> pl.DataFrame:
    mapping = written_out(
        read_mapping(work.deployment.mappings(work.name)).data_elements, state.forms
    )
    unknown = list(extract.unknown_indicators)
    mapped = mapping.group_by(FORM_CELL, maintain_order=True).agg(
        pl.col("data_set").max(),
        form_unknown=pl.col("program_indicator").is_in(unknown).any(),
    )
    placed = place_form_cells(mapped.select(*FORM_CELL, "data_set"), _rules(state))
    significant = state.forms.data_elements.select(
        data_element="id",
        zero_is_significant=pl.col("zero_is_significant")
        | pl.col("aggregation_type").is_in(NEVER_ZERO),
    )
    return placed.join(
        mapped.select(*FORM_CELL, "form_unknown"), on=list(FORM_CELL), how="left", validate="1:1"
    ).join(significant, on="data_element", how="left", validate="m:1")


def _target_org_units(work: Work, extract: Extract) -> list[str]:
    tables = read_mapping(work.deployment.mappings(work.name))
    moved = dict(tables.org_units.rows())
    same = work.settings.mapping.unlisted_org_units == "same"
    return [moved.get(unit, unit) for unit in extract.org_units if same or unit in moved]


def _rules(state: Target) -> FormCells:
    forms = state.forms
    return FormCells(
        forms.data_sets,
        forms.data_set_elements,
        forms.category_option_combos,
        forms.data_set_org_units,
        forms.input_periods,
        forms.org_units,
    )


def _roots(state: Target) -> list[str]:
    """Give the org units below which the account may read: its capture tree on every version."""
    return sorted(state.account.capture_roots or state.account.view_roots)


def _period_days(periods: list[Period]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "period": [period.id for period in periods],
            "start": [period.start for period in periods],
            "end": [period.end for period in periods],
        }
    )


def _policy(work: Work, state: Target) -> PlanPolicy:
    policy, adopt = work.settings.policy, work.settings.adopt
    return PlanPolicy(
        existing=policy.existing,
        vanished=policy.vanished,
        zeros=policy.zeros,
        conflict=policy.conflict,
        adopt_stored_by=adopt.stored_by,
        adopt_aggregated=adopt.aggregated,
        keeps_insignificant_zeros=state.info.is_new_engine,
    )


def _limits(work: Work) -> GuardLimits:
    guards = work.settings.guards
    return GuardLimits(
        guards.max_retractions,
        guards.max_retraction_share,
        guards.max_site_retraction_share,
        guards.small_site,
        guards.min_extract_share,
        guards.max_mapping_rows_lost,
    )


def _before(work: Work) -> Before:
    """Find the last loaded run before this one."""
    for folder in sorted(work.run.path.parent.iterdir(), reverse=True):
        told = read_json_or_nothing(folder / "transform.json")
        if folder.name < work.run.run_id and told and (folder / "load.json").exists():
            return Before(told["rows"], told["mapping_rows"])
    return Before()


def names_of(forms: TargetFrames) -> dict[str, dict[str, str]]:
    """Give the names that a plan is told with."""
    return {
        "data_set": _names(forms.data_sets),
        "data_element": _names(forms.data_elements),
        "org_unit": _names(forms.org_units),
        "category_option_combo": _names(forms.category_option_combos),
    }


def _names(frame: pl.DataFrame) -> dict[str, str]:
    return dict(frame.select("id", pl.col("name").fill_null(pl.col("id"))).rows())
