"""What people of the demonstration bring along: photographs, receipts, signatures. All are drawn here."""

import base64
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFilter

from mediation.documents import blocks, make, press
from mediation.documents.kinds import KINDS
from mediation.documents.models import Document
from mediation.documents.words import day
from mediation.sessions.models import Meeting

SIZE: Final = (1200, 900)
SAMPLE: Final = "演示样张"
WALL, STAIN, TABLE, PAPER = (222, 218, 208), (150, 120, 82), (122, 92, 66), (246, 244, 236)
COATS: Final = ((52, 73, 110), (128, 58, 58), (70, 96, 74), (96, 88, 120))


@dataclass(frozen=True, slots=True)
class Photo:
    """Stands in a step's data for a picture that will be taken when the step is."""

    motif: str
    turn: int
    told: Mapping[str, str]
    on: date


@dataclass(frozen=True, slots=True)
class SignedPage:
    """Stands for the photographed first page of the paper of this kind, issued before."""

    kind: str


@dataclass(frozen=True, slots=True)
class CodeOf:
    """Stands for the check code of the paper of this kind, issued before."""

    kind: str


@dataclass(frozen=True, slots=True)
class LatestMeeting:
    """Stands for the session recorded last."""


def photo(wanted: Photo) -> bytes:
    """The picture as a camera would hand it over."""
    if wanted.motif == "receipt":
        return _receipt(wanted)
    return MOTIFS[wanted.motif](wanted.turn % 4)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


@lru_cache(maxsize=8)
def _scene(turn: int) -> bytes:
    """A wall with a stain that water has left."""
    dice = Random(turn)
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y = dice.randint(250, 950), dice.randint(0, 420)
        wide, high = dice.randint(60, 240), dice.randint(40, 180)
        draw.ellipse((x - wide, y - high, x + wide, y + high), fill=STAIN)
    picture = picture.filter(ImageFilter.GaussianBlur(46))
    draw = ImageDraw.Draw(picture)
    draw.line((0, 640, SIZE[0], 640), fill=(180, 174, 160), width=6)
    draw.rectangle((0, 646, SIZE[0], SIZE[1]), fill=(188, 170, 146))
    return _jpeg(picture)


@lru_cache(maxsize=8)
def _table(turn: int) -> bytes:
    """People around a table."""
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, SIZE[0], SIZE[1]), fill=(190, 180, 165))
    for seat in range(3 + turn % 2):
        x = 220 + seat * 250
        draw.ellipse((x - 55, 300, x + 55, 420), fill=(224, 190, 160))
        draw.pieslice((x - 62, 285, x + 62, 400), 180, 360, fill=(50, 44, 40))
        draw.rounded_rectangle((x - 95, 425, x + 95, 660), 60, fill=COATS[(seat + turn) % 4])
    draw.polygon([(90, 600), (1110, 600), (1190, 800), (10, 800)], fill=TABLE)
    for x in (260, 560, 820):
        draw.polygon([(x, 640), (x + 110, 640), (x + 125, 710), (x - 10, 710)], fill=PAPER)
    return _jpeg(picture)


MOTIFS: dict[str, Callable[[int], bytes]] = {"scene": _scene, "table": _table}


def _receipt(wanted: Photo) -> bytes:
    """A slip in words; where nothing can be printed, an empty one."""
    told = wanted.told
    paper = {
        "title": "收条", "organisation": "", "draft": True, "draft_word": SAMPLE, "page_numbers": False,
        "qr": "", "qr_alt": "", "code_label": "", "code": "", "print_label": "", "fingerprint": "",
        "blocks": [
            blocks.title("收　条"),
            blocks.para(f"今收到{told['from']}{told['what']}，已按协议履行，双方无争议。"),
            blocks.right(f"收款（验收）人：{told['to']}", day(wanted.on)),
        ],
    }  # fmt: skip
    try:
        pages = press.images(paper, on=wanted.on, ppi=110)
    except press.NoPdf:
        return _jpeg(Image.new("RGB", SIZE, PAPER))
    with Image.open(io.BytesIO(pages[0])) as opened:
        return _jpeg(opened.crop((0, 0, opened.width, opened.height * 9 // 20)))


def signed_page(dispute_number: str, kind: str) -> bytes:
    """The paper as it came from the printer and was signed; here its text alone."""
    row = Document.objects.get(dispute__number=dispute_number, kind=kind, is_current=True)
    try:
        pages = make.images(make.frozen(row, KINDS[kind], for_signing=True))
    except press.NoPdf:
        return _jpeg(Image.new("RGB", SIZE, PAPER))
    with Image.open(io.BytesIO(pages[-1])) as opened:
        return _jpeg(opened)


def code_of(dispute_number: str, kind: str) -> str:
    row = Document.objects.get(dispute__number=dispute_number, kind=kind, is_current=True)
    return row.code


def latest_meeting(dispute_number: str) -> int:
    return Meeting.objects.filter(dispute__number=dispute_number).latest("pk").pk


def signature(dice: Random) -> dict[str, Any]:
    """A name as somebody might write it: three signs, each a few strokes."""
    strokes: list[list[list[float]]] = []
    for sign in range(3):
        left = 30 + sign * 90
        for _ in range(dice.randint(2, 4)):
            x, y = left + dice.randint(0, 30), 30 + dice.randint(0, 50)
            bend, length = dice.uniform(-1.2, 1.2), dice.randint(20, 46)
            strokes.append(
                [
                    [
                        round(x + t * length / 8, 1),
                        round(y + math.sin(t / 3 + bend) * length / 3, 1),
                        t,
                    ]
                    for t in range(9)
                ]
            )
    picture = Image.new("L", (330, 130), 255)
    for stroke in strokes:
        ImageDraw.Draw(picture).line([(x, y) for x, y, _t in stroke], fill=0, width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    data = base64.b64encode(out.getvalue()).decode()
    return {"strokes": json.dumps(strokes), "picture": f"data:image/png;base64,{data}"}
