"""The virus scanner, as a daemon on a real socket speaks: found, clean, unwilling, slow, away."""

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mediation.core.vitals import Health
from mediation.disputes.enums import Status as S
from mediation.uploads import scanner, sniff
from mediation.uploads.models import Upload
from mediation.uploads.rejected import Rejected
from tests.factories import CaseMaker, Cast
from tests.uploads import corpus

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """As much of clamd(8) as is asked of it."""

    largest = 2**20

    def handle(self) -> None:
        command = self._upto_zero()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            self.wfile.write(self._judged() + b"\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _upto_zero(self) -> bytes:
        read = b""
        while (one := self.rfile.read(1)) not in {b"", b"\0"}:
            read += one
        return read

    def _judged(self) -> bytes:
        data = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        if len(data) > self.largest:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK"


class Unwilling(Clamd):
    """Set up for smaller files (``StreamMaxLength``)."""

    largest = 10


class Mute(socketserver.StreamRequestHandler):
    """Takes everything and hangs up."""

    def handle(self) -> None:
        self.rfile.read(4)


Served = Callable[[type[socketserver.BaseRequestHandler]], None]


@pytest.fixture(params=["unix", "tcp"])
def serve(request: Any, settings: Any, tmp_path: Path) -> Iterator[Served]:
    """Run a daemon and have ``CLAMD`` name it."""
    running: list[socketserver.BaseServer] = []

    def begin(handler: type[socketserver.BaseRequestHandler]) -> None:
        server: Any
        if request.param == "unix":
            path = tmp_path / "clamd.ctl"
            server = socketserver.ThreadingUnixStreamServer(str(path), handler)
            settings.CLAMD = f"unix:{path}"
        else:
            server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
            settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append(server)

    yield begin
    for server in running:
        server.shutdown()
        server.server_close()


def infected_pdf() -> bytes:
    """Sound by every other measure: what stands behind the last line of a PDF is no page of it."""
    return corpus.pdf() + b"\n%" + EICAR + b"\n"


def why(data: bytes) -> str:
    with pytest.raises(Rejected) as refused:
        sniff.examine(data, "证据.pdf")
    return refused.value.why


def test_file_is_taken_without_a_scanner_as_not_scanned() -> None:
    assert not sniff.examine(corpus.pdf(), "证据.pdf").is_scanned
    assert scanner.health() is None


def test_clean_file_is_taken_and_an_infected_one_refused(serve: Served) -> None:
    serve(Clamd)

    assert sniff.examine(corpus.pdf(), "证据.pdf").is_scanned
    assert why(infected_pdf()) == "infected"
    assert scanner.health() == Health.OK


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("case", [Unwilling, Mute, None], ids=["too large", "hangs up", "away"])
def test_want_of_a_verdict_refuses_or_marks(
    serve: Served, settings: Any, case: Any, required: bool
) -> None:
    serve(case or Clamd)
    if case is None:
        settings.CLAMD = "127.0.0.1:1"
    settings.CLAMD_REQUIRED = required

    if required:
        assert why(corpus.pdf()) == "unscanned"
    else:
        assert not sniff.examine(corpus.pdf(), "证据.pdf").is_scanned
    assert scanner.health() == (Health.OK if case is Unwilling else Health.DEGRADED)


@pytest.mark.django_db
def test_person_is_told_and_nothing_is_kept(
    serve: Served, case_in: CaseMaker, cast: Cast, settings: Any
) -> None:
    serve(Clamd)
    case, client = case_in(S.MEDIATING), Client()
    client.force_login(cast.person("li"))
    address = f"/disputes/{case.code}/files/"

    def bring(data: bytes) -> Any:
        file = SimpleUploadedFile("证据.pdf", data)
        return client.post(address, {"file": file, "slot": "evidence"})

    bad, good = bring(infected_pdf()), bring(corpus.pdf())
    settings.CLAMD = "127.0.0.1:1"
    away = bring(corpus.pdf())

    assert (bad.status_code, good.status_code, away.status_code) == (422, 302, 422)
    assert str(scanner.INFECTED) in bad.content.decode()
    assert Upload.objects.get().scanned_at is not None
