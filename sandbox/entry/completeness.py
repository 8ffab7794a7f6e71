"""Which data sets are complete: registering it, taking it back, asking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sandbox.entry.facts import Facts, Visit
from sandbox.entry.periods import find_period, not_a_period
from sandbox.entry.timeliness import locked, midnight, span
from sandbox.http.envelopes import RefusalError
from sandbox.state.world import Json
from sandbox.values.options import ImportOptions, schemes_of
from sandbox.values.reading import Query, dates_of, within
from sandbox.values.reports import Counts, Report

DONE = "Import process complete."
FAILED = "The import process failed: java.lang.IllegalArgumentException: "
Key = tuple[str, str, str, str]


class Refusal(NamedTuple):
    """Why a registration is left out."""

    who: str
    text: str


@dataclass
class Registering:
    """A list of registrations on its way into the table."""

    visit: Visit
    options: ImportOptions
    schemes: Mapping[str, str]
    counts: Counts = field(default_factory=Counts)
    conflicts: list[Json] = field(default_factory=list)


def register(
    visit: Visit, entries: list[Json], options: ImportOptions, *, bad_period_ends_all: bool
) -> Report:
    """Store registrations, but for those that name something unknown or out of reach."""
    periods = [entry.get("period") or "" for entry in entries]
    bad = next((period for period in periods if not find_period(period)), None)
    if bad is not None and bad_period_ends_all:
        return Report("ERROR", Counts(), description=FAILED + not_a_period(bad), complete=None)
    job = Registering(visit, options, schemes_of(options.schemes))
    for entry in entries:
        key = _key(job, entry)
        if isinstance(key, Refusal):
            job.conflicts.append({"object": key.who, "value": key.text})
            job.counts.ignored += 1
        else:
            _store(job, key, entry)
    written = job.counts.imported + job.counts.updated + job.counts.deleted
    status = "SUCCESS" if written else "ERROR"
    return Report(status, job.counts, job.conflicts, description=DONE, complete=None)


def _key(job: Registering, entry: Json) -> Key | Refusal:
    facts, schemes, user = job.visit.facts, job.schemes, job.visit.user
    data_set = facts.find("dataSet", schemes["dataSet"], entry.get("dataSet"))
    unit = facts.find("orgUnit", schemes["orgUnit"], entry.get("organisationUnit"))
    period = find_period(entry.get("period"))
    if data_set is None:
        return Refusal(f"{entry.get('dataSet')}", "Data set not found or not accessible")
    if period is None:
        return Refusal(f"{entry.get('period')}", "Period not valid")
    if unit is None:
        who = f"{entry.get('organisationUnit')}"
        return Refusal(who, "Organisation unit not found or not accessible")
    if not facts.tree.within(unit, user.org_units):
        text = f"Organisation unit is not in hierarchy of user: {user.username}"
        return Refusal(entry["organisationUnit"], text)
    named, scheme = entry.get("attributeOptionCombo"), schemes["attributeOptionCombo"]
    combo = facts.find("attributeOptionCombo", scheme, named)
    return data_set, period.id, unit, combo or facts.default_combo


def _store(job: Registering, key: Key, entry: Json) -> None:
    registrations, strategy = job.visit.world.registrations, job.options.strategy
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
        registrations[key] = registration(job.visit, entry)


def registration(visit: Visit, entry: Json) -> Json:
    """Give what is stored of a registration: today and the visitor unless it says otherwise."""
    day = entry.get("date")
    return {
        "date": midnight(date.fromisoformat(day[:10])) if day else visit.now,
        "storedBy": entry.get("storedBy") or visit.user.username,
        "completed": entry.get("completed", True) is not False,
        "lastUpdated": visit.now,
        "lastUpdatedBy": visit.user.username,
    }


def registered(visit: Visit, query: Query) -> Json:
    """Give the registrations a query asks for; nothing found is an empty object."""
    data_sets = query.get("dataSet", [])
    if not data_sets:
        raise RefusalError(409, "At least one data set must be specified", "E2013")
    named = query.get("orgUnit", [])
    units = visit.facts.tree.below(named) if query.get("children") == ["true"] else named
    schemes = schemes_of({name: values[0] for name, values in query.items()})
    found = [
        _shown(visit.facts, schemes, key, entry)
        for key, entry in visit.world.registrations.items()
        if key[0] in data_sets and key[2] in units and _in_time(visit, query, key[1], entry)
    ]
    return {"completeDataSetRegistrations": found} if found else {}


def _in_time(visit: Visit, query: Query, text: str, entry: Json) -> bool:
    if "period" in query:
        return text in query["period"]
    if "createdDuration" in query:
        return bool(entry["date"] >= visit.now - span(query["createdDuration"][0]))
    dates = dates_of(query)
    return dates is not None and within(text, dates)


def _shown(facts: Facts, schemes: Mapping[str, str], key: Key, entry: Json) -> Json:
    data_set, period, unit, combo = key
    scheme = schemes["attributeOptionCombo"]
    return {
        "period": period,
        "dataSet": facts.name("dataSet", schemes["dataSet"], data_set),
        "organisationUnit": facts.name("orgUnit", schemes["orgUnit"], unit),
        "attributeOptionCombo": facts.name("attributeOptionCombo", scheme, combo),
        "date": f"{entry['date']:%Y-%m-%d}",
        "storedBy": entry["storedBy"],
        "completed": entry["completed"],
    }


def take_back(visit: Visit, query: Mapping[str, str]) -> None:
    """Forget a registration, whether there was one or not; a locked data set is refused."""
    data_set, unit = visit.facts.data_sets.get(query.get("ds", "")), query.get("ou", "")
    period = find_period(query.get("pe"))
    if data_set is None or period is None:
        raise RefusalError(409, f"Illegal data set or period: {query.get('ds')}")
    if locked(visit, data_set, period, unit):
        raise RefusalError(409, f"Locked Data set(s) : {data_set['id']}")
    key = (data_set["id"], period.id, unit, visit.facts.default_combo)
    visit.world.registrations.pop(key, None)
