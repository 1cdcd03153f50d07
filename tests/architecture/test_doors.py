"""Every address of the house, tried by somebody who has no business there."""

import itertools

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mediation.disputes.enums import Status as S

# Addresses that answer people who are not signed in. Everything else must refuse them.
PUBLIC = {
    "accounts/login/": "the way in",
    "accounts/logout/": "the way out; sends whoever is out already home",
    "accounts/inactive/": "says that an account is closed",
    "accounts/signup/": "says who gives out accounts",
    "demo/login/": "demonstrations only; absent otherwise",
    "display/": "large type or dark, kept in a cookie",
    "setup/": "the first people of an empty installation, for the code that the server prints; absent later",
    "source/": "the source of this very version, as the licence demands",
    "offline/": "the form of registration as a device keeps it, without a person",
    "sw.js": "keeps that form on the device",
    "i18n/setlang/": "language, kept in a cookie",
    "p/": "residents",
    "p/apply/": "residents apply",
    "p/apply/done/": "residents see their number",
    "p/apply/<slug:step>/": "residents apply",
    "p/follow/": "residents prove by code and phone",
    "wall/": "the empty frame of a wall screen; its figures ask for a key of their own",
    "wall/sw.js": "keeps that frame on the device",
    "livez": "is the process alive",
    "readyz": "can it serve",
    "v/": "asks for the code of a paper",
    "v/<str:code>": "whether a paper is genuine; nothing personal",
    "metrics": "figures for this machine alone; the test asks from it",
    "api/v1/openapi.json": "description of the interface",
    "api/v1/docs": "the same for people",
    "api/v1/": "names the two above",
}
REFUSALS = {401, 403, 404, 405}
SAMPLES = {
    "code": "ABCD-EFGH", "number": "汽车路街道纠登〔2026〕00001号", "action": "assess", "name": "assess",
    "step": "facts", "area": "430902006901003", "grid": "430902006901003", "seq": 1, "person": 1,
    "duty": 1, "ordinal": 1, "access": 1, "key": "x", "uidb36": "1", "provider": "x", "kind": "d1",
    "pk": 1, "party": 1, "alert": 1, "document": 1, "paper": "d1", "format": "pdf", "report": "monthly",

    "rule": "R01", "token": "x", "prefix": "x", "committee": 1, "entry": 1,
    "errand": 1, "cluster": 1, "form": "cases", "filing": 1, "attachment": 1, "page": 1,
    "day": "2026-03-02", "screen": 1, "device": 1, "provider_id": "office",
}  # fmt: skip


def addresses(resolver=None, prefix=""):
    """Route → an example of it, of every pattern there is."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern).replace("^", "").replace("$", "").replace("\\Z", "")
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, "/" + filled(route, entry.pattern.converters)


def filled(route, converters):
    for name in converters:
        before, _, rest = route.partition("<")
        inside, _, after = rest.partition(">")
        assert inside.rpartition(":")[2] == name
        route = f"{before}{SAMPLES[name]}{after}"
    return route


def is_refused(response):
    if response.status_code in {301, 302}:
        # Staff sign in; a resident proves his case by code and phone.
        return response["Location"].startswith("/accounts/login/") or response["Location"] == "/p/"
    return response.status_code in REFUSALS


METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
ROUTES = sorted(set(addresses()))


@pytest.mark.parametrize(("route", "address"), ROUTES, ids=[route for route, _ in ROUTES])
def test_address_refuses_whoever_is_not_signed_in(db, route, address):
    if route in PUBLIC:
        return
    client = Client()

    refused = {method: getattr(client, method)(address) for method in METHODS}

    let_in = {m: r.status_code for m, r in refused.items() if not is_refused(r)}
    assert let_in == {}


def test_public_list_names_only_what_exists():
    assert set(PUBLIC) - {route for route, _ in ROUTES} == set()


def test_stranger_inside_learns_nothing_about_a_case(cast, case_in):
    """A signed-in person without a duty tries every address with a real case."""
    case = case_in(S.MEDIATING)
    client = Client()
    client.force_login(cast.person("mo"))
    secrets = [case.number, case.code, case.title, "彭测安"]

    told = {}
    for route, _address in ROUTES:
        for name, value in itertools.product(["code", "number"], [case.code, case.number]):
            if f":{name}>" not in route:
                continue
            address = "/" + filled_with(route, {name: value})
            for method in ("get", "post"):
                answer = getattr(client, method)(address)
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                text = body.decode("utf-8", "replace").replace(address, "")
                if answer.status_code < 300 or any(s in text for s in secrets if s != value):
                    told[method, route] = answer.status_code
    assert told == {}


def filled_with(route, values):
    for name, sample in (SAMPLES | values).items():
        for kind in ("str", "slug", "int", "uuid", "path"):
            route = route.replace(f"<{kind}:{name}>", str(sample))
    return route
