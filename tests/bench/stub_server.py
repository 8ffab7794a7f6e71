"""A server whose answers are bytes made beforehand, so that only its clients are measured.

It answers every question truly the first time and from memory ever after; a first round, which
is not counted, lets it learn them. Each client has a server of its own at `/<client>/api`.
`POST /<client>/night/first?version=2.42.4` empties the client's form and sets what tracker
counts; `second` and `same` keep the form. `GET /<client>/told` counts requests and bytes.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import polars as pl
from isal import igzip

from tests.bench.country import COUNTRY, TODAY, counted, counted_on, metadata
from tests.bench.form import Form, Pages

JSON, CSV = "application/json;charset=UTF-8", "application/csv;charset=UTF-8"
Pairs = list[tuple[str, str]]


class Stub:
    """Everything the stub knows: the country, its packed answers, and each client's form."""

    def __init__(self, values: int) -> None:
        self.rows = counted(values)
        self.metadata = metadata(values)
        districts = {one["id"]: one["path"].split("/")[2:3] for one in self.sites}
        self.district = pl.DataFrame(
            [(site, *above) for site, above in districts.items()],
            schema=["org_unit", "district"],
            orient="row",
        )
        self.answers: dict[tuple[str, str], bytes] = {}
        self.pages = Pages()
        self.clients: dict[str, Client] = {}
        self.lock = Lock()

    @property
    def sites(self) -> list[dict[str, Any]]:
        """List the org units that report."""
        return [one for one in self.metadata["organisationUnits"] if one["level"] == 3]

    def analytics(self, kind: str, query: str, night: str) -> bytes:
        """Give the packed answer to an analytics question."""
        key = (f"{night} {kind}", query)
        if key not in self.answers:
            table = self._counted(parse_qsl(query), night)
            text = _grid(table) if kind == "json" else _table(table)
            self.answers[key] = igzip.compress(text.encode(), 1, mtime=0)
        return self.answers[key]

    def _counted(self, pairs: Pairs, night: str) -> pl.DataFrame:
        asked = dict(value.split(":", 1) for name, value in pairs if name == "dimension")
        dx, pe, ou = (asked[axis].split(";") for axis in ("dx", "pe", "ou"))
        below = pl.col("district").is_in(ou) | (COUNTRY in ou) | pl.col("org_unit").is_in(ou)
        wanted = self.district.filter(below).select("org_unit")
        return (
            self.rows.filter(pl.col("program_indicator").is_in(dx) & pl.col("period").is_in(pe))
            .join(wanted, on="org_unit", how="semi", maintain_order="left")
            .select("program_indicator", "period", "org_unit", pl.col(night).cast(pl.String))
            .drop_nulls()
            .sample(fraction=1, shuffle=True, seed=1)
        )

    def objects(self, plural: str, pairs: Pairs) -> bytes:
        """Give metadata objects, all or those of a list of ids."""
        found = self.metadata.get(plural, [])
        for name, value in pairs:
            if name == "filter" and value.startswith("id:in:["):
                ids = set(value[7:-1].split(","))
                found = [one for one in found if one["id"] in ids]
        return _packed({plural: found})


class Client:
    """One client's server: its form, tracker's night, and what went over the wire."""

    def __init__(self, stub: Stub, night: str, version: str, form: Form) -> None:
        self.stub = stub
        self.night = night
        self.version = version
        self.form = form
        self.told = {"gets": 0, "posts": 0, "bytes_received": 0, "bytes_sent": 0, "values": 0}

    def get(self, path: str, query: str) -> tuple[str, bytes]:
        """Answer a question: its content type, and the packed body."""
        pairs = parse_qsl(query)
        if path.startswith("analytics."):
            kind = path.removeprefix("analytics.")
            answer = self.stub.analytics(kind, query, self.night)
            return (CSV if kind == "csv" else JSON), answer
        if path == "dataValueSets.csv":
            periods = [value for name, value in pairs if name == "period"]
            sites = tuple(value for name, value in pairs if name == "orgUnit")
            below = ("children", "false") not in pairs
            return CSV, self.form.read(periods, () if below else sites)
        alone: dict[str, object] = {
            "system/info": {
                "version": self.version,
                "calendar": "iso8601",
                "systemId": "bench000-0000-4000-8000-000000000001",
                "serverDate": TODAY,
                "lastAnalyticsTableSuccess": TODAY,
            },
            "me": {
                "id": "usTally0001",
                "username": "tally",
                "authorities": ["F_DATAVALUE_ADD", "F_VIEW_EVENT_ANALYTICS"],
                "organisationUnits": [{"id": COUNTRY}],
                "dataViewOrganisationUnits": [{"id": COUNTRY}],
            },
            "systemSettings": {"keyAnalyticsMaxLimit": 100_000},
            "ping": "pong",
        }
        if path in alone:
            return JSON, _packed(alone[path])
        return JSON, self.stub.objects(path, pairs)

    def post(self, body: bytes) -> bytes:
        """Take values in, and say so."""
        values = self.form.post(body)
        self.told["values"] += values
        counts = {"imported": values, "updated": 0, "ignored": 0, "deleted": 0}
        summary = {"status": "SUCCESS", "importCount": counts, "conflicts": []}
        return _packed({"httpStatusCode": 200, "status": "OK", "response": summary})


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for the stub; headers and body leave together."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    stub: Stub

    def do_GET(self) -> None:
        """Answer a question, or tell what was counted."""
        parts = urlsplit(self.path)
        name, path = _client_and_path(parts.path)
        client = self.stub.clients[name]
        if path == "told":
            self._answer(JSON, _packed(client.told))
            return
        kind, packed = client.get(path.removeprefix("api/"), parts.query)
        self._count(client, "gets", 0, len(packed))
        self._answer(kind, packed)

    def do_POST(self) -> None:
        """Take values in, or begin a night."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        name, path = _client_and_path(parts.path)
        if path.startswith("night/"):
            self._begin(name, path.removeprefix("night/"), dict(parse_qsl(parts.query))["version"])
            self._answer(JSON, _packed({}))
            return
        client = self.stub.clients[name]
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        packed = client.post(igzip.decompress(body) if is_packed else body)
        self._count(client, "posts", len(body), len(packed))
        self._answer(JSON, packed)

    def _begin(self, name: str, night: str, version: str) -> None:
        before = self.stub.clients.get(name)
        form = Form(self.stub.pages) if before is None or night == "first" else before.form
        self.stub.clients[name] = Client(self.stub, counted_on(night), version, form)

    def _count(self, client: Client, kind: str, received: int, sent: int) -> None:
        with self.stub.lock:
            client.told[kind] += 1
            client.told["bytes_received"] += received
            client.told["bytes_sent"] += sent

    def _answer(self, kind: str, packed: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _client_and_path(path: str) -> tuple[str, str]:
    name, _, rest = path.strip("/").partition("/")
    return name, rest


def _packed(told: object) -> bytes:
    return igzip.compress(json.dumps(told).encode(), 1, mtime=0)


def _table(rows: pl.DataFrame) -> str:
    titles = "Data,Period,Organisation unit,Value\n"
    return titles + rows.write_csv(include_header=False, quote_style="never")


def _grid(rows: pl.DataFrame) -> str:
    names = ("dx", "pe", "ou", "value")
    told = {
        "headers": [{"name": name} for name in names],
        "rows": [list(row) for row in rows.rows()],
        "height": rows.height,
    }
    return json.dumps(told, separators=(",", ":"))


def main(values: int) -> None:
    """Serve a country of about so many values on a free port, and print its address."""
    Handler.stub = Stub(values)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201  # its one word
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
