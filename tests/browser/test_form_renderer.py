"""The forms in LHC-Forms, a public renderer of FHIR Questionnaires: shown, answered, and what comes back counts."""

import os
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from documentation.demonstration import served
from fhir_mappings.models import problems
from tests.browser.conftest import PATIENCE_MS
from tests.browser.install_lhc_forms import INSTALLED, check
from tests.browser.lhc_forms import Renderer
from tests.dtr.wire import PACKAGE, RESPONSES, coverage_of, items_of, named, outcome, parameters, signing, stated

Json = dict[str, Any]

CASES: Final = ("hcc-no-child-pugh", "crc-unproven-confinement")
NOBODY_KNOWN: Final[Json] = {"resourceType": "Patient", "id": "nobody-known"}


@pytest.fixture(scope="module")
def _lhc_forms() -> None:
    if not INSTALLED.exists():
        reason = "LHC-Forms is not installed: make renderer, then the forms are shown in it"
        if os.environ.get("CI_LHC_FORMS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="module")
def service(_lhc_forms: None) -> Iterator[str]:
    """A demonstration of these tests' own: what is saved in it changes what is said next."""
    with served() as url:
        yield url


@pytest.fixture
def renderer(browser: Browser, service: str) -> Iterator[Renderer]:
    """The renderer. At the end: nothing failed in it, no expression either, and nothing was asked of another site."""
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    started = Renderer(page, service)
    yield started
    page.context.close()
    assert started.complaints == []
    assert started.asked_elsewhere == []


class Client:
    """An EHR with DTR, over HTTP."""

    def __init__(self, renderer: Renderer, service: str) -> None:
        self._http, self._service = renderer.page.request, service

    def get(self, path: str) -> Json:
        answer = self._http.get(f"{self._service}{path}")
        assert answer.ok, answer.text()
        return dict(answer.json())

    def post(self, path: str, body: Json) -> Json:
        answer = self._http.post(f"{self._service}{path}", data=body)
        assert answer.ok, answer.text()
        return dict(answer.json())

    def signed(self, name: str) -> Json:
        return self.post("/cds-services/order-sign-crd", signing(name, fhirServer=f"{self._service}/demo/fhir"))

    def package(self, name: str) -> tuple[Json, Json]:
        """The form of a case and its draft, for the assertion the signing brought."""
        said = stated(self.signed(name))
        asked = parameters(coverage=coverage_of(name), context=said["coverage-assertion-id"])
        (bundle,) = named(self.post(PACKAGE, asked), "packagebundle")
        form, draft = (entry["resource"] for entry in bundle["entry"][:2])
        return form, draft

    def patient(self, name: str) -> Json:
        return self.get(f"/demo/fhir/Patient/{name}")

    def whole_form(self) -> Json:
        return self.get("/fhir/Questionnaire/liver-tumor-ablation")


@pytest.fixture
def client(renderer: Renderer, service: str) -> Client:
    return Client(renderer, service)


def is_shown(renderer: Renderer, form: Json) -> None:
    """Every group, and every question that hangs on no other, with its own words."""
    for item in [*form["item"], *(one for one in items_of(form) if "enableWhen" not in one)]:
        expect(renderer.label(item["linkId"])).to_have_text(item["text"])
        expect(renderer.label(item["linkId"])).to_be_visible()


def values(response: Json) -> Json:
    """The answer to each question, without where it is from: the renderer does not keep that."""
    answers = {item["linkId"]: item["answer"][0] for item in items_of(response)}
    return {link_id: {k: v for k, v in held.items() if k != "extension"} for link_id, held in answers.items()}


def test_the_whole_form_is_shown(renderer: Renderer, client: Client) -> None:
    form = client.whole_form()
    renderer.show(form, NOBODY_KNOWN)
    is_shown(renderer, form)
    assert "item" not in renderer.response()


@pytest.mark.parametrize("name", CASES)
def test_the_form_of_a_case_is_shown_with_what_is_known(renderer: Renderer, client: Client, name: str) -> None:
    form, draft = client.package(name)
    renderer.show(form, client.patient(name), draft)
    is_shown(renderer, form)
    assert values(draft)
    assert values(renderer.response()) == values(draft)


def test_what_the_renderer_reads_from_the_ehr_by_our_expressions_is_filled_in(
    renderer: Renderer, client: Client
) -> None:
    renderer.show(client.whole_form(), client.patient("hcc-no-child-pugh"))
    expect(renderer.field("ecog-grade")).to_have_value("1")
    expect(renderer.field("liver-tumor-diagnosis")).to_have_value("Hepatocellular carcinoma")
    expect(renderer.field("child-pugh-class")).to_have_value("")


def test_the_questions_of_a_branch_show_once_its_tumor_is_chosen(renderer: Renderer, client: Client) -> None:
    renderer.show(client.whole_form(), NOBODY_KNOWN)
    count, primary = renderer.label("liver-tumor-count"), renderer.label("mets-primary")
    expect(count).to_be_hidden()
    renderer.choose("liver-tumor-diagnosis", "Hepatocellular carcinoma")
    expect(count).to_be_visible()
    expect(primary).to_be_hidden()
    renderer.choose("liver-tumor-diagnosis", "Metastasis of another cancer")
    expect(primary).to_be_visible()
    expect(count).to_be_hidden()


def test_patients_are_not_asked_about_where_the_technique_is_judged_without_them(
    renderer: Renderer, client: Client
) -> None:
    renderer.show(client.whole_form(), NOBODY_KNOWN)
    expect(renderer.label("ecog-grade")).to_be_visible()
    renderer.choose("ablation-modality", "Histotripsy")
    expect(renderer.label("ecog-grade")).to_be_hidden()
    renderer.choose("ablation-modality", "Cryoablation")
    expect(renderer.label("ecog-grade")).to_be_visible()


def answer_child_pugh(renderer: Renderer) -> None:
    renderer.choose("child-pugh-class", "Class A, 5 or 6 points")


def answer_confined(renderer: Renderer) -> None:
    renderer.say("mets-confined-to-liver", "Yes")


@pytest.mark.parametrize(("name", "answer"), list(zip(CASES, (answer_child_pugh, answer_confined), strict=True)))
def test_the_response_the_renderer_gives_is_taken_and_leads_to_covered(
    renderer: Renderer, client: Client, name: str, answer: Any
) -> None:
    assert outcome(client.signed(name)) == "missing-documentation"
    form, draft = client.package(name)
    renderer.show(form, client.patient(name), draft)
    answer(renderer)
    response = renderer.completed(draft)
    assert problems(response) == ()
    client.post(RESPONSES, response)
    assert outcome(client.signed(name)) == "covered"


def test_a_package_other_than_the_one_that_was_pinned_is_not_used() -> None:
    with pytest.raises(ValueError, match="do not use it"):
        check(b"another package")
