"""A link that is followed: its case, opened on today, or why it is not shown."""

from dataclasses import dataclass
from functools import cached_property

from cds_service.dtr.case_form import CaseForm, case_form
from cds_service.dtr.standing import Case
from cds_service.web_form.desk import WebDesk
from cds_service.web_form.kept_case import KeptCase
from cds_service.web_form.refusals import LinkExpired, NoSuchLink


@dataclass(frozen=True)  # without slots: what is computed once is kept
class Opened:
    """The case of a link, and how it stands."""

    token: str
    kept: KeptCase
    cases: tuple[Case, ...]
    is_saved: bool

    @cached_property
    def form(self) -> CaseForm:
        """The form of the case: what is asked is tried out, which takes a tenth of a second."""
        return case_form(self.cases)


def opened(token: str, desk: WebDesk) -> Opened:
    """Open a link. Raises NoSuchLink, LinkExpired, StoreError."""
    link = desk.shelf.link(token)
    if link is None:
        raise NoSuchLink
    if link.expires_at <= desk.clock():
        raise LinkExpired
    kept = KeptCase.of(link.case)
    cases = kept.cases(desk.settings.on(), desk.check.windows)
    return Opened(token, kept, cases, link.is_saved)
