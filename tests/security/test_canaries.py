"""Made-up identities are registered and worked on; afterwards nothing personal is where it must not be."""

import base64
import logging
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from mediation.core.crypto import Unreadable
from mediation.disputes.models import Party
from tests.architecture.test_doors import ROUTES
from tests.factories import register
from tests.factories.cases import CHILD, DOWNSTAIRS, UPSTAIRS

ID, PHONE, ADDRESS = "439999198506120014", "13987654321", "银杏街77号4栋1203室"
CHILD_NAME = "周测童"
SECRETS = (ID, PHONE, "1203室", CHILD_NAME)


def spellings(secret: str) -> list[bytes]:
    """One secret in every coat in which it could slip out."""
    plain = secret.encode()
    return [
        plain,
        secret.encode("gb18030"),
        base64.b64encode(plain)[:-3],
        plain.hex().encode(),
        quote(secret).encode() if not secret.isascii() else plain,
        secret.encode("unicode_escape"),
        " ".join(secret).encode(),
        secret.encode("utf-16-le"),
    ]


def leaks(data: bytes) -> list[str]:
    return [secret for secret in SECRETS if any(coat in data for coat in spellings(secret))]


@pytest.fixture
def case(cast):
    people = [UPSTAIRS | {"id_number": ID, "phone": PHONE, "address": ADDRESS}, DOWNSTAIRS, CHILD]
    return register(cast.wang, parties=people)


def test_nothing_personal_leaves_by_a_side_door(cast, case, caplog, capfd, tmp_path):
    """Pages of everybody, logs, cookies, addresses, caches: worked through, then searched."""
    caplog.set_level(logging.DEBUG)
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.person("bao"))
    seen = {}
    for _route, address in ROUTES:
        response = browser.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        seen[address] = body + repr(response.headers).encode() + str(response.cookies).encode()
    for address in (f"/disputes/{case.code}/", f"/api/v1/disputes/{case.code}"):
        response = browser.get(address)
        assert response.status_code == 200
        seen[address] = response.content + repr(response.headers).encode()
    looked = {"field": "phone", "reason": "核对联系方式后通知到场"}
    shown = browser.post(f"/disputes/{case.code}/parties/1/reveal/", looked)
    browser.post(
        "/register/", {"parties-0-id_number": ID, "facts": ADDRESS, "parties-0-phone": PHONE}
    )
    browser.post("/p/follow/", {"code": case.code, "tail": PHONE})

    assert PHONE in shown.content.decode()  # the one place where it may be
    assert {address: leaks(body) for address, body in seen.items() if leaks(body)} == {}
    told = capfd.readouterr()
    logs = caplog.text + told.out + told.err
    assert leaks(logs.encode()) == []
    assert leaks(repr(getattr(cache, "_cache", {})).encode()) == []


def test_database_shows_no_identifier_in_any_table(case):
    """What a thief of the file would read, table by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            data = b"".join(_bytes(cell) for row in cursor.fetchall() for cell in row)
            if leaks(data):
                found[table] = leaks(data)
    assert found == {}


def _bytes(cell: object) -> bytes:
    return bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()


def test_exception_tells_neither_text_nor_key(case, settings):
    party = Party.objects.get(dispute=case, ordinal=1)
    party.phone_sealed = party.id_sealed
    try:
        _ = party.phone
    except Unreadable:
        told = traceback.format_exc()
    else:
        pytest.fail("a moved seal opened")

    assert leaks(told.encode()) == []
    assert settings.FIELD_KEYS not in told


def test_no_file_is_named_after_a_person(case, settings):
    names = [str(path) for path in Path(settings.DATA_DIR).rglob("*")]

    assert leaks("\n".join(names).encode()) == []
