"""The JSON interface as a whole: its doors, its addresses, its printed description."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Swagger
from ninja.operation import Operation
from pydantic import BaseModel

from mediation.api import desk, disputes, errors, papers, search, shapes
from mediation.api.auth import BearerKey, Session
from mediation.api.disputes import ActionBody, RevealBody
from mediation.api.refusals import WrongMethod
from mediation.api.search import SearchBody
from mediation.core.errors import NotFound
from workflows.commands import catalog

ROOT = "/api/v1"
BODIES: dict[str, type[BaseModel]] = {
    "ActionBody": ActionBody,
    "RevealBody": RevealBody,
    "SearchBody": SearchBody,
}
DESCRIPTION = """\
The case system of a subdistrict for programs: the same commands, rights and refusals as the pages.

Send `Authorization: Bearer fq_…` (made by `manage.py create_api_key USERNAME`), or the session of a page
together with `X-CSRFToken`. Refusals are `application/problem+json` in the caller's language
(`Accept-Language`, else the person's own, else Chinese).
"""

View = Callable[..., HttpResponse]

# Swagger puts styles into its elements; nothing else of the policy is loosened, and only here.
_documentation = csp_update({"style-src": [SELF, "'unsafe-inline'"]})


class Interface(NinjaAPI):
    """Also answers in its own words to addresses and methods that it does not have."""

    def _get_urls(self) -> list[Any]:
        urls = super()._get_urls()
        for pattern in urls:
            if isinstance(pattern, URLPattern):
                pattern.callback = _refusing_methods(pattern.callback)
                if pattern.name in {"openapi-view", "openapi-json", "api-root"}:
                    pattern.callback = require_safe(pattern.callback)
                if pattern.name == "openapi-view":
                    pattern.callback = _documentation(pattern.callback)
        return [*urls[:-1], re_path(r"^.*$", _unknown), urls[-1]]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **options: Any) -> Any:
        """The document of ninja, with the bodies that are read strictly and a page per step."""
        options["path_prefix"] = f"{ROOT}/"
        with translation.override("en"):
            schema = super().get_openapi_schema(**options)
            _add_bodies(schema)
            _add_steps(schema)
        _share_problems(schema)
        return schema


def _refusing_methods(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != WrongMethod.status:
            return response
        told = errors.problem(WrongMethod())
        told.headers["Allow"] = response.headers.get("Allow", "")
        return told

    return wrapped


@csrf_exempt
def _unknown(_request: HttpRequest) -> HttpResponse:
    return errors.problem(NotFound())


def _add_bodies(schema: dict[str, Any]) -> None:
    known = schema["components"]["schemas"]
    known["NewDispute"] = shapes.object_schema(catalog.find("register").form.base_fields)
    for name, body in BODIES.items():
        known[name] = body.model_json_schema()


def _add_steps(schema: dict[str, Any]) -> None:
    """One address per step, so that its fields are printed; the general one stays for all."""
    general = schema["paths"][f"{ROOT}/disputes/{{number}}/actions/{{name}}"]["post"]
    for spec in catalog.all_specs():
        if spec.hidden or not catalog.statuses(spec):
            continue
        body = shapes.object_schema(spec.form.base_fields)
        body["properties"] = {"version": {"type": "integer", "minimum": 1}} | body["properties"]
        body["required"] = ["version", *body["required"]]
        step = general | {
            "operationId": f"step_{spec.name}",
            "summary": str(spec.label),
            "tags": ["steps"],
            "parameters": [p for p in general["parameters"] if p["name"] != "name"],
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        }
        schema["paths"][f"{ROOT}/disputes/{{number}}/actions/{spec.name}"] = {"post": step}


# Python renamed two of them with RFC 9110; the document is the same whichever prints it.
PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}


def _share_problems(schema: dict[str, Any]) -> None:
    """A refusal is printed once, with its own media type, and referred to from every address."""
    shared = schema["components"].setdefault("responses", {})
    for methods in schema["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    content = {errors.MEDIA_TYPE: response["content"]["application/json"]}
                    described = PHRASES.get(int(status), response["description"])
                    shared[f"Refused{status}"] = {"description": described, "content": content}
            operation["responses"] = {
                str(status): {"$ref": f"#/components/responses/Refused{status}"}
                if int(status) >= 400
                else response
                for status, response in operation["responses"].items()
            }


api = Interface(
    title="Fengqiao",
    version="1",
    description=DESCRIPTION,
    docs=Swagger(settings={"persistAuthorization": False}),
    auth=[BearerKey(), Session()],
    urls_namespace="api",
)
errors.install(api)
api.add_router("", disputes.router)
api.add_router("", desk.router)
api.add_router("", papers.router)
api.add_router("", search.router)


def printed() -> str:
    """The OpenAPI document as it stands in ``docs/reference/openapi.json``."""
    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, default=str) + "\n"
