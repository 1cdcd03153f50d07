"""Every step as a page: it renders, it is taken, and what is refused comes back as it was typed."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mediation.accounts.actor import Actor
from mediation.disputes import policy
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Event
from tests.conftest import LONG
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import CALM, DEADLY, OBLIGATIONS
from tests.factories.people import SECOND_GRID
from tests.factories.track import WAYS, bring
from tests.web.conftest import SignIn
from tests.web.desk import page, still
from workflows.commands import catalog

pytestmark = pytest.mark.django_db

# Of the steps of the track some; all of them are tried one by one in tests/reconsideration.
SOME = {"rc_file", "rc_reply", "rc_decide", "rc_mediate"}
COMMANDS = sorted(
    spec.name
    for spec in catalog.all_specs()
    if not spec.hidden and (LONG or not spec.phases or spec.name in SOME)
)
PEOPLE = ("bao", "si", "li", "wang", "ling", "fu", "he")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


def send(
    client: Client, case: Dispute, command: str, *, key: str = "", version: int = 0, **data: Any
) -> Any:
    """What the form of the page sends."""
    sent = {"version": version or case.version, "key": key or str(uuid.uuid4())} | data
    return client.post(page(case, command), sent)


def fresh(case: Dispute) -> Dispute:
    return Dispute.objects.get(pk=case.pk)


# Every step --------------------------------------------------------------------------------------


def somebody_who_may(cast: Cast, command: str, case: Dispute) -> str:
    def actor(name: str) -> Actor:
        return getattr(cast, name)

    return next(name for name in PEOPLE if policy.may(actor(name), command, case))


def place_for(command: str, case_in: CaseMaker, cast: Cast) -> Dispute:
    """A case in a status where the step is possible, in a grid where somebody may take it."""
    if command == "settle_on_spot":
        return register(cast.he, grid=SECOND_GRID)
    possible = catalog.statuses(catalog.find(command))
    if command in {"acknowledge_alert", "act_on_alert", "resolve_alert"}:
        return case_in(Status.REGISTERED, answers=DEADLY)
    case = case_in(next(status for status in Status if status in possible))
    if phases := catalog.find(command).phases:
        bring(cast.bao, case, next(state for state in WAYS if state in phases))
        case.refresh_from_db()
    return case


@pytest.mark.parametrize("command", COMMANDS)
def test_form_renders_where_the_step_is_possible(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker, command: str
) -> None:
    case = place_for(command, case_in, cast)
    who = somebody_who_may(cast, command, case)

    response = sign_in(who).get(page(case, command))

    fields = catalog.find(command).form.base_fields
    text = response.content.decode()
    assert response.status_code == 200
    shown = [name for name, field in fields.items() if not field.widget.is_hidden]
    assert [name for name in shown if f'data-field="{name}"' not in text] == []
    assert f'name="version" value="{case.version}"' in text


@pytest.mark.parametrize("command", COMMANDS)
def test_form_of_another_area_does_not_exist(
    sign_in: SignIn, case_in: CaseMaker, command: str
) -> None:
    case = case_in()

    browser = sign_in("b_zhong")

    assert browser.get(page(case, command)).status_code == 404
    assert send(browser, case, command).status_code == 404


@pytest.mark.parametrize(
    ("who", "command", "answer"),
    [
        ("wang", "assess", 403), ("li", "assess", 403), ("ling", "assess", 403),
        ("bao", "assess", 200), ("si", "assess", 200),
        ("si", "void", 403), ("bao", "void", 200),
        ("bao", "register", 404), ("bao", "fire_deadline", 404),
        ("bao", "no_such_step", 404),
        ("wang", "comment", 200), ("ling", "comment", 200),
    ],
)  # fmt: skip
def test_form_is_for_those_who_may(
    sign_in: SignIn, case_in: CaseMaker, who: str, command: str, answer: int
) -> None:
    assert sign_in(who).get(page(case_in(), command)).status_code == answer


def test_form_in_another_status_says_where_it_is_possible(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    response = sign_in("li").get(page(case_in(Status.MEDIATING), "accept"))

    assert response.status_code == 422
    assert "征询意愿" in response.content.decode()


def test_form_says_what_stands_against_the_step(sign_in: SignIn, case_in: CaseMaker) -> None:
    text = sign_in("li").get(page(case_in(Status.CONSENT_PENDING), "accept")).content.decode()

    assert "人民调解法第十七条" in text
    assert '<button class="btn btn-primary" type="submit">' not in text
    assert "没有保存任何内容" not in text
    assert "fq-act-foot" not in text
    assert "返回案件" in text


def test_refusal_names_the_step_that_clears_the_way(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.PERFORMING)

    response = sign_in("li").get(f"/disputes/{case.code}/do/fulfil/")

    [refusal] = response.context["reasons"]
    assert refusal["way"]["name"] == "record_performance"
    assert f'href="/disputes/{case.code}/do/record_performance/"' in response.text


def test_fragment_is_the_form_alone(sign_in: SignIn, case_in: CaseMaker) -> None:
    response = sign_in("bao").get(page(case_in(), "assess"), headers=HTMX)

    assert "<html" not in response.content.decode()


# Taking a step -----------------------------------------------------------------------------------


def test_step_is_taken_and_leads_back_to_the_case(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case = case_in()
    answers = {f"answers-{name}": value for name, value in CALM.items()}

    response = send(sign_in("zhong"), case, "assess", nature="CIVIL", **answers)

    event = Event.objects.filter(dispute=case).latest("version")
    assert response.headers["Location"] == reverse("dispute", args=[case.code])
    assert (event.command, event.actor_id, event.door) == ("assess", cast.id("zhong"), "page")
    assert fresh(case).status == Status.ASSESSED


def test_rows_of_a_page_reach_the_command(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)

    response = send(sign_in("li"), case, "reach_agreement", **typed_agreement())

    assert response.status_code == 302
    owed = fresh(case).agreements.get().obligations.values_list("ordinal", "content", "amount")
    assert [(n, text, str(amount)) for n, text, amount in owed] == [
        (1, "修好厨房防水", "None"),
        (2, "赔偿天花板损失", "4200.00"),
    ]


def typed_agreement(**changes: str) -> dict[str, str]:
    rows = {
        f"obligations-{number}-{name}": str(value)
        for number, row in enumerate(OBLIGATIONS)
        for name, value in row.items()
    }
    return {
        "form": "written",
        "content": "楼上修好防水并赔偿损失。",
        "manner": "现金",
        "amount": "4200",
        "agreed_on": "2026-03-02",
        "obligations-TOTAL_FORMS": "2",
    } | rows | changes  # fmt: skip


def test_signatures_of_those_who_have_signed_are_kept(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.AGREED)
    rows = {"parties-0-party": "1", "parties-0-signed_on": "2026-03-02", "parties-1-party": "2"}

    response = send(sign_in("li"), case, "record_signatures", **rows, **{"parties-1-signed_on": ""})

    assert response.status_code == 302
    assert fresh(case).agreements.get().signatures == {"1": "2026-03-02"}


def test_second_tap_changes_nothing(sign_in: SignIn, case_in: CaseMaker) -> None:
    case, key = case_in(Status.MEDIATING), str(uuid.uuid4())
    browser = sign_in("bao")

    answers = [send(browser, case, "comment", key=key, remark="请尽快办理。") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert case.remarks.count() == 1


def test_step_leads_back_where_it_came_from(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(answers=DEADLY)
    browser = sign_in("ling")

    here = send(browser, case, "acknowledge_alert", next=reverse("alerts"))
    away = send(browser, fresh(case), "comment", remark="知悉。", next="https://example.org/")

    assert here.headers["Location"] == reverse("alerts")
    assert away.headers["Location"] == reverse("dispute", args=[case.code])


# What is refused ---------------------------------------------------------------------------------


def test_malformed_input_comes_back_as_typed(
    sign_in: SignIn, case_in: CaseMaker, snapshot_counts: Any
) -> None:
    case = case_in(Status.MEDIATING)
    before = snapshot_counts()
    typed = typed_agreement(amount="四千二", **{"obligations-1-due_on": "2026-02-30"})

    response = send(sign_in("li"), case, "reach_agreement", **typed)

    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="四千二"' in text
    assert 'value="修好厨房防水"' in text
    assert "楼上修好防水并赔偿损失。</textarea>" in text
    assert sorted(response.context["step"]["form"].errors) == ["amount", "obligations"]
    assert _without_sessions(snapshot_counts()) == _without_sessions(before)


def _without_sessions(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if name != "django_session"}


def test_unmet_condition_comes_back_with_its_article(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)

    response = send(sign_in("li"), case, "reach_agreement", **typed_agreement(amount="5000"))

    text = response.content.decode()
    assert response.status_code == 422
    assert "人民调解法第二十九条" in text
    assert 'value="5000"' in text
    assert fresh(case).status == Status.MEDIATING


def test_slower_one_sees_who_was_faster_and_keeps_his_words(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case = case_in(Status.MEDIATING)
    give(cast.si, "comment", case, at("2026-03-02 11:59"), remark="请注意期限。")
    browser = sign_in("bao")

    refused = send(browser, case, "comment", remark="请尽快办理。")

    text = refused.content.decode()
    assert refused.status_code == 409
    assert "司测所" in text
    assert "请尽快办理。</textarea>" in text
    assert case.remarks.count() == 1
    again = dict(re.findall(r'name="(version|key)" value="([^"]+)"', text))
    sent = browser.post(page(case, "comment"), again | {"remark": "请尽快办理。"})
    assert sent.status_code == 302
    assert case.remarks.count() == 2


def test_slower_one_learns_that_the_step_has_gone(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case = case_in(Status.REGISTERED)
    give(cast.si, "assess", case, at("2026-03-02 11:59"), nature="CIVIL")

    response = send(sign_in("bao"), case, "void", result="FALSE_ALARM", reason="查无此事。")

    assert response.status_code == 409
    moved = send(sign_in("bao"), case, "assess", nature="CIVIL")
    assert moved.status_code == 409
    assert '<button class="btn btn-primary" type="submit">' not in moved.content.decode()


@pytest.mark.parametrize("version", ["", "abc", "-1", "99999999999", "٣"])
def test_version_that_nobody_gave_out_is_stale(
    sign_in: SignIn, case_in: CaseMaker, version: str
) -> None:
    case = case_in(Status.MEDIATING)

    response = sign_in("bao").post(
        page(case, "comment"), {"version": version, "remark": "请尽快办理。"}
    )

    assert (response.status_code, case.remarks.count()) == (409, 0)


def test_key_of_another_content_is_told(sign_in: SignIn, case_in: CaseMaker) -> None:
    case, key = case_in(Status.MEDIATING), str(uuid.uuid4())
    browser = sign_in("bao")
    send(browser, case, "comment", key=key, remark="请尽快办理。")

    response = send(browser, fresh(case), "comment", key=key, remark="另一句话。")

    assert response.status_code == 422
    assert "另一句话。</textarea>" in response.content.decode()
    assert f'value="{key}"' not in response.content.decode()


# How it looks ------------------------------------------------------------------------------------


def test_assessment_presets_nothing_that_a_person_must_decide(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    text = sign_in("bao").get(page(case_in(), "assess")).content.decode()

    chosen = re.findall(r'name="(nature|colour)" class="[^"]*" value="([A-Z]*)"[^>]* checked', text)
    assert chosen == [("colour", "")]


def test_what_few_cases_need_is_folded_until_it_is_filled(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case, client = case_in(Status.RECONSIDERING), sign_in("fu")

    empty = client.get(page(case, "rc_file"))
    refused = send(client, case, "rc_file", applicants="12")

    assert next(field.name for field in empty.context["step"]["rare"]) == "applicants"
    assert '<details class="fq-more mb-3"><summary>' in empty.text
    assert '<details class="fq-more mb-3" open>' in refused.text
    assert 'value="12"' in refused.text


def test_refusal_points_to_the_field_that_meets_it(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.ASSESSED)
    to_court = {"target": "court", "organ": "资阳区人民法院", "ground": "consent"}

    text = send(
        sign_in("bao"),
        case,
        "refer",
        **to_court,
        summary="双方均要求由人民法院诉讼解决。",
        reply_by="2026-03-30",
    ).text

    assert 'href="#id_consent_on"' in text
    assert 'href="#id_no_offers"' in text
    assert 'value="资阳区人民法院"' in text


def test_refusal_says_for_whom_the_case_waits(sign_in: SignIn, case_in: CaseMaker) -> None:
    text = sign_in("si").get(page(case_in(Status.CLOSED), "archive")).text

    assert "等待网格员办理：回访" in text


def test_case_that_was_kept_in_the_end_proposes_so(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.CLOSE_REVIEW)
    Dispute.objects.filter(pk=case.pk).update(result="REFERRED_COURT")

    form = sign_in("si").get(page(case, "close")).context["step"]["form"]

    assert form["result"].value() == "AGREED_PERFORMED"


def test_steps_that_end_a_case_stand_last(sign_in: SignIn, case_in: CaseMaker) -> None:
    actions = sign_in("li").get(f"/disputes/{case_in(Status.MEDIATING).code}/").context["actions"]

    danger = [one["danger"] for one in actions if one["enabled"] and not one["primary"]]
    assert danger == sorted(danger)
    assert any(danger)


def test_track_offers_only_the_steps_that_can_follow(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.RECONSIDERING)

    actions = sign_in("fu").get(f"/disputes/{case.code}/").context["actions"]
    offered = [action["name"] for action in actions if action["name"].startswith("rc_")]

    assert sorted(offered) == ["rc_file", "rc_give_up"]
    assert sign_in("fu").get(page(case, "rc_decide")).status_code == 422


def test_forms_name_parties_as_the_reader_may(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)

    text = sign_in("li").get(page(case, "reach_agreement")).content.decode()

    assert "1. 彭测安 · 被申请人" in text


@pytest.mark.parametrize(
    ("answers", "colour"),
    [({"answers-injury": "no"}, "BLUE"), ({"answers-death_threat": "yes"}, "RED")],
)
def test_level_follows_the_answers_and_keeps_nothing(
    sign_in: SignIn, case_in: CaseMaker, answers: dict[str, str], colour: str
) -> None:
    case = case_in()

    response = sign_in("bao").post(f"{page(case, 'assess')}level/", answers)

    assert response.context["colour"] == colour
    assert fresh(case).version == case.version


def test_remedies_that_a_guard_asks_for_are_not_called_optional(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    """People's Mediation Law art. 26: who leaves them out is refused."""
    case = case_in(Status.MEDIATING)
    browser = sign_in("li")

    text = browser.get(page(case, "end_mediation")).text
    legend = text.partition("已告知的救济途径")[2].partition("</legend>")[0]

    assert "已告知的救济途径" in text
    assert "选填" not in legend


def test_review_without_a_word_on_other_channels_names_the_box(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case = case_in(Status.MEDIATION_ENDED)

    response = sign_in("li").post(
        page(case, "send_to_review"), {"version": case.version, "result": "WITHDRAWN"}
    )

    assert response.status_code == 422
    assert 'href="#id_no_other_channel"' in response.text
    assert "请勾选：已询问当事人，不再选择其他渠道" in response.text
