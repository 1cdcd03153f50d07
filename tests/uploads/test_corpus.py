"""Every file of the corpus gets the right verdict, and nothing is left lying about."""

import io
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from mediation.uploads import sniff
from mediation.uploads.rejected import Rejected
from tests.uploads.corpus import GOOD, files, picture


def said_of(data, name):
    """The file as it is kept, or why it is not."""
    try:
        return sniff.examine(data, name), GOOD
    except Rejected as refusal:
        return None, refusal.why


@pytest.mark.parametrize("number", range(len(files())), ids=[f[0] for f in files()])
def test_verdict(number):
    _what, name, data, verdict = files()[number]

    found, why = said_of(data, name)

    assert why == verdict
    if found is None:
        return
    assert len(found.name) <= sniff.NAME_LENGTH
    assert not {"/", "\\", "\u202e", "\x00"} & set(found.name)
    if found.media_type.startswith("image/"):
        assert b"<script" not in found.data
    else:
        assert found.data == data


def test_corpus_is_large_enough():
    assert len(files()) >= 80
    assert len({f[3] for f in files()}) > 12


def test_photo_forgets_where_it_was_taken_and_stands_upright():
    kept = sniff.examine(picture("JPEG", (60, 40), exif=True), "a.jpg")

    image = Image.open(io.BytesIO(kept.data))
    assert not image.getexif()
    assert b"Spy" not in kept.data
    assert image.size == (40, 60)
    assert Image.open(io.BytesIO(kept.thumbnail)).size == (40, 60)


def test_heic_becomes_jpg():
    _what, name, data, _verdict = next(f for f in files() if f[1].endswith(".HEIC"))

    kept = sniff.examine(data, name)

    assert (kept.name, kept.suffix, kept.media_type) == ("IMG_2.jpg", "jpg", "image/jpeg")
    assert kept.data[:3] == b"\xff\xd8\xff"


def test_examining_leaves_nothing_in_the_temporary_directory():
    before = set(Path(tempfile.gettempdir()).iterdir())

    for _what, name, data, _verdict in files():
        try:
            sniff.examine(data, name)
        except Rejected:
            continue

    ours = {
        p for p in set(Path(tempfile.gettempdir()).iterdir()) - before if "pytest" not in p.name
    }
    assert not {
        p for p in ours if p.suffix in {".jpg", ".pdf", ".docx", ".png"} or "upload" in p.name
    }
