"""What gets into a log line, and what never does: "Jane Doe" stands for everything of a patient."""

import json
import logging
import sys
from datetime import datetime
from typing import Any

import pytest
from granian.log import LogLevels
from granian.log import configure_logging as configure_server_logging

from cds_service.errors import UnknownService
from cds_service.operations.logs import REQUEST_ID, JsonFormatter, configure_logging, place_of, server_logging

PATIENT = "Jane Doe"
OWN = logging.getLogger("cds_service.somewhere")
FOREIGN = logging.getLogger("urllib3.connectionpool")

pytestmark = pytest.mark.usefixtures("json_logs")


@pytest.fixture
def lines(capfd: pytest.CaptureFixture[str]) -> Any:
    def read() -> list[dict[str, Any]]:
        err = capfd.readouterr().err
        assert PATIENT not in err
        return [json.loads(line) for line in err.splitlines()]

    return read


def refuse() -> None:
    raise ValueError(PATIENT)


class TestOurOwnLines:
    def test_say_when_how_grave_where_and_what(self, lines: Any) -> None:
        OWN.info("read %s of %d types", "some", 3)
        (line,) = lines()
        assert datetime.fromisoformat(line.pop("time")).utcoffset().total_seconds() == 0
        assert line == {"level": "info", "logger": "cds_service.somewhere", "event": "read some of 3 types"}

    def test_may_name_their_arguments(self, lines: Any) -> None:
        OWN.info("%(left)d left", {"left": 3})
        assert lines()[0]["event"] == "3 left"

    def test_carry_the_id_of_the_request(self, lines: Any) -> None:
        token = REQUEST_ID.set("request-1")
        OWN.info("inside")
        REQUEST_ID.reset(token)
        OWN.info("outside")
        inside, outside = lines()
        assert (inside["request_id"], outside.get("request_id")) == ("request-1", None)

    def test_carry_extra_fields_of_the_list_and_no_others(self, lines: Any) -> None:
        OWN.info("answered", extra={"service": "order-sign-crd", "outcomes": {"covered": 2}, "patient": PATIENT})
        (line,) = lines()
        assert (line["service"], line["outcomes"], "patient" in line) == ("order-sign-crd", {"covered": 2}, False)

    def test_name_only_the_type_of_a_value_that_is_no_json(self, lines: Any) -> None:
        OWN.info("answered", extra={"result": ValueError(PATIENT)})
        assert lines()[0]["result"] == "ValueError"

    def test_tell_an_error_by_type_and_place_not_by_its_message(self, lines: Any) -> None:
        try:
            refuse()
        except ValueError:
            OWN.exception("a resource was skipped")
        (line,) = lines()
        assert (line["event"], line["exception"]) == ("a resource was skipped", "ValueError")
        assert line["place"].startswith(f"{__name__} refuse:")

    @pytest.mark.parametrize("arguments", [("failed: %s", ValueError(PATIENT)), (ValueError(PATIENT),)])
    def test_tell_only_the_type_of_an_error_given_as_text(self, lines: Any, arguments: tuple[Any, ...]) -> None:
        OWN.error(*arguments)
        assert lines()[0]["event"] in ("failed: ValueError", "ValueError")

    def test_keep_the_message_of_an_error_of_our_own_which_holds_no_data(self, lines: Any) -> None:
        OWN.error("refused: %s", UnknownService("there is no such service"))
        assert lines()[0]["event"] == "refused: there is no such service"

    def test_are_one_line_each_whatever_is_in_them(self, lines: Any) -> None:
        OWN.warning("two\nlines %s", "and\r\nmore")
        assert lines()[0]["event"] == "two\nlines and\r\nmore"

    def test_survive_arguments_that_do_not_fit(self) -> None:
        record = OWN.makeRecord(OWN.name, logging.INFO, "", 0, "%d of %d", (PATIENT,), None)
        assert json.loads(JsonFormatter().format(record))["event"] == "%d of %d"

    def test_begin_at_the_level_that_was_set(self, lines: Any) -> None:
        OWN.debug("not yet")
        configure_logging("debug")
        OWN.debug("now")
        assert [line["event"] for line in lines()] == ["now"]


class TestLinesOfLibraries:
    def test_keep_the_format_string_and_drop_the_values(self, lines: Any) -> None:
        FOREIGN.warning("Retrying %r: %s", 2, f"/fhir/Patient?name={PATIENT}", extra={"reason": PATIENT})
        (line,) = lines()
        assert (line["logger"], line["level"]) == ("urllib3.connectionpool", "warning")
        assert (line["event"], "reason" in line) == ("Retrying %r: %s", False)

    def test_keep_only_the_place_where_the_values_may_be_in_the_text(self, lines: Any) -> None:
        FOREIGN.error(f"no route to {PATIENT}")
        assert lines()[0]["event"].startswith("test_logs test_keep_only_the_place")

    def test_tell_an_error_by_type_and_place(self, lines: Any) -> None:
        try:
            {}[PATIENT]
        except KeyError:
            FOREIGN.exception("broken: %s", PATIENT)
        assert lines()[0]["exception"] == "KeyError"

    @pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
    def test_begin_at_warnings_even_if_the_library_says_more(self, lines: Any, level: int) -> None:
        FOREIGN.setLevel(logging.DEBUG)
        FOREIGN.log(level, "GET %s", PATIENT)
        FOREIGN.setLevel(logging.NOTSET)
        assert lines() == []

    def test_flasks_own_logger_is_a_librarys_although_it_has_our_name(self, lines: Any) -> None:
        logging.getLogger("cds_service").error("Exception on %s", f"/demo/fhir/Patient/{PATIENT}")
        assert lines()[0]["event"] == "Exception on %s"


def test_the_server_speaks_the_same_way(lines: Any) -> None:
    configure_server_logging(LogLevels.info, server_logging())
    logging.getLogger("_granian").warning("Killing worker-1 after it refused to gracefully stop")
    logging.getLogger("_granian").info("Starting granian")
    assert [line["event"] for line in lines()] == ["Killing worker-1 after it refused to gracefully stop"]


def test_configuring_twice_writes_once(lines: Any) -> None:
    configure_logging("info")
    OWN.info("once")
    assert len(lines()) == 1


def test_a_line_that_cannot_be_written_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, _: str) -> int:
            raise ValueError("I/O operation on closed file")

    monkeypatch.setattr(sys, "stderr", Closed())
    OWN.error("into the void")


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place_of(None) == "an unknown place"
