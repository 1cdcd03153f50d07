"""The fields of a session, an inquiry and of what was signed on the screen."""

from mediation.core.clock import local_day
from mediation.disputes.enums import Side
from mediation.disputes.models import Party
from mediation.documents import words
from mediation.documents.casefile import Slip
from mediation.documents.field_table import field, name_of, simple
from mediation.sessions import strokes
from mediation.sessions.models import Meeting, Signature
from mediation.uploads.models import Slot

# Signed on the screen ----------------------------------------------------------------------------


def pad(slip: Slip, what: str, of: int, who: str, ordinal: int = 0) -> dict[str, str]:
    """The day of a signature on the screen and its drawing; both empty when there is none."""
    row = slip.file.drawn.get((what, of, who, ordinal))
    if row is None:
        return {"on": "", "pad": ""}
    return {"on": words.day(local_day(row.signed_at)), "pad": strokes.as_svg(row.strokes)}


def signed_paper(slip: Slip) -> tuple[str, int]:
    """What lies there to be signed: the record of a meeting, or the agreement."""
    if isinstance(slip.about, Meeting):
        return Signature.What.MEETING, slip.about.pk
    agreed = slip.file.agreement
    return Signature.What.AGREEMENT, agreed.pk if agreed else 0


@field("attended", "到场当事人签名", "Meeting.attended, Signature")
def attended(slip: Slip) -> list[dict[str, str]]:
    what, of = signed_paper(slip)
    return [
        {"side": words.SIDE[Side(row.side)], "name": row.name}
        | pad(slip, what, of, Signature.Who.PARTY, row.ordinal)
        for row in _present(slip)
    ]


@field("staff", "调解员与记录人签名", "Dispute.mediator, Meeting.recorder, Signature")
def staff(slip: Slip) -> list[dict[str, str]]:
    what, of = signed_paper(slip)
    meeting = slip.about if isinstance(slip.about, Meeting) else None
    writer = (meeting.recorder or name_of(meeting.recorded_by)) if meeting else ""
    return [
        {"who": "人民调解员", "name": name_of(slip.file.dispute.mediator)}
        | pad(slip, what, of, Signature.Who.MEDIATOR),
        {"who": "记录人", "name": writer} | pad(slip, what, of, Signature.Who.RECORDER),
    ]


# Meetings ----------------------------------------------------------------------------------------


def _present(slip: Slip) -> list[Party]:
    known = {row.ordinal: row for row in slip.file.parties}
    return [known[n] for n in slip.about.attended if n in known]


simple("held_at", "时间", "Meeting.held_at", lambda s: words.moment(s.about.held_at))
simple("held_until", "结束时间", "Meeting.ended_at",
        lambda s: words.moment(getattr(s.about, "ended_at", None)))  # fmt: skip
simple("held_in", "地点", "Meeting.place", lambda s: s.about.place)
simple("meeting_kind", "种类", "Meeting.kind", lambda s: words.choice(s.about, "kind"))
simple("method", "方式", "Meeting.method", lambda s: words.choice(s.about, "method"))
simple("read_back", "宣读确认", "Meeting.read_back",
        lambda s: "以上记录已向当事人宣读，当事人确认无误。" if s.about.read_back else "")  # fmt: skip
simple("present", "到场当事人", "Meeting.attended", lambda s: words.names(_present(s)))
simple("recorder", "记录人", "Meeting.recorded_by",
        lambda s: getattr(s.about, "recorder", "") or name_of(s.about.recorded_by))  # fmt: skip


SPEAKERS = {"m": "调解员", "r": "记录人", "x": "其他参加人"}


@field("turns", "发言", "Meeting.turns")
def turns(slip: Slip) -> list[dict[str, str]]:
    """What was said in order; who speaks is named by side and name, as the record of a court does."""
    names = {
        f"p{row.ordinal}": f"{words.SIDE[Side(row.side)]}{row.name}" for row in slip.file.parties
    }
    names |= SPEAKERS
    return [
        {"who": names.get(turn.get("who", ""), ""), "text": turn.get("text", "")}
        for turn in slip.about.turns or []
    ]


@field("record", "记录", "Meeting.record")
def record(slip: Slip) -> str:
    """What was written besides the turns: a record that only repeats them is not printed twice."""
    text, said = slip.about.record, slip.about.turns or []
    return "" if said and all(turn.get("text", "") in text for turn in said) else text


@field("photos", "现场照片", "Upload.about")
def photos(slip: Slip) -> list[dict[str, str]]:
    return [
        {"stored": row.stored_as, "caption": f"{row.note or row.name}（卷内第{row.ordinal}号）"}
        for row in slip.file.in_slot(Slot.SESSION)
        if row.is_image and row.about == str(slip.about.pk)
    ]


@field("invited", "参加人", "Meeting.others")
def invited(slip: Slip) -> str:
    numbers = set(getattr(slip.about, "others", []) or [])
    people = getattr(slip.file.dispute, "participants", None)
    if not numbers or people is None:
        return ""
    return "、".join(row.name for row in people.all() if row.ordinal in numbers)


@field("asked_people", "被调查人", "Meeting.attended, Party")
def asked_people(slip: Slip) -> list[dict[str, str]]:
    return [words.party(row, on=local_day(slip.about.held_at)) for row in _present(slip)]
