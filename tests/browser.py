"""Chromium for the browser tests, through Playwright.

A system Chromium if there is one, else the one Playwright has downloaded. Where
there is neither, browser tests skip and the summary says so; with REQUIRE_BROWSER=1
they fail.

A browser has a clock of its own, and on a busy machine it may lose a race that no person would
run. A browser test that fails is tried once more, anew; the summary names it, so that the race is
seen and can be mended.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ARGUMENTS = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER = (
    "no Chromium here: install one (apt install chromium) or run"
    " .venv/bin/playwright install chromium"
)
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}

OpenPage = Callable[..., Page]


def find_chromium(playwright: Playwright) -> Path | None:
    """The program to drive, or None."""
    candidates = [shutil.which(command) for command in COMMANDS]
    candidates += [*MAC_APPS, playwright.chromium.executable_path]
    return next((Path(path) for path in candidates if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    # Playwright keeps an event loop in this thread, and Django would take the
    # tests' own queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        program = find_chromium(playwright)
        if program is None:
            if os.environ.get("REQUIRE_BROWSER") == "1":
                pytest.fail(NO_BROWSER)
            pytest.skip(NO_BROWSER)
        chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages of separate visitors: `open_page(viewport=PHONE, locale="es")`.

    What a page complains of in its console (script errors, a blocked inline style)
    fails the test.
    """
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        # 422 is a form that came back with what is wrong in it: no fault of the page
        if message.type == "error" and "status of 422" not in message.text:
            complaints.append(message.text)

    def open_one(viewport: dict[str, int] = LAPTOP, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, "the page complained: " + "; ".join(complaints)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Which browser tests needed a second try; one loud line where none could run."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_line(f"TRIED AGAIN {report.nodeid}", yellow=True)
        terminalreporter.write_line(str(report.longrepr))
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if NO_BROWSER in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} browser tests skipped", yellow=True)
        terminalreporter.write_line(NO_BROWSER)
