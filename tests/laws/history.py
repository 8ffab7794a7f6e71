"""A village lives: tracker counts, people type, servers fail, and Tally comes every night."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from uuid import UUID

from starlette.responses import Response

from pipeline.cells.key import KEY
from pipeline.cells.packing import unpack
from pipeline.plan.rules.guards import ANOTHER_TARGET
from pipeline.store.transfer import Store
from pipeline.text.errors import TallyError
from sandbox.http.faults import Fault
from sandbox.state.register import Place, Register
from sandbox.state.tables import build
from sandbox.state.world import Json, StoredValue, ValueKey
from tests.laws.memory import Memory, Numbers
from tests.support.deployments import NAME, Post
from tests.support.faults import (
    afterwards,
    answer_lost,
    cut_after,
    first,
    html_instead,
    instead,
    lying,
    unavailable,
)
from tests.support.village import CLINICS, MONTHS, WHATS, key_of

CLERK = "clerk"
VILLAGE = "abc"
CELLS = {
    key_of(month, clinic, what): (month, CLINICS[clinic], WHATS[what])
    for month in MONTHS
    for clinic in VILLAGE
    for what in WHATS
}
VALUES = "/api/dataValueSets"


def nothing_was_stored(told: Json) -> Json:
    """Turn a summary into one that says yes and counts nothing."""
    counts = dict.fromkeys(("imported", "updated", "ignored", "deleted"), 0)
    summary = {**told.get("response", {}), "status": "SUCCESS", "importCount": counts}
    return {**told, "status": "OK", "response": summary}


FAULTS: dict[str, Callable[[], Fault]] = {
    "analytics busy once": lambda: first(1, "/api/analytics", unavailable()),
    "analytics down": lambda: first(99, "/api/analytics", instead(Response("no", 500))),
    "analytics cut": lambda: first(99, "/api/analytics", cut_after(50)),
    "a page instead of values": lambda: first(99, VALUES, html_instead(), "GET"),
    "values cut": lambda: first(99, VALUES, cut_after(60), "GET"),
    "post refused by a proxy": lambda: first(1, VALUES, instead(Response("no", 502)), "POST"),
    "answer lost": lambda: first(1, VALUES, answer_lost(), "POST"),
    "answer cut at once": lambda: first(1, VALUES, cut_after(0), "POST"),
    "answer cut": lambda: first(1, VALUES, cut_after(50), "POST"),
    "summary lies": lambda: first(1, VALUES, lying(nothing_was_stored), "POST"),
    "no, and done": lambda: first(
        1, VALUES, afterwards(lambda answer: answer._replace(status=409)), "POST"
    ),
}


@dataclass
class Figures:
    """What a history went through."""

    nights: int = 0
    faults: int = 0
    letters: int = 0
    typed: int = 0
    written: int = 0
    kills: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            *(mine + theirs for mine, theirs in zip(*map(_all, (self, other)), strict=True))
        )


def _all(figures: Figures) -> list[int]:
    return list(vars(figures).values())


@dataclass
class History:
    """One village from its first day on; every wrong number is told at once."""

    post: Post
    random: Random
    memory: Memory = field(default_factory=Memory)
    figures: Figures = field(default_factory=Figures)
    months: tuple[str, ...] = MONTHS
    mapped: tuple[str, ...] = tuple(WHATS)
    story: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Widen the guards: here only the laws are tried, and villages are small."""
        self.post.configure(
            guards={
                "max_retraction_share": 1.0,
                "max_site_retraction_share": 1.0,
                "min_extract_share": 0.0,
                "max_mapping_rows_lost": 99,
            },
            rejects={"max_share": 1.0},
        )

    def day(self) -> None:
        """Let tracker and people change what they like, and the server move now and then."""
        self._tracker_changes()
        self._people_type()
        self._officer_changes_his_mind()
        if self.random.random() < 0.2:
            self.post.world.system_id = str(UUID(int=self.random.getrandbits(128)))
            self.story.append("the server moved")

    def night(self, fault: str = "") -> None:
        """Let Tally come, perhaps through a fault, and hold what it did to the laws."""
        world = self.post.world
        typed = {key for key, one in world.values.items() if one.stored_by == CLERK}
        people = {key: replace(world.values[key]) for key in typed & {*self._standing()}}
        before = self._standing()
        self.post.sandbox.faults[:] = [FAULTS[fault]()] if fault else []
        self.figures.faults += bool(fault)
        self.story.append(f"night, {fault or 'no fault'}")
        try:
            self.post.night(**{ANOTHER_TARGET: "the server moved"})
        except TallyError as letter:
            if not fault:
                raise
            self.story.append(f"letter: {letter.what}")
            self.figures.letters += 1
        else:
            self.memory.night(self._counts(), self._image())
        finally:
            self.post.sandbox.faults.clear()
        self.figures.nights += 1
        self.figures.written += sum(
            before.get(key) != number for key, number in self._standing().items()
        )
        touched = {key for key, one in people.items() if world.values[key] != one}
        assert not touched, f"a person's number was touched: {touched}"

    def insist(self) -> None:
        """Compare the form and the ledger with what they must hold."""
        assert self._standing() == self.memory.form
        assert self._ledger() == self.memory.ours
        as_we_left_it = self.memory.ours.items() & self.memory.form.items()
        writers = {self.post.world.values[key].stored_by for key, _ in as_we_left_it}
        assert writers <= {"tally"}, "something is ours that we did not write"

    def _tracker_changes(self) -> None:
        register = self.post.world.answers
        assert isinstance(register, Register)
        for month, clinic, what in CELLS.values():
            place = Place(month, clinic, tuple(filter(None, [what.options])))
            luck = self.random.random()
            if luck < 0.25:
                register.count(what.indicator, place, float(self.random.randint(0, 4)))
            elif luck < 0.35:
                register.forget(what.indicator, place)
        build(self.post.world)

    def _people_type(self) -> None:
        """Let clerks type and remove; our own number typed once more changes nothing of ours."""
        world = self.post.world
        for key in CELLS:
            luck = self.random.random()
            if luck < 0.06:
                number = str(self.random.randint(0, 4))
                if self.memory.ours.get(key) == float(number):
                    continue
                self._type(key, StoredValue(number, CLERK, world.clock(), world.clock(), "mine"))
                self.memory.form[key] = float(number)
            elif luck < 0.09 and key in self.memory.form:
                gone = replace(world.values[key], stored_by=CLERK, deleted=True)
                self._type(key, gone)
                del self.memory.form[key]

    def _type(self, key: ValueKey, value: StoredValue) -> None:
        self.post.world.values[key] = value
        self.figures.typed += 1
        self.story.append(f"clerk: {key} {'removed' if value.deleted else value.value}")

    def _officer_changes_his_mind(self) -> None:
        """Ask for other months, and map other things; what is left out sleeps.

        What becomes of the form is the same whether zeros are to be stored or go by the element.
        """
        self.months = tuple(month for month in MONTHS if self.random.random() < 0.8) or MONTHS
        self.mapped = tuple(name for name in WHATS if self.random.random() < 0.9) or tuple(WHATS)
        zeros = self.random.choice(["as_element", "store"])
        self.post.configure(periods={"explicit": list(self.months)}, policy={"zeros": zeros})
        whats = (WHATS[name] for name in self.mapped)
        self.post.map((one.indicator, one.options, one.element, one.combo, "") for one in whats)

    def _image(self) -> set[ValueKey]:
        return {
            key
            for key, (month, _, what) in CELLS.items()
            if month in self.months and what in (WHATS[name] for name in self.mapped)
        }

    def _counts(self) -> Numbers:
        register = self.post.world.answers
        assert isinstance(register, Register)
        found = {}
        for key, (month, clinic, what) in CELLS.items():
            place = Place(month, clinic, tuple(filter(None, [what.options])))
            number = register.counts.get(what.indicator, {}).get(place)
            if number is not None:
                found[key] = number
        return found

    def _standing(self) -> Numbers:
        return {
            key: float(str(one.value))
            for key, one in self.post.world.values.items()
            if not one.deleted
        }

    def _ledger(self) -> Numbers:
        store = Store(self.post.deployment.store(NAME))
        entries = unpack(store.ledger(self.post.world.system_id), store.dictionaries())
        return {ValueKey(*row[:-1]): row[-1] for row in entries.select(*KEY, "value").rows()}


def live(post: Post, seed: int, nights: int, *, faults: float = 0.0) -> Figures:
    """Let a village live for some nights; raises at the first number that is not as it must be.

    After a fault the next night has none, and everything must be right again by its end.
    """
    history = History(post, Random(seed))
    history.begin()
    try:
        for _ in range(nights):
            history.day()
            if history.random.random() < faults:
                history.night(history.random.choice(sorted(FAULTS)))
            history.night()
            history.insist()
    except (AssertionError, TallyError) as error:
        error.add_note(f"seed {seed}\n" + "\n".join(history.story[-40:]))
        raise
    return history.figures
