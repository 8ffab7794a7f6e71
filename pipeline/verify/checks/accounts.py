"""Find whether each account may do what is needed, and nothing beyond."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from pipeline.cells.hierarchy import is_at_or_below
from pipeline.dhis2.objects import find_some
from pipeline.dhis2.system import EDIT_EXPIRED
from pipeline.verify.checks.context import CheckedServer, VerifyContext
from pipeline.verify.rules.findings import Finding, labels, many, names_of
from schemas.metadata import Json
from schemas.server import SUPERUSER, Account

NEEDED = {"source": "F_VIEW_EVENT_ANALYTICS", "target": "F_DATAVALUE_ADD"}
_PROGRAM = "id,program[id,name,access[data[read]]]"


def check_accounts(context: VerifyContext) -> Iterator[Finding]:
    """What each account lacks, and what it has too much of."""
    for side in context.sides:
        if side.account is not None:
            yield from _missing_rights(side, side.account)
            yield from _needless_rights(side, side.account, _needed(context, side))
    yield from _closed_programs(context)
    yield from _outside_roots(context)
    yield from _unreadable_roots(context)


def _needed(context: VerifyContext, side: CheckedServer) -> set[str]:
    """The authorities that an account needs; one that works on both sides needs both."""
    return {
        NEEDED[other.name]
        for other in context.sides
        if (other.client.connection.base, other.account)
        == (side.client.connection.base, side.account)
    }


def _missing_rights(side: CheckedServer, account: Account) -> Iterator[Finding]:
    needed = NEEDED[side.name]
    if not account.may(needed):
        yield Finding(
            f"{side.name}-rights",
            "error",
            f"the account {account.username} lacks the authority {needed}",
            f"user roles on the {side.name}",
            "add it to the role of this account",
        )
    roots = account.view_roots if side.name == "source" else account.capture_roots
    if not roots:
        yield Finding(
            f"{side.name}-org-units",
            "error",
            f"the account {account.username} has no org units",
            f"user settings on the {side.name}",
            "assign the org units whose data it reads and writes",
        )


def _needless_rights(side: CheckedServer, account: Account, needed: set[str]) -> Iterator[Finding]:
    where = f"user roles on the {side.name}"
    if SUPERUSER in account.authorities:
        yield Finding(
            f"{side.name}-superuser",
            "warning",
            f"the account {account.username} may do everything, past locks by force included",
            where,
            "give Tally an account with only the rights that the README lists",
        )
        return
    if EDIT_EXPIRED in account.authorities:
        yield Finding(
            f"{side.name}-past-locks",
            "warning",
            f"the account {account.username} may write into locked periods ({EDIT_EXPIRED})",
            where,
            "take this authority away, unless late corrections shall go past the lock",
        )
    yield from many(
        f"{side.name}-more-rights",
        "note",
        f"authorities of the account {account.username} are more than it needs",
        account.authorities - needed - {EDIT_EXPIRED},
        "an account of its own, with only what the README lists, is safer",
    )


def _closed_programs(context: VerifyContext) -> Iterator[Finding]:
    """The programs whose data the source's account may not read, where the server says so."""
    if context.metadata is None:
        return
    ids = context.metadata.program_indicators["id"].to_list()
    found = find_some(context.source.client, "programIndicators", _PROGRAM, ids)
    programs = [one.get("program") or {} for one in found.values()]
    yield from many(
        "program-not-shared",
        "error",
        "programs do not let the source's account read their data",
        {str(one.get("name") or one.get("id")) for one in programs if _is_closed(one)},
        "share the data of the program with this account, to view",
    )


def _is_closed(program: Json) -> bool:
    access: Mapping[str, Mapping[str, object]] = program.get("access") or {}
    return (access.get("data") or {}).get("read") is False


def _outside_roots(context: VerifyContext) -> Iterator[Finding]:
    """The chosen org units that lie outside what the accounts may see or write for."""
    if context.scope is None or context.metadata is None or context.forms is None:
        return
    names = context.metadata.org_units.select("id", "name")
    chosen = context.scope.org_units.join(names, on="id", how="left", validate="1:1")
    seen = context.source.account.view_roots if context.source.account else ()
    yield from many(
        "outside-view",
        "error",
        "chosen org units are outside what the source's account may see; "
        "the server refuses every question with one of them",
        _not_below(chosen, seen),
        "widen the account's data view org units, or narrow [org_units]",
    )
    written = context.forms.org_units.join(context.target_org_units, on="id", how="semi")
    outside = _not_below(
        written, context.target.account.capture_roots if context.target.account else ()
    )
    yield from many(
        "outside-capture",
        "error" if len(outside) == written.height else "warning",
        "chosen org units are outside what the target's account may write for; "
        "their cells will be held",
        outside,
        "widen the account's data capture org units, or narrow [org_units]",
    )


def _unreadable_roots(context: VerifyContext) -> Iterator[Finding]:
    """What the target's account may write for and not read: its data view is too narrow.

    Up to 2.42 stored values are read by the data view org units (see docs/dhis2.md, Reading data
    value sets).
    """
    info, account = context.target.info, context.target.account
    if info is None or account is None or context.forms is None or info.is_new_engine:
        return
    written = pl.DataFrame({"id": account.capture_roots}, schema={"id": pl.String})
    roots = context.forms.org_units.join(written, on="id", how="semi")
    yield from many(
        "outside-reading",
        "error",
        f"data capture org units of the account {account.username} are outside its data view "
        f"org units; DHIS2 {info.version} answers nothing where it is asked for their values, and "
        "a run would stop",
        _not_below(roots, account.view_roots),
        "give the account the same data view org units on the target, or none at all",
    )


def _not_below(org_units: pl.DataFrame, roots: Sequence[str]) -> list[str]:
    """Those that lie below none of the roots; without roots there is another finding."""
    if not roots:
        return []
    outside = org_units.filter(~is_at_or_below(roots))
    return labels(outside["id"], names_of(outside))
