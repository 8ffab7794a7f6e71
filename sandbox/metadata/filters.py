"""`filter=`: which objects a list of metadata names."""

from collections.abc import Callable

from sandbox.messages.envelopes import RefusalError
from sandbox.messages.fields import FieldReader
from sandbox.state.world import Json


def matches(reader: FieldReader, item: Json, condition: str) -> bool:
    """Whether an object fulfils `path:operator:value`; an unknown operator is refused (E1003)."""
    path, _, comparison = condition.partition(":")
    operator, _, operand = comparison.partition(":")
    negated = operator.startswith("!")
    name = operator.removeprefix("!")
    if name not in OPERATORS:
        raise RefusalError(400, f"`{operator}` is not a valid operator.", "E1003")
    values = [_text(value) for value in reader.values(item, path)]
    if name == "null":
        return bool(values) == negated
    found = any(OPERATORS[name](value, operand) for value in values)
    return bool(values) and found != negated


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(operand: str) -> list[str]:
    return operand.strip("[]").split(",")


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda value, operand: value == operand,
    "ieq": lambda value, operand: value.lower() == operand.lower(),
    "in": lambda value, operand: value in _listed(operand),
    "like": lambda value, operand: operand in value,
    "ilike": lambda value, operand: operand.lower() in value.lower(),
    "$like": lambda value, operand: value.startswith(operand),
    "like$": lambda value, operand: value.endswith(operand),
    "token": lambda value, operand: operand.lower() in value.lower(),
    "gt": lambda value, operand: value > operand,
    "ge": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "le": lambda value, operand: value <= operand,
    "null": lambda _value, _operand: False,
}
