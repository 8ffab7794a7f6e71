"""What all objects of the invented country share: ids that depend on codes, names, references."""

from sandbox.state.identifiers import uid
from sandbox.state.world import Json

DEFAULTS = {
    "categoryOptions": "xYerKDKCefk",
    "categories": "GLevLNI9wkl",
    "categoryCombos": "bjDvmb4bfuf",
    "categoryOptionCombos": "HllvX50cXC0",
}


def ref(code: str) -> Json:
    """A reference to the object with a code; no code is the default combo."""
    return {"id": uid(code) if code else DEFAULTS["categoryCombos"]}


def named(code: str, name: str) -> Json:
    """What every object has: id, code and names."""
    return {"id": uid(code), "code": code, "name": name, "shortName": name[:50]}
