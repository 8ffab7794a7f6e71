"""Ask the sandbox what the real servers were asked, in the same order, at the same hour."""

import json
from dataclasses import dataclass, field

import httpx

from sandbox.http.server import running
from sandbox.state.recorded import PASSWORD, token_of
from sandbox.state.world import World
from tests.sandbox.recordings.comparing import differences
from tests.sandbox.recordings.pairs import Pair, pairs_of, unclaimed
from tests.sandbox.recordings.seeds import SEEDS, take_effect

TOKENS = {
    "bad api token": "d2pat_notAToken",
    "get with the GET token": token_of("exchanger GET"),
    "post with the GET token": token_of("exchanger GET"),
    "expired token": token_of("exchanger old"),
}
LINES_OF_A_PAIR = 5
WRONG_PASSWORDS = ("wrong password",)


@dataclass
class Replayer:
    """Asks one sandbox; ids that the server makes up are renamed to what the sandbox made up."""

    client: httpx.Client
    world: World
    renamed: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def ask(self, pair: Pair) -> httpx.Response:
        """Send a pair's request as its user, at its hour."""
        self.world.clock = lambda: pair.at
        self.client.cookies.clear()
        headers = {"Accept": "*/*", **(pair.headers or {})}
        if "If-None-Match" in headers:
            headers["If-None-Match"] = self.tags[pair.path]
        if token := _token(pair):
            headers["Authorization"] = f"ApiToken {token}"
        answer = self.client.request(
            pair.method,
            self.renamed_in(pair.path),
            params=[(name, self.renamed_in(value)) for name, value in pair.query],
            content=_content(pair),
            headers=headers,
            auth=_basic(pair),
        )
        self.tags[pair.path] = answer.headers.get("ETag", "")
        self._learn_ids(pair, answer)
        return answer

    def renamed_in(self, text: str) -> str:
        """A text with the recorded ids replaced."""
        for recorded, ours in self.renamed.items():
            text = text.replace(recorded, ours)
        return text

    def _learn_ids(self, pair: Pair, answer: httpx.Response) -> None:
        recorded = pair.json.get("response") if isinstance(pair.json, dict) else None
        if (
            isinstance(recorded, dict)
            and "relativeNotifierEndpoint" in recorded
            and answer.is_success
        ):
            self.renamed[recorded["id"]] = answer.json()["response"].get("id", "")


def _token(pair: Pair) -> str:
    if pair.user != "ApiToken":
        return ""
    return TOKENS.get(pair.name, token_of("exchanger"))


def _basic(pair: Pair) -> tuple[str, str] | None:
    if pair.user in (None, "ApiToken"):
        return None
    return str(pair.user), "wrong" if pair.name in WRONG_PASSWORDS else PASSWORD


def _content(pair: Pair) -> bytes | None:
    if pair.body is None:
        return None
    text = pair.body if isinstance(pair.body, str) else json.dumps(pair.body)
    return text.encode()


def replay(generation: str, stage: str) -> list[str]:
    """Replay a stage from its seed and name each pair that differs, and in what.

    An unclaimed pair is not asked; its effect is seeded.
    """
    rules = unclaimed()
    found = []
    with (
        running(SEEDS[stage](generation), generation) as sandbox,
        httpx.Client(base_url=sandbox.url, timeout=30) as client,
    ):
        replayer = Replayer(client, sandbox.world)
        for pair in pairs_of(generation, stage):
            if any(rule.covers(pair, generation) for rule in rules):
                take_effect(sandbox.world, generation, pair)
                continue
            where = f"{generation} {pair.number:04} {pair.name} ({pair.method} {pair.path})"
            lines = differences(pair, replayer.ask(pair))
            found += [f"{where}: {line}" for line in lines[:LINES_OF_A_PAIR]]
    return found
