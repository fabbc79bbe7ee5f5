"""Who may import whom: the arrows of ARCHITECTURE.md that import-linter does not hold."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [p for folder in ("cds_service", "fhir_mappings") for p in sorted((ROOT / folder).rglob("*.py"))]

ONLY_IN = {
    "requests": {
        "fhir_mappings/requesting.py",
        "fhir_mappings/connections.py",
        "cds_service/security/key_documents.py",
    },
    "urllib3": {"fhir_mappings/requesting.py", "fhir_mappings/connections.py", "cds_service/security/key_documents.py"},
    "sqlalchemy": {"cds_service/answers.py"},
    "fhir": {"fhir_mappings/models.py"},
    "granian": {"cds_service/cli.py"},
    "click": {
        f"cds_service/{name}.py" for name in ("cli", "loading", "office", "reports", "terminal", "batch/command")
    },
    "distributed": {"cds_service/batch/engines.py"},
}
HTTP_MODULES = {
    f"cds_service/{name}.py"
    for name in ("__init__", "admission", "demo", "error_pages", "responding", "views", "worker")
}
HTTP_FOLDERS = ("cds_service/pages/", "cds_service/console/", "cds_service/demo_ehr/", "cds_service/operations/",
                "cds_service/fhir_operations/")  # fmt: skip
HTTP_MODULES |= {"cds_service/web_form/blueprint.py"}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_what_its_place_allows(path: Path) -> None:
    place = str(path.relative_to(ROOT))
    tops = {name.split(".")[0] for name in imports_of(path)}
    for package, allowed in ONLY_IN.items():
        is_store = package == "sqlalchemy" and place.startswith("cds_service/store/")
        assert package not in tops or place in allowed or is_store, f"{place} imports {package}"
    if "flask" in tops:
        assert place in HTTP_MODULES or place.startswith(HTTP_FOLDERS), f"{place} imports flask"
    if place.startswith("fhir_mappings/"):
        assert "cds_service" not in tops
    if place.startswith(("cds_service/policy/", "cds_service/policies/")):
        assert not tops & {"flask", "requests", "fhir", "msgspec"}


def test_the_engine_knows_of_fhir_mappings_only_the_vocabulary() -> None:
    engine = [p for p in SOURCES if str(p.relative_to(ROOT)).startswith("cds_service/policy/")]
    seen = {name for path in engine for name in imports_of(path) if name.startswith("fhir_mappings")}
    assert seen == {"fhir_mappings.finding"}
