"""The time a clinician waits: from the click on Sign in the console to the first card that can be seen."""

import shutil
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.effort import Effort
from benchmarks.report import Figure, Section, at_most
from benchmarks.servers import environment, free_port, running
from benchmarks.spread import Spread

MILLISECONDS: Final = 300
SIGNATURES: Final = 30
WARMING: Final = 5
PATIENTS: Final = {
    "hcc-no-child-pugh": "Documentation missing", "hcc-covered": "Likely covered",
    "crc-unproven-confinement": "Documentation missing", "hcc-too-large": "Not covered",
}  # fmt: skip
"""Each with what its first card begins with."""

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
WHAT: Final = "from Sign to the first card"
TEXT: Final = f"""\
The console of `make demo` in headless Chromium on the same machine: {SIGNATURES} signatures, of {len(PATIENTS)}
patients in turn, after {WARMING} to warm up. From the click on Sign, by the browser's own clock, to the frame
that shows the first card: the record is prefetched from the embedded EHR, the service is called, the cards are
drawn. Each patient is chosen anew before, so that no card is left from the time before; what the card says is
checked."""

_WATCH: Final = """() => document.getElementById("sign").addEventListener("click", (click) => {
  window.firstCard = new Promise((seen) => {
    const look = () => {
      const isShown = document.querySelector("#cards .card")?.checkVisibility();
      // The frame after the one that finds it: by then it was painted.
      requestAnimationFrame(isShown ? () => seen(performance.now() - click.timeStamp) : look);
    };
    look();
  });
}, { capture: true })"""


def measure(effort: Effort, scratch: Path) -> Section:
    """As many signatures in a quick run: they take seconds."""
    del effort
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        return _section(Figure(WHAT, "not measured: no Chromium on this machine (apt-get install chromium)"))
    return _section(at_most(WHAT, Spread.of(_signed(chromium, scratch)), MILLISECONDS, "ms"))


def _section(figure: Figure) -> Section:
    return Section("first-card", "From Sign to the first card", TEXT, (figure,))


def _signed(chromium: str, scratch: Path) -> list[float]:
    """Milliseconds of each signature."""
    port = free_port()
    words = [sys.executable, "-m", "cds_service.cli", "demo", "--port", str(port)]
    with running(words, port, "/ready", environment(scratch / f"{port}.db")), sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, who runs this in containers.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator("body[data-ready]").wait_for()
        page.evaluate(_WATCH)
        took = [_sign(page, patient) for patient in islice(cycle(PATIENTS), WARMING + SIGNATURES)]
        browser.close()
    return took[WARMING:]


def _sign(page: Page, patient: str) -> float:
    """Choose a patient, sign, and wait until all of the answer is there. Milliseconds until its first card was."""
    page.locator(f"[data-situation='{patient}']").click()
    page.locator("#answer").wait_for(state="hidden")
    page.locator("#orders li").first.wait_for()
    page.locator("#sign").click()
    took = float(page.evaluate("window.firstCard"))
    page.get_by_text("came back").wait_for()
    said = page.locator("#cards .card h3").first.inner_text()
    assert said.startswith(PATIENTS[patient]), said
    return took
