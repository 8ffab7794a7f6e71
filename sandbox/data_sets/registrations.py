"""Complete data set registrations: storing them, deleting one, finding them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sandbox.entry.completeness import registration
from sandbox.entry.context import Context
from sandbox.entry.import_options import ImportOptions, schemes_of
from sandbox.entry.import_summary import Counts, Report
from sandbox.entry.lookups import Lookups
from sandbox.entry.periods import find_period, lies_between, not_a_period
from sandbox.entry.timeliness import locked
from sandbox.messages.envelopes import RefusalError
from sandbox.messages.parameters import Query, dates_of, duration
from sandbox.state.world import Json

DONE = "Import process complete."
FAILED = "The import process failed: java.lang.IllegalArgumentException: "
Key = tuple[str, str, str, str]


class RegistrationConflict(NamedTuple):
    """Why a registration is left out."""

    who: str
    text: str


@dataclass
class RegistrationImport:
    """A list of registrations on its way into the table."""

    context: Context
    options: ImportOptions
    schemes: Mapping[str, str]
    counts: Counts = field(default_factory=Counts)
    conflicts: list[Json] = field(default_factory=list)


def register(
    context: Context, entries: list[Json], options: ImportOptions, *, bad_period_ends_all: bool
) -> Report:
    """Store registrations, but for those that name something unknown or out of reach."""
    periods = [entry.get("period") or "" for entry in entries]
    bad = next((period for period in periods if not find_period(period)), None)
    if bad is not None and bad_period_ends_all:
        return Report("ERROR", Counts(), description=FAILED + not_a_period(bad), complete=None)
    job = RegistrationImport(context, options, schemes_of(options.schemes))
    for entry in entries:
        key = _key(job, entry)
        if isinstance(key, RegistrationConflict):
            job.conflicts.append({"object": key.who, "value": key.text})
            job.counts.ignored += 1
        else:
            _store(job, key, entry)
    written = job.counts.imported + job.counts.updated + job.counts.deleted
    status = "SUCCESS" if written else "ERROR"
    return Report(status, job.counts, job.conflicts, description=DONE, complete=None)


def _key(job: RegistrationImport, entry: Json) -> Key | RegistrationConflict:
    lookups, schemes, user = job.context.lookups, job.schemes, job.context.user
    data_set = lookups.find("dataSet", schemes["dataSet"], entry.get("dataSet"))
    unit = lookups.find("orgUnit", schemes["orgUnit"], entry.get("organisationUnit"))
    period = find_period(entry.get("period"))
    if data_set is None:
        return RegistrationConflict(
            f"{entry.get('dataSet')}", "Data set not found or not accessible"
        )
    if period is None:
        return RegistrationConflict(f"{entry.get('period')}", "Period not valid")
    if unit is None:
        who = f"{entry.get('organisationUnit')}"
        return RegistrationConflict(who, "Organisation unit not found or not accessible")
    if not lookups.tree.within(unit, user.org_units):
        text = f"Organisation unit is not in hierarchy of user: {user.username}"
        return RegistrationConflict(entry["organisationUnit"], text)
    named, scheme = entry.get("attributeOptionCombo"), schemes["attributeOptionCombo"]
    combo = lookups.find("attributeOptionCombo", scheme, named)
    return data_set, period.id, unit, combo or lookups.default_combo


def _store(job: RegistrationImport, key: Key, entry: Json) -> None:
    registrations, strategy = job.context.world.registrations, job.options.strategy
    there = key in registrations
    if (strategy == "CREATE" and there) or (strategy in ("UPDATE", "DELETE") and not there):
        job.counts.ignored += 1
        return
    if strategy == "DELETE":
        job.counts.deleted += 1
    else:
        job.counts.updated += there
        job.counts.imported += not there
    if job.options.dry_run:
        return
    if strategy == "DELETE":
        del registrations[key]
    else:
        registrations[key] = registration(job.context, entry)


def registered(context: Context, query: Query) -> Json:
    """The registrations a query asks for; nothing found is an empty object."""
    data_sets = query.get("dataSet", [])
    if not data_sets:
        raise RefusalError(409, "At least one data set must be specified", "E2013")
    named = query.get("orgUnit", [])
    units = context.lookups.tree.below(named) if query.get("children") == ["true"] else named
    schemes = schemes_of({name: values[0] for name, values in query.items()})
    found = [
        _shown(context.lookups, schemes, key, entry)
        for key, entry in context.world.registrations.items()
        if key[0] in data_sets and key[2] in units and _in_time(context, query, key[1], entry)
    ]
    return {"completeDataSetRegistrations": found} if found else {}


def _in_time(context: Context, query: Query, text: str, entry: Json) -> bool:
    if "period" in query:
        return text in query["period"]
    if "createdDuration" in query:
        return bool(entry["date"] >= context.now - duration(query["createdDuration"][0]))
    dates = dates_of(query)
    return dates is not None and lies_between(text, dates)


def _shown(lookups: Lookups, schemes: Mapping[str, str], key: Key, entry: Json) -> Json:
    data_set, period, unit, combo = key
    scheme = schemes["attributeOptionCombo"]
    return {
        "period": period,
        "dataSet": lookups.name("dataSet", schemes["dataSet"], data_set),
        "organisationUnit": lookups.name("orgUnit", schemes["orgUnit"], unit),
        "attributeOptionCombo": lookups.name("attributeOptionCombo", scheme, combo),
        "date": f"{entry['date']:%Y-%m-%d}",
        "storedBy": entry["storedBy"],
        "completed": entry["completed"],
    }


def unregister(context: Context, query: Mapping[str, str]) -> None:
    """Delete a registration, whether there was one or not; a locked data set is refused."""
    data_set, unit = context.lookups.data_sets.get(query.get("ds", "")), query.get("ou", "")
    period = find_period(query.get("pe"))
    if data_set is None or period is None:
        raise RefusalError(409, f"Illegal data set or period: {query.get('ds')}")
    if locked(context, data_set, period, unit):
        raise RefusalError(409, f"Locked Data set(s) : {data_set['id']}")
    key = (data_set["id"], period.id, unit, context.lookups.default_combo)
    context.world.registrations.pop(key, None)
