"""What one client's target holds: posts are kept as they came, and read when somebody asks."""

import hashlib
import json
import re
from threading import Lock

import polars as pl
from isal import igzip

from tests.bench.country import DEFAULT, TODAY

HEADER = (
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,"
    "value,storedby,lastupdated,comment,followup,deleted\n"
)
_PERIOD = re.compile(rb'"period":\s?"(\w+)"')
_COLUMNS = HEADER.strip().split(",")
_KEY = _COLUMNS[:5]
_NOTHING = ""

Version = str
Sites = tuple[str, ...]


class Pages:
    """How the values of a month read after some posts: written once, and remembered."""

    def __init__(self) -> None:
        self._texts: dict[Version, bytes] = {_NOTHING: igzip.compress(b"", 1)}
        self._answers: dict[tuple[tuple[Version, ...], Sites], bytes] = {}

    def answer(self, versions: tuple[Version, ...], sites: Sites) -> bytes:
        """Give a whole answer, packed; of some sites alone, or of all (none are named)."""
        if (versions, sites) not in self._answers:
            texts = [igzip.decompress(self._texts[version]) for version in versions]
            whole = HEADER.encode() + _of_sites(b"".join(texts), sites)
            self._answers[versions, sites] = igzip.compress(whole, 1, mtime=0)
        return self._answers[versions, sites]

    def after(self, version: Version, period: str, bodies: list[bytes]) -> Version:
        """Give the version of a month that comes of an older one and some posts."""
        digests = sorted(hashlib.sha256(body).hexdigest() for body in bodies)
        newer = hashlib.sha256("".join([version, period, *digests]).encode()).hexdigest()
        if newer not in self._texts:
            older = igzip.decompress(self._texts[version])
            self._texts[newer] = igzip.compress(_written(older, period, bodies), 1)
        return newer


def _of_sites(table: bytes, sites: Sites) -> bytes:
    if not sites:
        return table
    shape = dict.fromkeys(_COLUMNS, pl.String)
    rows = pl.read_csv(table, has_header=False, schema=shape, raise_if_empty=False)
    found = rows.filter(pl.col("orgunit").is_in(list(sites)))
    return found.write_csv(include_header=False, quote_style="never").encode()


def _written(older: bytes, period: str, bodies: list[bytes]) -> bytes:
    """Apply posts to the values of a month, as CSV without a header."""
    rows = [
        (
            one["dataElement"],
            one["period"],
            one["orgUnit"],
            one.get("categoryOptionCombo", DEFAULT),
            one.get("attributeOptionCombo", DEFAULT),
            one["value"],
            "tally",
            f"{TODAY}+0000",
            "",
            "false",
            "true" if one.get("deleted") else "null",
        )
        for body in bodies
        for one in json.loads(body)["dataValues"]
        if one["period"] == period
    ]
    shape = dict.fromkeys(_COLUMNS, pl.String)
    newer = pl.DataFrame(rows, schema=shape, orient="row").unique(
        _KEY, keep="last", maintain_order=True
    )
    before = pl.read_csv(older, has_header=False, schema=shape, raise_if_empty=False)
    kept = before.join(newer, on=_KEY, how="anti", maintain_order="left")
    standing = pl.concat([kept, newer.filter(pl.col("deleted") == "null")])
    return standing.write_csv(include_header=False, quote_style="never").encode()


class Form:
    """The target of one client."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._lock = Lock()
        self._versions: dict[str, Version] = {}
        self._waiting: dict[str, list[bytes]] = {}

    def post(self, body: bytes) -> int:
        """Take values in; give how many there are."""
        periods = _PERIOD.findall(body)
        with self._lock:
            for period in set(periods):
                self._waiting.setdefault(period.decode(), []).append(body)
        return len(periods)

    def read(self, periods: list[str], sites: Sites) -> bytes:
        """Give the values of some periods as packed CSV, of some sites or of all."""
        with self._lock:
            versions = tuple(self._version(period) for period in periods)
            return self._pages.answer(versions, sites)

    def _version(self, period: str) -> Version:
        known = self._versions.get(period, _NOTHING)
        if bodies := self._waiting.pop(period, []):
            known = self._pages.after(known, period, bodies)
            self._versions[period] = known
        return known
