"""Good and bad files, made here: what each pretends to be and what must be said of it."""

import io
import struct
import wave
import zipfile
import zlib
from functools import lru_cache

import pikepdf
from PIL import Image

GOOD = "good"


def picture(form, size=(60, 40), *, exif=False, **how):
    image = Image.new("RGB", size, (200, 30, 30))
    if exif:
        data = Image.Exif()
        data[0x010F] = "Spy Camera"
        data[0x0112] = 6
        data.get_ifd(0x8825)[1] = "N"
        how["exif"] = data
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def heic():
    import pillow_heif

    pillow_heif.register_heif_opener()
    return picture("HEIF", (64, 64))


def png_of(width, height):
    """A head that promises more pixels than anybody unpacks."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    made = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    body = b"IDAT" + zlib.compress(b"\0" * 1000)
    made += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return made + b"\0\0\0\0IEND\xaeB`\x82"


def pdf(change=None, **how):
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **how)
    return out.getvalue()


def _script(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _launch(made):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    made.pages[0].AA = pikepdf.Dictionary(O=made.make_indirect(action))


def _nested_launch(made):
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="x"),
    )  # fmt: skip
    made.pages[0].Annots = pikepdf.Array([link])


def _named_script(made):
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), script]))
    )


def _form_of_xml(made):
    made.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.String("<x/>"), Fields=pikepdf.Array([]))


def chunk(kind, body):
    """One chunk of a PNG, to stand right behind its head."""
    whole = picture("PNG")
    made = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return whole[:33] + made + whole[33:]


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("x.exe", "MZ")
    return out.getvalue()


def _attachment(made):
    made.attachments["x.exe"] = b"MZ"


def office(main="word/document.xml", *, extra=(), types="", drop=(), link=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {
            "[Content_Types].xml": f"<Types>{types}</Types>",
            "_rels/.rels": f"<Relationships>{link or ''}</Relationships>",
            main: "<w:document>调解</w:document>",
        }
        for name, body in parts.items():
            if name not in drop:
                archive.writestr(name, body)
        for name, body in extra:
            archive.writestr(name, body)
    return out.getvalue()


def relation(kind, target="http://example.org/t.dotm"):
    return f'<Relationship Id="r1" Type="http://x/{kind}" Target="{target}" TargetMode="External"/>'


def symlink():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
        entry = zipfile.ZipInfo("word/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def docx():
    from docx import Document as Word

    word = Word()
    word.add_paragraph("证人证言")
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def sound():
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 800)
    return out.getvalue()


def mp3(frames=6, *, tag=True):
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413
    head = b"ID3\x03\0\0" + b"\0\0\0\x0a" + b"\0" * 10 if tag else b""
    return head + frame * frames


def film(brand=b"isom", *, cut=0):
    def box(kind, body):
        return struct.pack(">I4s", 8 + len(body), kind) + body

    made = (
        box(b"ftyp", brand + b"\0\0\2\0" + brand)
        + box(b"moov", b"\0" * 40)
        + box(b"mdat", b"\1" * 400)
    )
    return made[: len(made) - cut]


HTML = b"<html><script>alert(1)</script></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"

DDE = '<w:document><w:fldSimple w:instr="DDEAUTO cmd.exe"/></w:document>'
EXPLODING = zlib.compress(b"A" * 60_000_000)
ELSEWHERE = ("xl/externalLinks/externalLink1.xml", "<x/>")
ENDLESS = struct.pack(">I4sQ", 1, b"moov", 2**63)
PROMISING = b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + b"\0" * 64
ENTITIES = "<!DOCTYPE a [<!ENTITY b 'c'>]>"


@lru_cache(maxsize=1)
def files():
    """(what it is, name, bytes, verdict). The verdict is ``good`` or why it is refused."""
    return [
        ("photo", "现场.jpg", picture("JPEG"), GOOD),
        ("photo with place and camera", "IMG_1.JPEG", picture("JPEG", exif=True), GOOD),
        ("screenshot", "聊天记录.png", picture("PNG"), GOOD),
        ("web picture", "a.webp", picture("WEBP"), GOOD),
        ("iPhone photo", "IMG_2.HEIC", heic(), GOOD),
        ("scan", "收条.pdf", pdf(), GOOD),
        ("Word", "证言.docx", docx(), GOOD),
        ("Word with a link to a page", "链接.docx", office(link=relation("hyperlink")), GOOD),
        ("Excel", "工资表.xlsx", office("xl/workbook.xml"), GOOD),
        ("recording", "通话.mp3", mp3(), GOOD),
        ("recording without tag", "通话.MP3", mp3(tag=False), GOOD),
        ("wave", "a.wav", sound(), GOOD),
        ("voice memo", "录音.m4a", film(b"M4A "), GOOD),
        ("film", "现场.mp4", film(), GOOD),
        ("name with a path", "../../etc/现场.jpg", picture("JPEG"), GOOD),
        ("name right to left", "gnp\u202egpj.jpg", picture("JPEG"), GOOD),
        ("very long name", "长" * 255 + ".jpg", picture("JPEG"), GOOD),
        ("photo with a page behind it", "a.jpg", picture("JPEG") + HTML, GOOD),
        ("nothing", "空.jpg", b"", "empty"),
        ("no suffix", "照片", picture("JPEG"), "kind"),
        ("program", "a.exe", b"MZ\x90\0", "kind"),
        ("page", "a.html", HTML, "kind"),
        ("drawing with a script", "a.svg", SVG, "kind"),
        ("old Word", "a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "kind"),
        ("macro Word", "a.docm", office(), "kind"),
        ("archive", "a.zip", office(), "kind"),
        ("test virus", "a.com", EICAR, "kind"),
        ("NUL in the name", "a.jpg\x00.php", picture("JPEG"), "name"),
        ("page called photo", "a.jpg", HTML, "different"),
        ("drawing called picture", "a.png", SVG, "different"),
        ("picture of another kind", "a.jpg", picture("PNG"), "different"),
        ("moving picture called jpg", "a.jpg", picture("GIF"), "different"),
        ("test virus called scan", "a.pdf", EICAR, "different"),
        ("photo cut off", "a.jpg", picture("JPEG", (900, 900))[:-900], "damaged"),
        ("picture of 2,500 Mpx", "a.png", png_of(50_000, 50_000), "pixels"),
        ("picture that lies", "a.png", png_of(200, 200), "damaged"),
        ("scan with a script", "a.pdf", pdf(_script), "active"),
        ("scan that starts a program", "a.pdf", pdf(_launch), "active"),
        ("scan with a hidden start", "a.pdf", pdf(_nested_launch), "active"),
        ("scan with an attachment", "a.pdf", pdf(_attachment), "active"),
        ("locked scan", "a.pdf", pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "locked"),
        ("scan cut off", "a.pdf", pdf()[:200], "damaged"),
        ("page behind a scan", "a.pdf", pdf() + HTML * 60, "mixed"),
        ("Word with macros", "a.docx", office(extra=[("word/vbaProject.bin", b"x")]), "macros"),
        ("Word that says macros", "a.docx", office(types="macroEnabled.main"), "macros"),
        ("Word with a foreign template", "a.docx", office(link=relation("attachedTemplate")), "linked"),
        ("Word with a file inside", "a.docx", office(extra=[("word/embeddings/a.bin", b"x")]), "inside"),
        ("Word with a program inside", "a.docx", office(extra=[("word/media/a.png", b"MZ\x90\0")]), "inside"),
        ("Word with entities", "a.docx", office(extra=[("word/a.xml", ENTITIES)]), "trick"),
        ("Word that climbs out", "a.docx", office(extra=[("../../a.xml", "x")]), "trick"),
        ("Word with a shortcut", "a.docx", symlink(), "trick"),
        ("bomb", "a.docx", office(extra=[("word/a.bin", b"\0" * 30_000_000)]), "bomb"),
        ("thousand parts", "a.docx", office(extra=[(f"w/{n}", "x") for n in range(1001)]), "bomb"),
        ("plain archive called Word", "a.docx", office(drop=("word/document.xml",)), "different"),
        ("Word cut off", "a.docx", docx()[:-300], "damaged"),
        ("Excel called Word", "a.docx", office("xl/workbook.xml"), "different"),
        ("recording of noise", "a.mp3", b"ID3\x03\0\0\0\0\0\0" + b"\x55" * 500, "damaged"),
        ("page behind a tag", "a.mp3", b"ID3\x03\0\0\0\0\0\0" + HTML * 20, "damaged"),
        ("wave cut off", "a.wav", sound()[:40], "damaged"),
        ("film cut off", "a.mp4", film(cut=100), "damaged"),
        ("program called film", "a.mp4", b"\0\0\0\x20ftypisom" + b"\0" * 50, "damaged"),
        ("photo with an archive behind it", "a.jpg", picture("JPEG", (300, 300)) + archive(), GOOD),
        ("picture with a script in its words", "a.png", chunk(b"tEXt", b"c\0" + HTML), GOOD),
        ("name that is a device", "CON.jpg", picture("JPEG"), GOOD),
        ("name with a line break", "a\n.jpg", picture("JPEG"), GOOD),
        ("name of half a character", "a\ud800.jpg", picture("JPEG"), "name"),
        ("name of dots", "....", picture("JPEG"), "kind"),
        ("program called photo from right to left", "a\u202egpj.exe", picture("JPEG"), "kind"),
        ("no bytes called scan", "a.pdf", b"", "empty"),
        ("photo one byte short", "a.jpg", picture("JPEG", (300, 300))[:-1], "damaged"),
        ("iPhone photo cut off", "a.heic", heic()[:-200], "damaged"),
        ("picture whose words explode", "a.png", chunk(b"zTXt", b"k\0\0" + EXPLODING), "damaged"),
        ("scan that is an archive too", "a.pdf", pdf() + archive(), "mixed"),
        ("scan that is an archive and ends like a scan", "a.pdf", pdf() + archive() + b"\n%%EOF", "mixed"),
        ("scan with a named script", "a.pdf", pdf(_named_script), "active"),
        ("scan with a script spelt in hex", "a.pdf", pdf(_script).replace(b"Script", b"#53cript"), "active"),
        ("scan with a form of XML", "a.pdf", pdf(_form_of_xml), "active"),
        ("Word with a scan behind it", "a.docx", docx() + pdf(), "trick"),
        ("Word that starts a program", "a.docx", office(extra=[("word/f.xml", DDE)]), "macros"),
        ("Word with an archive inside", "a.docx", office(extra=[("word/media/b.zip", archive())]), "inside"),
        ("Word with a picture from elsewhere", "a.docx", office(link=relation("image")), "linked"),
        ("Excel that reads another", "a.xlsx", office("xl/workbook.xml", extra=[ELSEWHERE]), "linked"),
        ("film with an endless part", "a.mp4", film()[:24] + ENDLESS, "damaged"),
        ("wave that promises gigabytes", "a.wav", PROMISING, "damaged"),
        ("too large", "a.pdf", b"%PDF-" + b"\0" * (20 * 1024 * 1024 + 1), "size"),
    ]  # fmt: skip
