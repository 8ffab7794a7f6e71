"""Read what DuckDB says of a question: the sentences, and the place in it that they are about."""

import re

_MARKED = re.compile(r"\n+(?P<head>LINE (?P<line>\d+): )(?P<excerpt>.*)\n(?P<before> *)\^")
LONGEST_EXCERPT = 60


def sentences_of(message: str) -> str:
    """What was said, without its picture of the place and without advice to programmers."""
    said = _MARKED.split(message)[0]
    sentences = [line.strip() for line in said.splitlines() if line.strip()]
    return " ".join(sentences[:2])


def place_of(message: str, question: str) -> str:
    """The line and the letter that a message marks; nothing when it marks none of these.

    The message may count a line more than the question has, for one that was put before it.
    """
    marked = _MARKED.search(message)
    if marked is None:
        return ""
    excerpt = marked["excerpt"].strip()
    indent = marked["excerpt"].index(excerpt)
    shown = excerpt.removeprefix("...").removesuffix("...")
    shift = len(marked["before"]) - len(marked["head"]) - indent - 3 * excerpt.startswith("...")
    lines = question.splitlines()
    for number in (int(marked["line"]) - 1, int(marked["line"])):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        if shown and shown in line:
            at = line.index(shown) + shift
            rest = line[at : at + LONGEST_EXCERPT]
            return f"line {number}, letter {at + 1} of the question: {rest}"
    return ""
