"""The log: one line a record, from both libraries alike, and nothing in it of what somebody typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "13987654321"
SCRIPT = f"""
import logging
import django; django.setup()
import structlog
from django.test import Client

def stumble(typed):
    try:
        int("no " + typed)
    except ValueError as error:
        raise KeyError(typed) from error

Client(SERVER_NAME="localhost").get("/livez?name={SECRET}")
try:
    stumble("{SECRET}")
except KeyError:
    logging.getLogger("mediation.jobs").exception("The sweep failed.")
    structlog.get_logger().exception("request_failed", code=500)
try:
    open("/nowhere/at/all")
except OSError:
    logging.getLogger("uvicorn.error").exception("No file.")
logging.getLogger("django.request").error("Internal Server Error: /somewhere/")
"""


def logged(tmp_path: Path, **environment: str) -> str:
    more = {"FENGQIAO_ENV": "dev", "DATA_DIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=os.environ
        | more
        | {"DJANGO_SETTINGS_MODULE": "mediation.config.settings"}
        | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""
    return run.stderr


@pytest.fixture(scope="module")
def records(tmp_path_factory) -> list[dict]:
    lines = logged(tmp_path_factory.mktemp("log"), LOG_JSON="1").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_every_record_says_when_and_how_grave(records):
    assert [one["event"] for one in records] == [
        "request_finished", "The sweep failed.", "request_failed", "No file.",
    ]  # fmt: skip
    assert [one["level"] for one in records] == ["info", "error", "error", "error"]
    assert all(one["timestamp"].endswith("Z") for one in records)


def test_request_is_told_with_its_outcome_and_without_its_query(records):
    asked = records[0]
    assert (asked["code"], asked["request"]) == (200, "GET /livez")
    assert {"request_id", "ip", "user_id"} <= asked.keys()


def test_exception_tells_its_places_and_not_what_was_typed(records):
    for record in records[1:3]:
        told = record["exception"]
        assert [line for line in told if ":" not in line] == ["KeyError", "ValueError"]
        assert "stumble" in " ".join(told)
    assert SECRET not in json.dumps(records)


def test_what_the_machine_says_is_told(records):
    assert records[3]["exception"][0] == (
        "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/at/all'"
    )


def test_people_read_plain_lines_without_locals(tmp_path):
    told = logged(tmp_path)
    assert "Traceback (most recent call last):" in told
    assert "locals" not in told
    assert "Internal Server Error" not in told


def test_demonstration_tells_of_what_was_refused_alone(tmp_path):
    told = logged(tmp_path, DEMO="1")
    assert "GET /livez" not in told
    assert "request_failed" in told
