"""Registration on the phone: who may, what is kept, what is never made twice."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mediation.accounts.actor import Actor
from mediation.disputes import policy
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Party
from tests.factories import Cast
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
URL = "/register/"


def latest() -> Dispute:
    return Dispute.objects.order_by("-pk")[0]


def test_register_sends_visitors_to_the_login_page(client: Any) -> None:
    response = client.get(URL)

    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/accounts/login/?next=/register/",
    )


def test_fragment_of_an_ended_session_asks_for_the_login_page(client: Any) -> None:
    response = client.post("/register/risk/", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == reverse("account_login")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *[(name, 200) for name in ("wang", "li", "zhong", "si")],
        *[(name, 403) for name in ("ling", "fu", "xi", "an", "shen", "mo")],
    ],
)
def test_register_is_for_those_who_register(sign_in: SignIn, name: str, status: int) -> None:
    assert sign_in(name).get(URL).status_code == status


def test_register_makes_one_case_of_a_plain_form(
    sign_in: SignIn, cast: Cast, filled: dict[str, Any]
) -> None:
    browser = sign_in("wang")

    response = browser.post(URL, filled)

    case = Dispute.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        302,
        reverse("register_done", args=[case.code]),
    )
    assert (case.registered_by_id, case.area_code, case.place) == (
        cast.id("wang"),
        "430902006901003",
        "汽车路12号",
    )
    assert list(case.parties.values_list("side", "plain_name")) == [("applicant", "蔡测宁")]


def test_slip_shows_number_code_and_picture(sign_in: SignIn, filled: dict[str, Any]) -> None:
    browser = sign_in("wang")

    page = browser.post(URL, filled, follow=True)

    case = latest()
    body = page.content.decode()
    assert case.number in body
    assert case.code in body
    assert 'class="fq-qr-code"' in body
    assert "style=" not in body


def test_slip_of_another_area_does_not_exist(sign_in: SignIn, filled: dict[str, Any]) -> None:
    sign_in("wang").post(URL, filled)

    response = sign_in("b_wang").get(reverse("register_done", args=[latest().code]))

    assert response.status_code == 404


@pytest.mark.parametrize("code", ["AAAA-BBBB", "x", "\x00\x00", "%00", "' OR 1=1"])
def test_slip_of_no_case_does_not_exist(sign_in: SignIn, code: str) -> None:
    response = sign_in("wang").get(reverse("register_done", args=[code]))

    assert response.status_code == 404


def test_register_twice_is_one_case(sign_in: SignIn, filled: dict[str, Any]) -> None:
    browser = sign_in("wang")

    first, second = browser.post(URL, filled), browser.post(URL, filled)

    assert first.headers["Location"] == second.headers["Location"]
    assert Dispute.objects.count() == 1


def test_register_again_with_other_words_asks_first(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    browser = sign_in("wang")
    browser.post(URL, filled)

    response = browser.post(URL, filled | {"facts": "另外一件事情，与刚才那件完全不同。"})

    body = response.content.decode()
    assert (response.status_code, Dispute.objects.count()) == (422, 1)
    assert reverse("register_done", args=[latest().code]) in body
    assert filled["client_id"] not in body
    assert "另外一件事情，与刚才那件完全不同。" in body


def test_same_page_of_another_person_is_another_case(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    sign_in("wang").post(URL, filled)

    sign_in("zhong").post(URL, filled | {"anyway": "1"})

    assert Dispute.objects.count() == 2


def test_refused_registration_keeps_what_was_typed(
    sign_in: SignIn, filled: dict[str, Any], snapshot_counts: Any
) -> None:
    browser = sign_in("wang")
    browser.get(URL)
    before = snapshot_counts()

    response = browser.post(
        URL,
        filled
        | {
            "facts": "太短",
            "parties-0-phone": "12",
            "parties-1-name": "彭测安",
            "parties-2-side": "affected",
            "parties-2-name": "古测三",
            "answers-injury": "yes",
        },
    )

    body = response.content.decode()
    assert response.status_code == 422
    assert snapshot_counts() == before
    assert "data-errors" in body
    for typed in ("太短", "蔡测宁", "彭测安", "古测三", "汽车路12号", 'value="12"'):
        assert typed in body
    assert 'name="answers-injury" value="yes" checked' in body
    assert 'name="category" value="02" checked' in body
    assert filled["client_id"] in body
    assert 'id="id_parties-0-phone_error"' in body


def test_register_without_anybody_wants_a_word_about_it(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    browser = sign_in("wang")
    nameless = filled | {"parties-0-name": "", "parties-0-phone": ""}

    refused = browser.post(URL, nameless)
    taken = browser.post(URL, nameless | {"parties_unknown": "on"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert Party.objects.count() == 0


def test_register_in_a_grid_of_others_is_refused(sign_in: SignIn, filled: dict[str, Any]) -> None:
    response = sign_in("wang").post(URL, filled | {"grid": "430902007901001"})

    assert (response.status_code, Dispute.objects.count()) == (422, 0)


NAMES = {
    "extension B, four bytes": "𠅤测",
    "private use": "\ue863测",
    "variation selector": "葛\U000e0100测",
    "Uyghur, U+00B7": "买买提·艾山",
    "fifty characters": "阿" * 25 + "·" + "依" * 24,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_register_keeps_rare_names(sign_in: SignIn, filled: dict[str, Any], name: str) -> None:
    response = sign_in("wang").post(URL, filled | {"parties-0-name": name})

    assert (response.status_code, Party.objects.get().plain_name) == (302, name)


def test_register_reads_full_width_digits(sign_in: SignIn, filled: dict[str, Any]) -> None:
    browser = sign_in("wang")

    browser.post(
        URL,
        filled
        | {
            "parties-0-phone": "１３９００００００１２",
            "parties-0-id_number": "４３９９９９１９７９０９３０００２３",
            "amount": "６，８００．５０",
        },
    )

    party = Party.objects.get()
    assert (party.phone, party.id_number) == ("13900000012", "439999197909300023")
    assert str(latest().amount) == "6800.50"


BROKEN = {
    "NUL in the facts": {"facts": "漏水\x00漏水漏水漏水漏水漏水"},
    "NUL in a name": {"parties-0-name": "蔡\x00宁"},
    "NUL in the place": {"place": "汽车路\x0012号"},
    "NUL in the kind": {"category": "0\x00"},
    "NUL in the grid": {"grid": "4309\x00"},
    "a number too large": {"amount": "1e400"},
    "no number": {"amount": "NaN"},
    "people beyond count": {"people_count": "99999999999999999999"},
    "a day that is none": {"occurred_at": "2026-02-30T10:00"},
    "an answer that is none": {"answers-injury": "perhaps"},
    "a question that is none": {"answers-\x00": "yes"},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_register_refuses_what_cannot_be_kept(
    sign_in: SignIn, filled: dict[str, Any], change: dict[str, str]
) -> None:
    response = sign_in("wang").post(URL, filled | change)

    assert (response.status_code, Dispute.objects.count()) == (422, 0)


def test_register_reads_a_lone_surrogate_as_unknown_character(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    body = "&".join(f"{key}={value}" for key, value in filled.items())
    response = sign_in("wang").post(
        URL,
        body.encode() + b"&title=%ED%A0%80",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code in {302, 422}


def test_register_without_a_page_number_still_registers(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    response = sign_in("wang").post(URL, filled | {"client_id": "\x00not a number"})

    assert (response.status_code, Dispute.objects.count()) == (302, 1)


# Cases that are alike -----------------------------------------------------------------------------


def another(filled: dict[str, Any], **changes: str) -> dict[str, Any]:
    return filled | {"client_id": str(uuid.uuid4())} | changes


@pytest.mark.parametrize(
    "changes",
    [{"place": "别处9号"}, {"parties-0-phone": "13900000099"}],
    ids=["same phone", "same place"],
)
def test_register_asks_before_it_repeats_a_case(
    sign_in: SignIn, filled: dict[str, Any], changes: dict[str, str]
) -> None:
    browser = sign_in("wang")
    browser.post(URL, filled)
    again = another(filled, **changes)

    asked = browser.post(URL, again)
    made = browser.post(URL, again | {"anyway": "1"})

    assert asked.status_code == 422
    assert f"/disputes/{Dispute.objects.earliest('pk').code}/" in asked.content.decode()
    assert 'name="anyway"' in asked.content.decode()
    assert (made.status_code, Dispute.objects.count()) == (302, 2)


def test_register_does_not_ask_about_a_case_out_of_sight(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    sign_in("wang").post(URL, filled)

    response = sign_in("b_wang").post(URL, another(filled, grid="430902007901001"))

    assert (response.status_code, Dispute.objects.count()) == (302, 2)


def test_fragment_names_the_case_that_is_alike(sign_in: SignIn, filled: dict[str, Any]) -> None:
    browser = sign_in("wang")
    browser.post(URL, filled)

    alike = browser.post("/register/similar/", another(filled)).content.decode()
    own = browser.post("/register/similar/", filled).content.decode()

    assert latest().number in alike
    assert latest().number not in own


def test_fragment_tells_nobody_of_a_person_whose_name_he_may_not_read(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    """A mediator sees the case of another one with masked names; a phone number must not unmask them."""
    sign_in("wang").post(URL, filled)
    elsewhere = another(filled, place="别处一百米外")

    told = sign_in("sun").post("/register/similar/", elsewhere).content.decode()
    own = sign_in("zhong").post("/register/similar/", elsewhere).content.decode()

    assert latest().number not in told
    assert latest().number in own


# The level ----------------------------------------------------------------------------------------


def test_fragment_shows_the_level_and_why(sign_in: SignIn, filled: dict[str, Any]) -> None:
    page = sign_in("wang").post("/register/risk/", filled | {"answers-death_threat": "yes"})

    body = page.content.decode()
    assert page.status_code == 200
    assert 'data-colour="red"' in body
    assert "直接定为红色" in body
    assert "第3网格" in body


def test_refused_page_asks_for_its_photos_again(sign_in: SignIn, filled: dict[str, Any]) -> None:
    browser = sign_in("wang")
    photo = SimpleUploadedFile("a.jpg", b"x", "image/jpeg")

    with_photo = browser.post(URL, filled | {"facts": "太短", "photos": photo}).content.decode()
    without = browser.post(URL, filled | {"facts": "太短"}).content.decode()

    assert ["请重新选择照片" in page for page in (with_photo, without)] == [True, False]


def test_fragment_of_an_empty_page_has_a_level_too(sign_in: SignIn) -> None:
    page = sign_in("wang").post("/register/risk/", {"category": "\x00", "people_count": "x"})

    assert page.status_code == 200


@pytest.mark.parametrize(("phone", "promised"), [("13900000027", True), ("", False)])
def test_slip_promises_the_way_by_phone_only_where_one_is_known(
    sign_in: SignIn, filled: dict[str, Any], phone: str, promised: bool
) -> None:
    page = sign_in("wang").post(URL, filled | {"parties-0-phone": phone}, follow=True).text

    assert "凭查询码和手机号后四位" in page if promised else "尚未登记当事人的手机号" in page


# Settled on the spot ------------------------------------------------------------------------------

SETTLED = {
    "settle-is_civil": "on",
    "settle-both_consent": "on",
    "settle-content": "当场赔礼并擦干地面，双方握手言和。",
    "settle-settled_on": "2026-01-05",
}
IN_HIS_GRID = {"grid": "430902006901004"}


def test_settled_on_the_spot_is_two_commands_once(sign_in: SignIn, filled: dict[str, Any]) -> None:
    browser = sign_in("he")
    sent = filled | IN_HIS_GRID | SETTLED

    browser.post(URL, sent)
    browser.post(URL, sent)

    case = Dispute.objects.get()
    assert case.status == Status.CLOSE_REVIEW
    assert list(case.events.values_list("command", flat=True)) == ["register", "settle_on_spot"]


def test_refused_settlement_leaves_the_case_registered(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    sent = filled | IN_HIS_GRID | SETTLED | {"answers-death_threat": "yes"}

    page = sign_in("he").post(URL, sent, follow=True)

    assert Dispute.objects.get().status == Status.REGISTERED
    assert "fq-tone-warn" in page.content.decode()


def test_incomplete_settlement_registers_nothing(sign_in: SignIn, filled: dict[str, Any]) -> None:
    """Whoever wrote what was agreed meant it: it is asked for, not dropped for want of a tick."""
    sent = filled | IN_HIS_GRID | SETTLED

    for missing in ("content", "is_civil", "both_consent"):
        response = sign_in("he").post(URL, sent | {f"settle-{missing}": ""})

        assert (response.status_code, Dispute.objects.count()) == (422, 0)


def test_settlement_by_somebody_who_is_no_mediator_is_not_offered(
    sign_in: SignIn, filled: dict[str, Any]
) -> None:
    browser = sign_in("wang")

    page = browser.get(URL).content.decode()
    browser.post(URL, filled | SETTLED)

    assert 'name="settle-content"' not in page
    assert Dispute.objects.get().status == Status.REGISTERED


@pytest.mark.parametrize("who", ["wang", "li", "bao", "si", "ling", "fu"])
def test_who_may_register_is_led_there(sign_in: SignIn, cast: Cast, who: str) -> None:
    actor: Actor = getattr(cast, who)
    browser = sign_in(who)

    led = 'href="/register/"' in browser.get("/search/").text

    assert led == policy.may_register.test(actor)
    assert browser.get("/register/").status_code == (200 if led else 403)
