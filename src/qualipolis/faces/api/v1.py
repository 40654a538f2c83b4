"""The API, version 1: read only, the same numbers as the pages, OpenAPI from the declarations themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.urls import get_root_url

from qualipolis import __version__
from qualipolis.faces.api import (
    analyses,
    federation,
    hospital,
    hospital_open,
    listen_safety,
    nqi,
    problems,
    public,
    staff,
    supervision,
    talent,
)
from qualipolis.faces.api.access import stamp
from qualipolis.faces.api.parameters import MEANINGS

PREFIX = "/api/v1/"


class Api(NinjaAPI):
    """Without the pages of the library (they need scripts of others), with tags and dates on released data."""

    def create_response(self, request: HttpRequest, data: Any, **how: Any) -> HttpResponse:
        """Answer, and say when released data changed last."""
        answer = super().create_response(request, data, **how)
        stamp(request, answer)
        return answer

    def _get_urls(self) -> list[Any]:
        root = str(get_root_url(self).name)
        return [one for one in super()._get_urls() if getattr(one, "name", "") != root]


api = Api(
    title="Qualipolis",
    version=__version__,
    description="Published assessments of a city's quality, and the staff's tables by session. Read only.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-1",
)
problems.install(api)
api.add_router("", public.router)
api.add_router("", supervision.router)
api.add_router("", hospital.router)
api.add_router("", hospital_open.router)
api.add_router("", listen_safety.router)
api.add_router("", nqi.router)
api.add_router("", talent.router)
api.add_router("", federation.router)
api.add_router("", staff.router)
api.add_router("", analyses.router)


def schema() -> dict[str, Any]:
    """Return the OpenAPI document."""
    document = dict(api.get_openapi_schema(path_prefix=PREFIX))
    for verbs in document["paths"].values():
        for operation in verbs.values():
            for parameter in operation.get("parameters", ()):
                own = parameter["schema"].get("description")  # a parameter of a model brings its own words
                parameter.setdefault("description", own or MEANINGS[parameter["name"]])
    return document
