"""Published penalties for everyone; one that came down says so without what it said."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.supervise.aftermath.penalties import take_down_day
from qualipolis.city.supervise.aftermath.publication_queries import gone_penalties
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.results import crumbs, links
from qualipolis.faces.portal.results_data import shown_penalties


@frame.open_page
def index(request: HttpRequest) -> HttpResponse:
    """The penalties that are shown now, and the numbers of those that came down."""
    context = {
        "stage": "supervise",
        "rows": [(one, take_down_day(one)) for one in shown_penalties()],
        "gone": gone_penalties(),
        "links": links()[:2],
        "data": [(form, reverse("portal:penalties_data", args=[form])) for form in ("csv", "json")],
        "crumbs": crumbs((_("Published penalties"), "")),
    }
    return frame.show(request, "penalties", "supervision", context)
