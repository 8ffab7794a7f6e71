"""Which data sets are complete: registering it, taking it back, asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.sandbox.data_value_facts import Facts
from pipeline.sandbox.data_value_generations import ValueHabits
from pipeline.sandbox.data_value_payload import import_options
from pipeline.sandbox.data_value_periods import find_period
from pipeline.sandbox.data_value_reading import not_a_period, span
from pipeline.sandbox.data_value_reports import Counts, Report, answer_of
from pipeline.sandbox.data_value_timeliness import locked, midnight
from pipeline.sandbox.data_value_writing_old import schemes_of
from pipeline.sandbox.envelopes import RefusalError
from pipeline.sandbox.world import Json, User, World

DONE = "Import process complete."
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Refusal:
    """Why a registration is left out."""

    who: str
    text: str


def register(
    world: World,
    habits: ValueHabits,
    user: User,
    body: Json,
    query: Mapping[str, str],
    now: datetime,
) -> tuple[int, Json]:
    """Store registrations; give status and body of the answer."""
    options = import_options(query, knows_atomic=habits.knows_atomic)
    facts, schemes = Facts(world), schemes_of(options.schemes)
    entries = body.get("completeDataSetRegistrations") or []
    counts, conflicts = Counts(), []
    bad = next((entry["period"] for entry in entries if not find_period(entry["period"])), None)
    if bad is not None and habits.bad_period_ends_the_list:
        failed = (
            f"The import process failed: java.lang.IllegalArgumentException: {not_a_period(bad)}"
        )
        report = Report("ERROR", Counts(), description=failed, complete=None)
        return answer_of(report, options.echo, warning=habits.warning)
    for entry in entries:
        key = _key(facts, schemes, user, entry)
        if isinstance(key, Refusal):
            conflicts.append({"object": key.who, "value": key.text})
            counts.ignored += 1
        else:
            _store(world, key, entry, user, options.strategy, counts, now, options.dry_run)
    written = counts.imported + counts.updated + counts.deleted
    status = "SUCCESS" if written else "ERROR"
    report = Report(status, counts, conflicts, description=DONE, complete=None)
    return answer_of(report, options.echo, warning=habits.warning)


def _key(facts: Facts, schemes: Mapping[str, str], user: User, entry: Json) -> Key | Refusal:
    data_set = facts.find("dataSet", schemes["dataSet"], entry.get("dataSet"))
    unit = facts.find("orgUnit", schemes["orgUnit"], entry.get("organisationUnit"))
    period = find_period(entry.get("period"))
    if data_set is None:
        return Refusal(entry["dataSet"], "Data set not found or not accessible")
    if period is None:
        return Refusal(entry["period"], "Period not valid")
    if unit is None:
        return Refusal(entry["organisationUnit"], "Organisation unit not found or not accessible")
    if not facts.tree.within(unit, user.org_units):
        text = f"Organisation unit is not in hierarchy of user: {user.username}"
        return Refusal(entry["organisationUnit"], text)
    named = entry.get("attributeOptionCombo")
    combo = facts.find("attributeOptionCombo", schemes["attributeOptionCombo"], named)
    return data_set, period.id, unit, combo or facts.default_combo


def _store(
    world: World,
    key: Key,
    entry: Json,
    user: User,
    strategy: str,
    counts: Counts,
    now: datetime,
    dry_run: bool,
) -> None:
    there = key in world.registrations
    if strategy == ("CREATE" if there else "UPDATE") or (strategy == "DELETE" and not there):
        counts.ignored += 1
        return
    if strategy == "DELETE":
        counts.deleted += 1
        if not dry_run:
            del world.registrations[key]
        return
    counts.updated += there
    counts.imported += not there
    if not dry_run:
        day = entry.get("date")
        world.registrations[key] = {
            "date": midnight(date.fromisoformat(day[:10])) if day else now,
            "storedBy": entry.get("storedBy") or user.username,
            "completed": entry.get("completed", True) is not False,
            "lastUpdated": now,
            "lastUpdatedBy": user.username,
        }


def registered(world: World, query: Mapping[str, list[str]], now: datetime) -> Json:
    """Give the registrations a query asks for; nothing found is an empty object."""
    facts = Facts(world)
    data_sets = query.get("dataSet", [])
    if not data_sets:
        raise RefusalError(409, "At least one data set must be specified", "E2013")
    named = query.get("orgUnit", [])
    units = facts.tree.below(named) if query.get("children") == ["true"] else named
    schemes = schemes_of({name: values[0] for name, values in query.items()})
    found = [
        _shown(facts, schemes, key, entry)
        for key, entry in world.registrations.items()
        if key[0] in data_sets and key[2] in units and _in_time(query, key[1], entry, now)
    ]
    return {"completeDataSetRegistrations": found} if found else {}


def _in_time(query: Mapping[str, list[str]], text: str, entry: Json, now: datetime) -> bool:
    if "period" in query:
        return text in query["period"]
    if "createdDuration" in query:
        return bool(entry["date"] >= now - span(query["createdDuration"][0]))
    period = find_period(text)
    if period is None or "startDate" not in query or "endDate" not in query:
        return False
    first, last = (date.fromisoformat(query[name][0]) for name in ("startDate", "endDate"))
    return first <= period.start and period.end <= last


def _shown(facts: Facts, schemes: Mapping[str, str], key: Key, entry: Json) -> Json:
    data_set, period, unit, combo = key
    return {
        "period": period,
        "dataSet": facts.write("dataSet", schemes["dataSet"], data_set),
        "organisationUnit": facts.write("orgUnit", schemes["orgUnit"], unit),
        "attributeOptionCombo": facts.write(
            "attributeOptionCombo", schemes["attributeOptionCombo"], combo
        ),
        "date": f"{entry['date']:%Y-%m-%d}",
        "storedBy": entry["storedBy"],
        "completed": entry["completed"],
    }


def take_back(world: World, user: User, query: Mapping[str, str], now: datetime) -> None:
    """Forget a registration, whether there was one or not; a locked data set is refused."""
    facts = Facts(world)
    data_set, period = facts.data_sets.get(query.get("ds", "")), find_period(query.get("pe"))
    if data_set is None or period is None:
        raise RefusalError(409, f"Illegal data set identifier: {query.get('ds')}")
    if locked(world, user, data_set, period, query.get("ou", ""), now):
        raise RefusalError(409, f"Locked Data set(s) : {data_set['id']}")
    key = (data_set["id"], period.id, query.get("ou", ""), facts.default_combo)
    world.registrations.pop(key, None)
