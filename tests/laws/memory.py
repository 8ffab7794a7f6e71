"""The slow oracle: what a village's form and ledger must hold after each night, in plain Python."""

from dataclasses import dataclass, field

from sandbox.state.world import ValueKey

Numbers = dict[ValueKey, float]
ZERO_MEANS_SOMETHING = ("deEnrolled1",)


def same(key: ValueKey, one: float | None, other: float | None) -> bool:
    """Tell whether two numbers are one; where zero means nothing, it and no row are one."""
    if one == other:
        return True
    return key.data_element not in ZERO_MEANS_SOMETHING and not one and not other


@dataclass
class Memory:
    """What stands in the form, and what of it is ours, by the table of the design alone.

    The policies are the defaults: merge, retract, as_element, ask.
    """

    form: Numbers = field(default_factory=dict)
    ours: Numbers = field(default_factory=dict)

    def night(self, tracker: Numbers, image: set[ValueKey]) -> None:
        """Let a whole night pass over the cells that are asked."""
        for key in sorted(image):
            self._decide(key, tracker.get(key))

    def _decide(self, key: ValueKey, told: float | None) -> None:
        stands, left = self.form.get(key), self.ours.get(key)
        as_we_left_it = left is not None and same(key, stands, left)
        if told is None:
            self._vanished(key, stands, as_we_left_it=as_we_left_it)
        elif same(key, stands, told):
            if not as_we_left_it:
                self.ours.pop(key, None)
        elif as_we_left_it or (stands is None and left is None):
            self._write(key, told)

    def _vanished(self, key: ValueKey, stands: float | None, *, as_we_left_it: bool) -> None:
        self.ours.pop(key, None)
        if as_we_left_it and stands is not None:
            del self.form[key]

    def _write(self, key: ValueKey, told: float) -> None:
        if told or key.data_element in ZERO_MEANS_SOMETHING:
            self.form[key] = self.ours[key] = told
        else:
            self.form.pop(key, None)
            self.ours.pop(key, None)
