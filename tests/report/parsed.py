"""Read a page of HTML the way a browser would, and keep what matters to a test."""

from html.parser import HTMLParser
from typing import Self

_VOID = {"meta", "br", "img", "link"}


class Page(HTMLParser):
    """A page's elements in their order, its attributes, and its text without tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self._open: list[str] = []

    @classmethod
    def of(cls, html: str) -> Self:
        """Read a whole page."""
        page = cls()
        page.feed(html)
        page.close()
        if page._open:
            raise AssertionError(f"never closed: {page._open}")
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)
        if tag in {"h1", "h2", "h3"}:
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self._open.pop() != tag:
            raise AssertionError(f"</{tag}> closes what it did not open")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._open and self._open[-1] in {"h1", "h2", "h3"}:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    @property
    def tags(self) -> set[str]:
        """Name every kind of element in the page."""
        return {tag for tag, _ in self.elements}
