"""All services, those not switched on included: what they say of themselves, and templates every client can run."""

import re

import pytest

from cds_service.contexts import CONTEXTS
from cds_service.discovery import ALL_HOOKS, OFFERED, SERVICES, Service, discovery
from fhir_mappings.prefetch import CLINICAL, STANDARD
from tests.conftest import Json

ON_RECORD = {"order-sign", "order-select", "order-dispatch", "appointment-book"}

PERSON = {"context.patientId", "context.encounterId"}
TOKENS = {
    "order-sign": PERSON | {"context.userId"},
    "order-select": PERSON | {"context.userId"},
    "order-dispatch": {"context.patientId"},  # its context has no encounterId, whatever CRD's list of templates says
    "appointment-book": PERSON | {"context.userId"},
    "encounter-start": PERSON | {"context.userId"},
    "encounter-discharge": PERSON | {"context.userId"},
}


def entries(clinical_prefetch: bool) -> dict[str, Json]:
    return {entry["hook"]: entry for entry in discovery(clinical_prefetch, ALL_HOOKS)["services"]}


TEMPLATES = [(hook, template) for hook, entry in entries(True).items() for template in entry["prefetch"].values()]


def test_every_hook_has_one_service_and_a_reader_of_its_context() -> None:
    assert [service.hook for service in ALL_HOOKS] == list(CONTEXTS)


def test_the_services_offered_are_among_them() -> None:
    assert set(OFFERED) <= set(ALL_HOOKS)
    assert list(SERVICES.values()) == list(OFFERED)


@pytest.mark.parametrize("service", ALL_HOOKS, ids=lambda s: s.hook)
def test_a_service_is_called_after_its_hook(service: Service) -> None:
    assert service.id == f"{service.hook}-crd"


@pytest.mark.parametrize("service", ALL_HOOKS, ids=lambda s: s.hook)
def test_hook_versions_are_those_published(service: Service) -> None:
    assert service.hook_version == ("1.1" if service.hook == "order-dispatch" else "1.0")


@pytest.mark.parametrize("name", ["title", "description"])
def test_no_two_services_say_the_same_of_themselves(name: str) -> None:
    said = [getattr(service, name) for service in ALL_HOOKS]
    assert all(said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("hook", TOKENS)
@pytest.mark.parametrize("clinical_prefetch", [True, False])
def test_every_service_asks_for_the_standard_three_and_those_that_judge_by_the_record_for_it(
    hook: str, clinical_prefetch: bool
) -> None:
    asked = entries(clinical_prefetch)[hook]["prefetch"]
    clinical = {search.key: search.template for search in CLINICAL}
    standard = {key: text for key, text in STANDARD.items() if set(re.findall(r"{{(.*?)}}", text)) <= TOKENS[hook]}
    assert asked == standard | (clinical if clinical_prefetch and hook in ON_RECORD else {})


@pytest.mark.parametrize(("hook", "template"), TEMPLATES)
def test_a_template_holds_only_tokens_its_hook_has(hook: str, template: str) -> None:
    tokens = re.findall(r"\{\{(.*?)\}\}", template)
    assert tokens
    assert set(tokens) <= TOKENS[hook]
    assert not re.search(r"[{}%]", re.sub(r"\{\{.*?\}\}", "", template))


@pytest.mark.parametrize(("hook", "template"), TEMPLATES)
def test_a_template_is_a_relative_read_or_a_plain_search(hook: str, template: str) -> None:
    path, is_search, query = template.partition("?")
    names = [part.partition("=")[0] for part in query.split("&")] if is_search else []
    assert re.fullmatch(r"[A-Z][A-Za-z]+" if is_search else r"[A-Z][A-Za-z]+/\{\{[A-Za-z.]+\}\}", path)
    assert len(names) == len(set(names)), "some clients join repeated parameters with a comma"
    assert not [name for name in names if re.search(r"[:.]|^_(?!count|sort)", name)], "modifiers, chains, includes"


@pytest.mark.parametrize(("hook", "template"), [t for t in TEMPLATES if "?" in t[1]])
def test_S21_no_search_hangs_on_a_token_a_client_may_not_fill(hook: str, template: str) -> None:
    assert re.findall(r"\{\{(.*?)\}\}", template) == ["context.patientId"]
