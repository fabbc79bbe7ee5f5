"""Configuration options (dev-4 to dev-17, found-35)."""

import json
from typing import Any

import pytest

from cds_service.crd.options import DEFAULT_MAX_CARDS, KINDS, Options, configuration_options, read_options
from cds_service.discovery import ALL_HOOKS
from cds_service.hooks import PRIMARY_HOOKS

NAME = "davinci-crd.configuration"


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (None, Options()),
        ({}, Options()),
        ({"coverage-info": True}, Options()),
        ({"coverage-info": False}, Options(frozenset({"coverage-info"}))),
        ({"guideline": False, "claim": False}, Options(frozenset({"guideline", "claim"}))),
        ({"unsolicited-determ": False}, Options(frozenset({"unsolicited-determ"}))),
        ({"abcdefghijklmnop": True, "cost": False}, Options()),  # dev-17: not offered, ignored
        ({"max-cards": 3}, Options(max_cards=3)),
        ({"max-cards": 0}, Options(max_cards=0)),
        ({"max-cards": -1}, Options(nonsense=("max-cards",))),
        ({"max-cards": True}, Options(nonsense=("max-cards",))),
        ({"max-cards": "3"}, Options(nonsense=("max-cards",))),
        ({"max-cards": 2.5}, Options(nonsense=("max-cards",))),
        ({"max-cards": None}, Options(nonsense=("max-cards",))),
        ({"coverage-info": "false"}, Options(nonsense=("coverage-info",))),
        ({"coverage-info": None, "claim": 0}, Options(nonsense=("claim", "coverage-info"))),
        ([], Options(nonsense=(NAME,))),
        ("off", Options(nonsense=(NAME,))),
    ],
)
def test_options_are_read_and_nonsense_leaves_the_default(configuration: Any, expected: Options) -> None:
    assert read_options({NAME: configuration}, "order-sign") == expected


@pytest.mark.parametrize("extension", [None, {}, [], "x", {"davinci-crd.requestedVersion": "2.2"}])
def test_dev_15_options_are_never_required(extension: Any) -> None:
    assert read_options(extension, "order-sign") == Options()


def test_what_is_switched_off_is_not_wanted() -> None:
    off = read_options({NAME: {"coverage-info": False}}, "order-sign")
    assert not off.wants("coverage-info")
    assert not off.wants("unsolicited-determ")  # part of coverage-info
    assert off.wants("guideline")


@pytest.mark.parametrize("hook", KINDS)
def test_dev_4_and_dev_8_discovery_lists_each_option_once(hook: str) -> None:
    listed = configuration_options(hook)
    for name in ("code", "name", "description"):
        said = [option[name] for option in listed]
        assert len(set(said)) == len(said)
        assert all(isinstance(word, str) and word for word in said)
    assert {option["type"] for option in listed} == {"boolean", "integer"}
    assert {o["code"]: o["default"] for o in listed}["max-cards"] == DEFAULT_MAX_CARDS


@pytest.mark.parametrize("hook", sorted(PRIMARY_HOOKS))
def test_primary_hooks_can_be_spared_coverage_information(hook: str) -> None:
    assert {o["code"]: o["type"] for o in configuration_options(hook)}["coverage-info"] == "boolean"


def test_dev_9_an_option_says_the_same_on_every_hook() -> None:
    listed = [option for hook in KINDS for option in configuration_options(hook)]
    assert len({json.dumps(option) for option in listed}) == len({option["code"] for option in listed})


def test_dev_17_what_a_hook_does_not_offer_is_ignored_on_it() -> None:
    switched = {NAME: {"insurance": False, "guideline": False}}
    assert read_options(switched, "order-sign").switched_off == {"guideline"}
    assert read_options(switched, "encounter-start").switched_off == {"insurance"}


def test_every_hook_has_its_options() -> None:
    assert list(KINDS) == [service.hook for service in ALL_HOOKS]
