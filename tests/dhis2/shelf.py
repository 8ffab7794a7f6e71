"""A pretend server that has objects by their kind, and shows those that are asked for by id."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client
from schemas.metadata import Json
from tests.dhis2.http.script import SERVER, TOKEN

_IDS = re.compile(r"id:in:\[(.*)\]")


class Shelf:
    """Objects by the plural of their kind, told whole whatever fields are asked for."""

    def __init__(self, **objects: list[Json]) -> None:
        self.objects = objects
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        kind = request.url.path.rpartition("/")[2]
        self.asked.append(kind)
        named = _IDS.fullmatch(request.url.params.get("filter", ""))
        shown = [
            one
            for one in self.objects.get(kind, [])
            if named is None or one["id"] in named[1].split(",")
        ]
        body = httpx.ByteStream(json.dumps({kind: shown}).encode())
        return httpx.Response(200, headers={"content-type": "application/json"}, stream=body)

    @contextmanager
    def door(self) -> Iterator[Client]:
        """Open a client for it."""
        connection = Connection(SERVER, Credentials(token=TOKEN))
        with Client(connection, transport=httpx.MockTransport(self)) as client:
            yield client


SEX = ("coBoys00001", "coGirls0001")


def combos() -> list[Json]:
    """The default category combo, one by sex, and one by partner."""
    return [
        _combo("ccDefault01", "default", "caDefault01", ("coDefault01",), ("cocDefault1",)),
        _combo("ccSex000001", "Sex", "caSex000001", SEX, ("cocBoys0001", "cocGirls001")),
        _combo("ccPartners1", "Partner", "caPartners1", ("coPartner01",), ("aocPartner1",)),
    ]


def _combo(
    key: str, name: str, category: str, options: tuple[str, ...], option_combos: tuple[str, ...]
) -> Json:
    return {
        "id": key,
        "name": name,
        "categories": [{"id": category, "categoryOptions": [{"id": one} for one in options]}],
        "categoryOptionCombos": [
            {"id": one, "name": one, "categoryOptions": [{"id": option}]}
            for one, option in zip(option_combos, options, strict=True)
        ],
    }


def org_unit(key: str, above: str = "") -> Json:
    """An org unit below others."""
    return {"id": key, "name": f"of {key}", "path": f"{above}/{key}"}
