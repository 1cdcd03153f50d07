"""What the browser keeps for days without a network: files, and a page that knows nobody."""

import re

import pytest
from django.contrib.staticfiles import finders

from mediation.web.views import offline

pytestmark = pytest.mark.django_db


def test_kept_page_is_the_same_for_everybody(client, cast):
    stranger = client.get("/offline/").content
    client.force_login(cast.person("wang"))

    known = client.get("/offline/").content

    assert known == stranger
    assert cast.person("wang").name.encode() not in known
    assert b"csrfmiddlewaretoken" not in known


def test_kept_page_carries_the_fields_of_the_register_page(client, cast):
    client.force_login(cast.person("wang"))
    names = r'name="([a-z][\w-]*)"'
    online = set(re.findall(names, client.get("/register/").content.decode()))

    kept = set(re.findall(names, client.get("/offline/").content.decode()))

    of_the_frame = {"csrfmiddlewaretoken", "mode", "language", "next", "q", "viewport", "htmx-config",
                    "theme-color", "robots"}  # fmt: skip
    assert {one for one in online - kept if not one.startswith("settle-")} <= of_the_frame | {
        "photos"
    }


def test_kept_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/offline/")


def test_worker_is_asked_for_anew_and_names_files_that_exist(client):
    answer = client.get("/sw.js")

    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert b'"/offline/"' in answer.content
    assert [name for name in offline.KEPT if finders.find(name) is None] == []


def test_worker_keeps_nothing_that_is_about_people(client):
    """Only the listed files and the kept page are ever put into a cache."""
    said = client.get("/sw.js").content.decode()

    assert re.findall(r"\.put\(|cache\.add\(", said) == []
    assert said.count("cache.addAll(") == 1
