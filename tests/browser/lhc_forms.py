"""LHC-Forms as a person meets it: a form on a page, answered by mouse and keyboard, and the response it gives."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Route, expect

from documentation.demonstration import WRITTEN_FOR
from tests.browser.install_lhc_forms import INSTALLED

Json = dict[str, Any]

FILES: Final = "/lhc-forms/"
AT: Final = "/lhc-forms"
_SCRIPTS: Final = (
    "webcomponent/assets/lib/zone.min.js", "webcomponent/runtime.js", "webcomponent/polyfills.js",
    "webcomponent/main.js", "fhir/R4/lformsFHIR.min.js",
)  # fmt: skip
_PAGE: Final = f"""\
<!doctype html><html lang="en"><title>LHC-Forms</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="{FILES}webcomponent/styles.css"><div id="form"></div>
{"".join(f'<script src="{FILES}{script}"></script>' for script in _SCRIPTS)}</html>"""

_LAUNCH: Final = """([patient, ehr]) => LForms.Util.setFHIRContext({
  getFhirVersion: () => Promise.resolve("4.0.1"),
  request: (query) => fetch(`${ehr}/${query}`).then((answer) => answer.json()),
}, { patient })"""
"""What a SMART app is given at launch: the patient, and a client of the EHR."""

_SHOW: Final = """([form, draft]) => {
  const known = LForms.Util.convertFHIRQuestionnaireToLForms(form, "R4");
  const shown = draft ? LForms.Util.mergeFHIRDataIntoLForms("QuestionnaireResponse", draft, known, "R4") : known;
  return LForms.Util.addFormToPage(shown, "form", { fhirVersion: "R4" });
}"""

_GIVES: Final = """() => LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4")"""
_CONTENT: Final = re.compile(r"Ran expressions in \d+ ms")


class Renderer:
    """The renderer in a page at the service's address; what it says that is not content is a complaint."""

    def __init__(self, page: Page, service: str) -> None:
        self.page, self._service = page, service
        self.complaints: list[str] = []
        self.asked_elsewhere: list[str] = []
        page.clock.set_fixed_time(f"{WRITTEN_FOR.isoformat()}T12:00:00Z")  # expressions ask for today()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._told)
        page.on("request", self._asked)
        page.route(f"{service}{AT}**", _from_installed_files)

    def show(self, form: Json, patient: Json, draft: Json | None = None) -> None:
        """Launch for a patient, and show a form; begun with the answers of a draft, else prefilled by the renderer."""
        self.page.goto(f"{self._service}{AT}")
        self.page.evaluate(_LAUNCH, [patient, f"{self._service}/demo/fhir"])
        self.page.evaluate(_SHOW, [form, draft])
        expect(self.page.get_by_role("heading", name=form["title"])).to_be_visible()

    def label(self, link_id: str) -> Locator:
        """The words of a question or of a group, whether shown or not."""
        return self.page.locator(f"[id^='label-{link_id}/'] .question")

    def field(self, link_id: str) -> Locator:
        """Where a question is answered."""
        return self.page.locator(f"input[id^='{link_id}/']")

    def choose(self, link_id: str, display: str) -> None:
        """Pick an answer of a list."""
        self.field(link_id).click()
        numbered = re.compile(rf"^\d+:\s*{re.escape(display)}$")
        self.page.locator("#completionOptions li").filter(has_text=numbered).click()
        expect(self.field(link_id)).to_have_value(display)
        self.field(link_id).press("Tab")

    def say(self, link_id: str, word: str) -> None:
        """Answer yes or no."""
        self.page.locator(f"[id^='item-{link_id}/']").get_by_text(word, exact=True).click()

    def response(self) -> Json:
        """What the renderer would save."""
        return dict(self.page.evaluate(_GIVES))

    def completed(self, draft: Mapping[str, Any]) -> Json:
        """What a DTR client sends: its draft, which knows order and Coverage, with the answers the renderer gives."""
        given = self.response()
        said = {name: given[name] for name in ("status", "authored", "item")}
        return {**draft, **said, "source": {"reference": "Practitioner/surgeon-1"}}

    def _told(self, message: ConsoleMessage) -> None:
        # Errors of expressions are no errors of the console here: the renderer logs them as plain lines.
        if message.type == "error" or not _CONTENT.fullmatch(message.text):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self._service}/", "data:", "blob:")):
            self.asked_elsewhere.append(request.url)


def _from_installed_files(route: Route) -> None:
    path = urlsplit(route.request.url).path
    if path == AT:
        route.fulfill(body=_PAGE, content_type="text/html; charset=utf-8")
    else:
        route.fulfill(path=INSTALLED / path.removeprefix(FILES))
