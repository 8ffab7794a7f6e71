"""A real browser that opens a page from a file, and hears whatever the page tries."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
DESK, PHONE = (1280, 900), (375, 700)
A4_WITHIN_MARGINS = (
    703,
    1009,
)  # 210 by 297 mm less the margins of the style sheet, at 96 to an inch


def chromium() -> str | None:
    """Find a Chromium that starts; the Makefile looks for the same names."""
    for name in NAMES:
        found = shutil.which(name)
        if (
            found
            and subprocess.run([found, "--version"], capture_output=True, check=False).returncode
            == 0
        ):
            return found
    return None


@contextmanager
def running(executable: str) -> Iterator[Browser]:
    """Start a browser; root has no sandbox to give it."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


class Visit:
    """One page in one window, and what it tried: requests, words on the console, dialogs."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.address = file.as_uri()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.route(re.compile(".*"), self._let_only_the_file_through)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._close)
        page.goto(self.address)

    def _let_only_the_file_through(self, route: Route) -> None:
        self.requests.append(route.request.url)
        if route.request.url == self.address:
            route.continue_()
        else:
            route.abort()

    def _hear(self, message: ConsoleMessage) -> None:
        self.complaints.append(message.text)

    def _close(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    @property
    def is_quiet(self) -> bool:
        """Tell whether the page asked for nothing but itself, and complained of nothing."""
        return self.requests == [self.address] and not self.complaints


@contextmanager
def visit(browser: Browser, file: Path, size: tuple[int, int] = DESK) -> Iterator[Visit]:
    """Open a file in a fresh window of this size."""
    with browser.new_context(viewport={"width": size[0], "height": size[1]}) as context:
        yield Visit(context.new_page(), file)
