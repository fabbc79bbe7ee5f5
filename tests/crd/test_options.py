"""Configuration options (dev-4 to dev-17, found-35)."""

from typing import Any

import pytest

from cds_service.crd.options import DEFAULT_MAX_CARDS, Options, configuration_options, read_options

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
    assert read_options({NAME: configuration}) == expected


@pytest.mark.parametrize("extension", [None, {}, [], "x", {"davinci-crd.requestedVersion": "2.2"}])
def test_dev_15_options_are_never_required(extension: Any) -> None:
    assert read_options(extension) == Options()


def test_what_is_switched_off_is_not_wanted() -> None:
    off = read_options({NAME: {"coverage-info": False}})
    assert not off.wants("coverage-info")
    assert not off.wants("unsolicited-determ")  # part of coverage-info
    assert off.wants("guideline")


def test_dev_4_and_dev_8_discovery_lists_each_option_once() -> None:
    listed = configuration_options()
    for name in ("code", "name", "description"):
        said = [option[name] for option in listed]
        assert len(set(said)) == len(said)
        assert all(isinstance(word, str) and word for word in said)
    assert {o["code"]: o["type"] for o in listed}["coverage-info"] == "boolean"
    assert {o["type"] for o in listed} == {"boolean", "integer"}
    assert {o["code"]: o["default"] for o in listed}["max-cards"] == DEFAULT_MAX_CARDS
