"""Pages of the practice: what is typed once is there again, what one side said alone is nowhere else."""

import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from mediation.agreements.models import Agreement, AgreementVersion
from mediation.disputes.enums import Status as S
from mediation.documents import make
from mediation.documents.models import Look
from mediation.sessions import roster
from mediation.sessions.models import Committee, Draft, RosterEntry, Signature
from mediation.web import sheets
from tests.documents.reading import text_of
from tests.factories import at, give
from tests.factories.cases import DOWNSTAIRS, NEXT_DAY, UPSTAIRS, agreement
from tests.practice.test_guards import AGENT, ARRANGED, DOT, NOTE, STROKES
from workflows.facts import CaseFacts

SECRET = NOTE["text"]
PEOPLE = ["wang", "he", "sun", "zhong", "bao", "si", "lu", "ling", "fu", "xi", "an", "shen", "mo"]


@pytest.fixture(autouse=True)
def on_the_next_day(time_machine):
    time_machine.move_to(NEXT_DAY, tick=False)


def page(cast, who, name, *args, **query):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.person(who))
    return client.get(reverse(name, args=args), query)


def test_note_of_one_side_is_on_the_mediators_page_alone(case_in, cast):
    case = case_in(S.MEDIATING, grid="430902006901004")
    give(cast.li, "note_caucus", case, NEXT_DAY, **NOTE)

    assert SECRET in page(cast, "li", "dispute", case.code).content.decode()
    for who in PEOPLE:
        for name, args in (("dispute", [case.code]), ("versions", [case.code])):
            assert SECRET not in page(cast, who, name, *args).content.decode(), (who, name)
        for step in ("draft_agreement", "record_session", "refer", "comment"):
            assert SECRET not in page(cast, who, "act", case.code, step).content.decode()
        client = Client()
        client.force_login(cast.person(who))
        answer = client.get(f"/api/v1/disputes/{case.number}")
        assert SECRET not in answer.content.decode(), who


def test_released_note_is_read_by_the_case_team(case_in, cast):
    case = case_in(S.MEDIATING)
    give(cast.li, "note_caucus", case, NEXT_DAY, **NOTE)
    give(
        cast.li, "release_note", case, NEXT_DAY,
        note=1, agrees=True, released_on="2026-03-03", channel="in_person",
    )  # fmt: skip

    assert SECRET in page(cast, "si", "dispute", case.code).content.decode()
    assert SECRET not in page(cast, "wang", "dispute", case.code).content.decode()


def test_session_form_knows_what_was_arranged(case_in, cast, time_machine):
    case = case_in(S.MEDIATING)
    give(cast.li, "schedule_session", case, NEXT_DAY, **ARRANGED)
    time_machine.move_to(at("2026-03-05 14:10"), tick=False)

    form = page(cast, "li", "act", case.code, "record_session").context["step"]["form"]

    assert form["place"].value() == "社区调解室"
    assert form["attended"].value() == [1, 2]
    assert form["subject"].value() == case.title
    assert form["recorder"].value() == "李测和"


def test_draft_of_a_session_is_kept_for_its_writer_alone(case_in, cast):
    case = case_in(S.MEDIATING)
    client = Client()
    client.force_login(cast.person("li"))
    address = reverse("draft", args=[case.code, "record_session"])
    turns = {"turns-0-who": "p1", "turns-0-text": "我愿意出三千。", "place": "调解室"}

    saved = client.post(address, turns, headers={"X-Autosave": "1"})
    plain = client.post(address, turns)

    assert set(saved.json()) == {"saved"}
    assert plain.status_code == 302
    kept = Draft.objects.get()
    assert json.loads(kept.data)["turns"] == [{"who": "p1", "text": "我愿意出三千。"}]
    assert "三千".encode() not in bytes(kept.data_sealed)
    assert "我愿意出三千。" in page(cast, "li", "act", case.code, "record_session").content.decode()
    other = Client()
    other.force_login(cast.person("bao"))
    assert other.post(address, turns).status_code == 403
    assert case.events.latest("version").command == "begin_session"


def test_draft_goes_when_the_session_is_recorded(case_in, cast):
    case = case_in(S.MEDIATING)
    client = Client()
    client.force_login(cast.person("li"))
    form = {
        "kind": "session", "held_at": "2026-03-03T08:00", "place": "调解室", "attended": ["1", "2"],
        "turns-0-who": "m", "turns-0-text": "告知权利义务。", "turns-1-who": "p1",
        "turns-1-text": "听清了。", "outcome": "agreed", "version": case.version,
        "key": "0f8fad5b-d9cb-469f-a165-70867728950e",
    }  # fmt: skip
    client.post(reverse("draft", args=[case.code, "record_session"]), form)

    done = client.post(reverse("act", args=[case.code, "record_session"]), form)

    assert done["Location"].endswith("/do/draft_agreement/")
    meeting = case.meetings.latest("pk")
    assert meeting.record == "人民调解员：告知权利义务。\n被申请人1：听清了。"
    assert (meeting.outcome, len(meeting.turns), Draft.objects.count()) == ("agreed", 2, 0)


def test_agreement_starts_from_the_registration_and_goes_on_from_the_draft(case_in, cast):
    case = case_in(S.MEDIATING)

    first = page(cast, "li", "act", case.code, "draft_agreement").context["step"]
    give(
        cast.li, "draft_agreement", case, NEXT_DAY,
        clauses=[{"text": "修好防水"}], amount="4200", obligations=[{"debtor": 1, "amount": "4200"}],
    )  # fmt: skip
    answer = page(cast, "li", "act", case.code, "reach_agreement")

    assert first["form"]["main_facts"].value() == case.facts
    assert first["form"]["issues"].value() == case.claim
    assert [row["debtor"] for row in first["form"]["obligations"].value()] == [1]
    html = answer.content.decode()
    assert "一、修好防水" in html
    assert "肆仟贰佰元整" in html
    assert 'value="4200.00"' in html
    open_checks = [line.words for line in answer.context["step"]["checks"] if not line.ok]
    assert open_checks == ["每项义务均有履行期限"]


def test_versions_stand_beside_one_another(case_in, cast):
    case = case_in(S.MEDIATING)
    for text in ("修好防水", "修好防水并赔偿"):
        give(cast.li, "draft_agreement", case, NEXT_DAY, clauses=[{"text": text}])
    give(cast.li, "reach_agreement", case, NEXT_DAY, **agreement(agreed_on="2026-03-03"))

    answer = page(cast, "li", "versions", case.code)

    assert [one["row"].number for one in answer.context["versions"]] == [3, 2, 1]
    lines = [(line["tone"], line["text"]) for line in answer.context["versions"][1]["lines"]]
    assert lines == [("went", "修好防水"), ("came", "修好防水并赔偿")]
    assert page(cast, "wang", "versions", case.code).status_code == 403
    assert page(cast, "mo", "versions", case.code).status_code == 404


def test_signature_on_the_screen_signs_the_agreement_and_is_sealed(case_in, cast):
    case = case_in(S.AGREED)

    for who, ordinal in (("party", 1), ("party", 2), ("mediator", 0)):
        give(
            cast.li, "sign_on_screen", case, NEXT_DAY,
            what="agreement", who=who, ordinal=ordinal, strokes=STROKES, picture=DOT,
        )  # fmt: skip

    paper = case.agreements.get()
    assert (paper.state, sorted(paper.signatures), paper.mediator_signed_on) == (
        "signed", ["1", "2"], date(2026, 3, 3),
    )  # fmt: skip
    one = Signature.objects.first()
    assert (len(one.digest), one.strokes[:2], one.given_by) == (64, "[[", "self")
    assert b"iVBOR" not in bytes(one.image_sealed)
    assert "strokes" not in str(list(case.events.values_list("payload", flat=True)))


def test_part_of_a_payment_leaves_the_rest_due(case_in, cast):
    case = case_in(S.PERFORMING)
    part = {"obligation": 2, "done_on": "2026-03-03", "proof": "转账"}

    give(cast.li, "record_performance", case, NEXT_DAY, **part, amount="2000")
    first = case.agreements.get().obligations.get(ordinal=2)
    give(cast.li, "remind", case, NEXT_DAY, obligation=2, sides=["debtor", "creditor"],
         reminded_on="2026-03-03", channel="phone")  # fmt: skip
    give(cast.li, "record_performance", case, NEXT_DAY, **part, amount="2200")

    rest = case.agreements.get().obligations.get(ordinal=2)
    assert (first.is_done, rest.is_done, rest.reminders.count()) == (False, True, 2)
    assert (rest.creditor.ordinal, [str(p.amount) for p in rest.proofs.all()]) == (
        2, ["2000.00", "2200.00"],
    )  # fmt: skip


def test_session_collides_with_mediator_room_and_party(case_in, cast):
    first, second = case_in(S.MEDIATING), case_in(S.MEDIATING)
    give(cast.li, "schedule_session", first, NEXT_DAY, **ARRANGED)
    client = Client()
    client.force_login(cast.person("li"))

    again = ARRANGED | {"starts_at": "2026-03-05T14:30", "version": second.version, "key": "x"}
    answer = client.post(reverse("act", args=[second.code, "schedule_session"]), again)

    assert answer.status_code == 422
    assert "14:00" in answer.content.decode()
    assert first.number not in answer.content.decode()
    assert second.appointments.count() == 0


def test_other_cases_of_the_same_people_are_shown(case_in, cast):
    old, new = case_in(S.CLOSED), case_in(S.MEDIATING)

    html = page(cast, "li", "dispute", new.code).content.decode()

    assert old.number in html
    assert "同一当事人或地点的纠纷" in html


def test_helper_is_named_to_the_team_only(case_in, cast):
    case = case_in(S.MEDIATING)
    give(cast.li, "add_participant", case, NEXT_DAY, **AGENT)

    assert "律测师" in page(cast, "bao", "dispute", case.code).content.decode()
    assert "律测师" not in page(cast, "ping", "dispute", case.code).content.decode()


# The list of mediators -----------------------------------------------------------------------------


def entry(cast, who, **fields):
    return RosterEntry(
        person=cast.person(who),
        **{"post": "member", "term_from": date(2024, 1, 1), "term_until": date(2026, 12, 31)}
        | fields,
    )


def test_committee_is_measured_by_the_law(cast):
    lawful = [
        entry(cast, "li", post="director"),
        entry(cast, "sun", is_woman=True),
        entry(cast, "he"),
    ]
    old = [*lawful[:2], entry(cast, "he", term_until=date(2026, 1, 1))]
    today = date(2026, 3, 3)

    assert list(roster.lacks(lawful, today=today)) == []
    assert len(list(roster.lacks(lawful[:1], today=today))) == 2
    assert len(list(roster.lacks([lawful[0], lawful[2], lawful[2]], today=today))) == 1
    assert len(list(roster.lacks(old, today=today))) == 2


def test_list_is_kept_by_the_offices_and_advises_the_choice(case_in, cast):
    area = case_in(S.ASSESSED).grid.parent
    committee = Committee.objects.create(area=area, name="调委会", kind="community")
    client = Client()
    client.force_login(cast.person("si"))
    form = {
        "person": cast.id("sun"), "post": "director", "birth_year": 1980, "expertise": ["02"],
        "languages": "普通话、益阳话", "term_from": "2026-01-01",
    }  # fmt: skip

    young = client.post(reverse("roster_add", args=[committee.pk]), form | {"birth_year": 2010})
    added = client.post(reverse("roster_add", args=[committee.pk]), form)

    assert (young.status_code, added.status_code) == (422, 302)
    assert RosterEntry.objects.get().term_until == date(2028, 12, 31)
    chooser = page(cast, "bao", "act", case_in(S.ASSESSED).code, "start_mediation_intake")
    field = chooser.context["step"]["form"].fields["mediator"]
    assert field.choices[0][0] == cast.id("sun")
    assert "擅长此类纠纷" in field.help_text
    assert "孙测调" in page(cast, "ling", "roster").content.decode()
    assert page(cast, "wang", "roster").status_code == 403
    stranger = Client()
    stranger.force_login(cast.person("b_si"))
    assert stranger.post(reverse("roster_add", args=[committee.pk]), form).status_code == 404


def test_both_sides_read_when_to_come_and_what_was_promised(case_in, client, cast):
    case = case_in(S.MEDIATING, parties=[UPSTAIRS | {"phone": "13900000001"}, DOWNSTAIRS])
    give(cast.li, "schedule_session", case, NEXT_DAY, **ARRANGED)
    proof = {"code": case.code, "tail": "0001"}

    client.post(reverse("residents_follow"), proof)
    before = client.get(reverse("residents_case")).content.decode()
    case_in.go(case, S.PERFORMING, NEXT_DAY)
    after = client.get(reverse("residents_case")).content.decode()

    assert "社区调解室" in before
    assert "4,200.00" in after
    assert "蔡测宁" not in after


def test_untouched_row_of_the_statement_is_no_tie(case_in, cast):
    case = case_in(S.CONSENT_PENDING)
    client = Client()
    client.force_login(cast.person("li"))
    address = reverse("act", args=[case.code, "declare_ties"])
    page = client.get(address).content.decode()
    sent = {"ties-0-kind": "", "ties-0-party": "", "truthful": "on", "version": case.version}

    done = client.post(address, sent | {"key": "0f8fad5b-d9cb-469f-a165-70867728950f"})

    assert '<option value="" selected>' in page
    assert done.status_code == 302
    assert case.declarations.get().ties == []


# The real paper beside the form -----------------------------------------------------------------

TYPED = {
    "form": "written", "main_facts": "楼上厨房漏水，泡坏天花板。", "clauses-0-text": "三月底前修好防水。",
    "manner": "转账", "agreed_on": "2026-03-03", "obligations-0-debtor": "1",
    "obligations-0-content": "赔偿天花板损失", "obligations-0-amount": "4200",
    "obligations-0-due_on": "2026-04-20",
}  # fmt: skip


def preview(cast, who, case, typed, action="draft_agreement", **headers):
    client = Client(headers={"accept-language": "zh-hans"} | headers)
    client.force_login(cast.person(who))
    return client.post(reverse("preview", args=[case.code, action]), typed)


def pictures_in(answer):
    return answer.content.decode().count('src="data:image/png;base64,')


@pytest.mark.parametrize("action", ["draft_agreement", "reach_agreement"])
def test_agreement_is_previewed_as_it_would_print_and_nothing_is_kept(case_in, cast, action):
    case = case_in(S.MEDIATING)
    before = case.events.count(), Agreement.objects.count(), AgreementVersion.objects.count()

    part = preview(cast, "li", case, TYPED, action, **{"hx-request": "true"})
    whole = preview(cast, "li", case, TYPED, action)

    assert (part.status_code, whole.status_code) == (200, 200)
    assert pictures_in(part) == pictures_in(whole) >= 1
    assert "<form" not in part.content.decode()
    assert "三月底前修好防水。" in whole.content.decode()
    after = case.events.count(), Agreement.objects.count(), AgreementVersion.objects.count()
    assert after == before
    assert Look.objects.filter(dispute=case, what="preview d7").count() == 1


def test_previewed_paper_says_what_is_typed_and_that_it_is_a_draft(case_in, cast):
    case = case_in(S.MEDIATING)
    facts = CaseFacts(case, actor=cast.li, now=NEXT_DAY)
    typed = {
        "form": "written", "clauses": [{"text": "修好防水。"}], "manner": "转账", "copies": "3",
        "obligations": [{"debtor": "1", "content": "赔偿", "amount": "4200", "due_on": "2026-04-20"}],
    }  # fmt: skip

    paper = make.imagined(case, sheets.written(facts, typed), now=NEXT_DAY)

    text = text_of(make.pdf(paper))
    for word in ("草稿", "修好防水。", "人民币肆仟贰佰元整", "2026年4月20日", "彭测安", "蔡测宁"):
        assert word in text


def test_what_is_owed_makes_the_clauses_when_none_are_written(case_in, cast):
    case = case_in(S.MEDIATING)
    said = (
        "彭测安于2026年3月31日前履行：修好厨房防水。",
        "彭测安于2026年4月20日前向蔡测宁履行：赔偿损失，金额人民币4,200元（大写：肆仟贰佰元整），现金。",
    )
    owed = [
        {"debtor": 1, "content": "修好厨房防水", "due_on": "2026-03-31"},
        {
            "debtor": 1,
            "creditor": 2,
            "content": "赔偿损失",
            "amount": "4200",
            "due_on": "2026-04-20",
        },
    ]

    shown = preview(
        cast, "li", case, {"obligations-0-debtor": "1", "obligations-0-content": "修好防水"}
    )
    give(
        cast.li, "reach_agreement", case, NEXT_DAY,
        form="written", manner="现金", agreed_on="2026-03-03", obligations=owed,
    )  # fmt: skip

    agreed = Agreement.objects.get(dispute=case)
    assert tuple(agreed.clauses) == said
    assert agreed.content == f"一、{said[0]}\n二、{said[1]}"
    assert shown.status_code == 200


def test_only_a_representative_stands_for_a_number_of_people(case_in, cast):
    case = case_in(S.MEDIATING)

    give(
        cast.li, "add_participant", case, NEXT_DAY, kind="guardian", name="何测母", party=1,
        represented=12,
    )  # fmt: skip

    assert case.participants.get().represented is None


@pytest.mark.parametrize(
    "typed",
    [{}, {"form": "poem", "agreed_on": "soon", "obligations-0-amount": "viel"}, {"form": "oral"},
     {"clauses-0-text": "一" * 5000, "obligations-0-due_on": "2026-02-30"}],
)  # fmt: skip
def test_half_typed_agreement_has_a_preview_too(case_in, cast, typed):
    answer = preview(cast, "li", case_in(S.MEDIATING), typed, **{"hx-request": "true"})

    assert answer.status_code == 200
    assert pictures_in(answer) >= 1


@pytest.mark.parametrize(("who", "status"), [("wang", 403), ("sun", 403), ("b_li", 404)])
def test_preview_is_for_who_writes_the_agreement(case_in, cast, who, status):
    answer = preview(cast, who, case_in(S.MEDIATING), TYPED)

    assert answer.status_code == status


def test_preview_of_another_step_is_not_found(case_in, cast):
    assert preview(cast, "li", case_in(S.MEDIATING), TYPED, "record_session").status_code == 404


def test_without_fonts_the_form_shows_the_text_and_no_button(case_in, cast, settings):
    settings.PDF_ENGINE = "none"
    case = case_in(S.MEDIATING)

    shown = page(cast, "li", "act", case.code, "draft_agreement").content.decode()
    asked = preview(cast, "li", case, TYPED)

    assert "/preview/" not in shown
    assert "人民调解协议书" in shown
    assert asked.status_code == 503
