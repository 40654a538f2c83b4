"""The OpenAPI document and a page that shows it, drawn on the server: no script of others, no exception to the policy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.core.roles import Role
from qualipolis.faces.api import problems, v1, words
from qualipolis.faces.portal import frame


@page(ANYONE)
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The API as OpenAPI 3.1."""
    return JsonResponse(v1.schema(), json_dumps_params={"ensure_ascii": False})


@page(ANYONE)
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The API for people to read."""
    document = v1.schema()
    context = {
        "groups": _groups(document),
        "version": document["info"]["version"],
        "openapi": v1.PREFIX + "openapi.json",
        "crumbs": [frame.home_crumb(), ("API", "")],
        "portal_links": frame.links("data"),
        "stage": "assess",
    }
    return HttpResponse(_drawn(request, context))


def _drawn(request: HttpRequest, context: dict[str, Any]) -> str:
    from django.template.loader import render_to_string

    return render_to_string("api/reference.html", context, request)


@page(ANYONE)
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that the API does not have."""
    return problems.missing(request)


def _groups(document: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    titles = {
        "published": _("For everyone"),
        "supervision": _("Supervision sampling"),
        "hospital": _("Product hospital"),
        "safety": _("Product safety"),
        "federation": _("Co-governance federation"),
        "nqi": _("Institutions and their scopes"),
        "talent": _("Officers, training and certificates"),
        "staff": _("For staff, by session"),
        "analyses": _("Analyses of a run"),
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for path, verbs in document["paths"].items():
        for verb, one in verbs.items():
            found.setdefault(one["tags"][0], []).append(_operation(document, path, verb, one))
    return [(str(titles.get(tag, tag)), rows) for tag, rows in found.items()]


def _operation(document: dict[str, Any], path: str, verb: str, one: dict[str, Any]) -> dict[str, Any]:
    answer = one["responses"][200]["content"]["application/json"]["schema"]
    return {
        "id": one["operationId"],
        "path": path,
        "pieces": [f"/{piece}" for piece in path.strip("/").split("/")],
        "verb": verb.upper(),
        "summary": words.call(one),
        "access": _access(one.get("x-access", ())),
        "parameters": [_parameter(parameter) for parameter in one.get("parameters", ())],
        "fields": _fields(document, answer),
    }


def _access(roles: list[str]) -> str:
    if ANYONE in roles:
        return _("everyone")
    words = dict(Role.choices)
    if len(roles) == len(words):
        return _("every member of staff")
    return _(", ").join(str(words.get(role, role)) for role in roles)


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    schema = one["schema"]
    kinds = schema.get("anyOf", [schema])
    kind = next((k for k in kinds if k.get("type") != "null"), schema)
    low, high = kind.get("minimum"), kind.get("maximum")
    bounds = f"{low}–{high}" if low is not None else ""
    if kind.get("maxLength"):
        bounds = f"≤ {kind['maxLength']}"
    return {
        "name": one["name"],
        "where": one["in"],
        "type": kind.get("type", ""),
        "bounds": bounds,
        "default": schema.get("default"),
        "description": words.fact(schema) or words.place(one["name"]) or kind.get("description", ""),
    }


def _fields(document: dict[str, Any], schema: dict[str, Any], prefix: str = "", depth: int = 0) -> list[dict[str, Any]]:
    """Return the fields of an answer, nested ones with their path, three levels deep at most."""
    schema, _many = _plain(document, schema)
    found: list[dict[str, Any]] = []
    for name, inner in schema.get("properties", {}).items():
        place = f"{prefix}{name}"
        target, array = _plain(document, inner)
        kind = target.get("title") if target.get("properties") else target.get("type", "object")
        mark = "[]" if array else ""
        found.append({"name": place + mark, "type": kind, "description": inner.get("description", "")})
        if target.get("properties") and depth < 2:
            found += _fields(document, target, f"{place}{mark}.", depth + 1)
    return found


def _plain(document: dict[str, Any], schema: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Follow references, take null away, open lists; say whether it was a list."""
    many = False
    for _step in range(6):
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in schema:
            schema = next((one for one in schema["anyOf"] if one.get("type") != "null"), {})
        elif schema.get("type") == "array":
            schema, many = schema.get("items", {}), True
        else:
            break
    return schema, many
