"""Story A in real windows: three roles bring a water leak from the phone to the archive, live.

The grid worker's window stays open on the case and is never reloaded; it must show every step by itself.
"""

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, tick

SECONDS = 2_000
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def register(grid_worker, *, house: int) -> str:
    """Another house and phone each time, so that nothing looks like a repetition."""
    page = grid_worker.page
    page.goto("/register/")
    grid_worker.fill(
        {
            "category": "02",
            "facts": "楼上漏水泡坏楼下天花板，双方为赔偿多次争吵，未能说拢。",
            "parties-0-name": "彭测安",
            "parties-0-phone": f"1390000{house:04d}",
            "parties-1-name": "蔡测宁",
            "place": f"汽车路{house}号2栋301室",
        }
    )
    for question in page.locator('main input[type=radio][value="no"]').all():
        tick(question)
    for name, value in (("conduct", "calm"), ("earlier_disputes", "0"), ("police_calls", "0")):
        asked = page.locator(f'main [name="answers-{name}"][value="{value}"]')
        if asked.count():  # what the house counts by itself is not asked
            tick(asked.first)
    page.locator('button[form="fq-register"]').click()
    page.wait_for_url("**/register/done/**")
    found = re.search(r"/register/done/([0-9A-Z]{4}-[0-9A-Z]{4})/", page.url)
    assert found is not None
    return found.group(1)


def test_water_leak_goes_from_the_phone_to_the_archive_before_everybodys_eyes(window):
    grid_worker, centre = window("wangge", **PHONE), window("zhongxin")
    mediator, justice = window("tiaojie"), window("sifa")
    code = register(grid_worker, house=time.time_ns() % 10_000)
    grid_worker.page.goto(f"/disputes/{code}/")
    status = grid_worker.page.locator("#case-top .fq-lead")
    grid_worker.page.evaluate("window.neverReloaded = true")

    def seen(word: str) -> None:
        expect(status).to_contain_text(word, timeout=SECONDS)

    seen("已登记")
    centre.take_step(code, "assess", nature="CIVIL")
    seen("已研判")
    centre.page.goto(f"/disputes/{code}/do/start_mediation_intake/")
    chosen = centre.page.locator("main label", has_text="李测和").locator("[name=mediator]")
    centre.take_step(code, "start_mediation_intake", mediator=chosen.get_attribute("value"))
    seen("征询意愿")
    for party in (1, 2):
        mediator.take_step(
            code, "record_consent", party=party, consent="yes", answered_on=TODAY,
            channel="in_person", rights_told=True,
        )  # fmt: skip
    mediator.take_step(code, "accept", accepted_on=TODAY, no_conflict=True)
    seen("已受理")
    mediator.take_step(
        code, "begin_session", kind="session", held_at=f"{TODAY}T00:00", place="社区调解室",
        attended=[1, 2], record="双方到场，现场查看漏水点。",
    )  # fmt: skip
    seen("调解中")
    mediator.take_step(
        code, "reach_agreement",
        **{
            "form": "written", "content": "修复漏水并赔偿四千二百元。", "manner": "现金", "amount": "4200",
            "agreed_on": TODAY, "obligations-0-debtor": 1, "obligations-0-creditor": 2,
            "obligations-0-content": "赔偿",
            "obligations-0-amount": "4200", "obligations-0-due_on": TODAY,
        },
    )  # fmt: skip
    seen("已达成协议")
    mediator.page.goto(f"/disputes/{code}/do/record_signatures/")
    if mediator.page.locator('[name="parties-1-party"]').count() == 0:
        mediator.page.locator("[data-row-add]").first.click()
    mediator.fill(
        {
            "parties-0-party": 1, "parties-0-signed_on": TODAY, "parties-1-party": 2,
            "parties-1-signed_on": TODAY, "mediator_signed_on": TODAY, "sealed_on": TODAY,
        }
    )  # fmt: skip
    mediator.page.locator('form[id="do-record_signatures"] button[type=submit].btn-primary').click()
    mediator.page.wait_for_url(f"**/disputes/{code}/")
    mediator.take_step(code, "make_effective")
    seen("履行中")
    mediator.take_step(code, "record_performance", obligation=1, done_on=TODAY, proof="收条一张")
    mediator.take_step(code, "fulfil")
    seen("结案审核")
    justice.take_step(code, "close", result="AGREED_PERFORMED")
    seen("已结案")
    visitor = window("wangge", **PHONE)
    visitor.take_step(code, "visit", visited_at=f"{TODAY}T00:00", outcome="holds", satisfaction="5")
    justice.take_step(code, "archive", retention="30", page_count=24)
    seen("已归档")

    assert grid_worker.page.evaluate("window.neverReloaded") is True
    for one in (grid_worker, centre, mediator, justice, visitor):
        assert one.complaints == []


def numbers_in(frame: str | bytes) -> list[int]:
    text = frame if isinstance(frame, str) else frame.decode()
    return [int(seq) for seq in re.findall(r'"seq":\s*(\d+)', text)] if '"notice"' in text else []


def test_missed_notices_come_once_and_in_order_after_a_broken_connection(window):
    grid_worker, centre = window("wangge", **PHONE), window("zhongxin")
    code, page = register(grid_worker, house=time.time_ns() % 10_000), grid_worker.page
    received: list[int] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: received.extend(numbers_in(frame))),
    )
    page.goto("/work/")
    expect(page.get_by_text("实时").first).to_be_visible()
    before = page.evaluate("Number(document.body.dataset.seq)")
    grid_worker.context.set_offline(True)

    centre.take_step(code, "assess", nature="CIVIL")
    centre.take_step(code, "comment", remark="请先安抚双方。")
    centre.take_step(code, "comment", remark="注意用电安全。")
    grid_worker.context.set_offline(False)

    for _ in range(400):
        if before + 3 in received:
            break
        page.wait_for_timeout(100)
    # A heartbeat may ask for a frame that is on its way; the page drops what it has seen. A clock of the
    # demonstration may have spoken too.
    seen = list(dict.fromkeys(seq for seq in received if seq > before))
    assert len(seen) >= 3
    assert seen == list(range(before + 1, before + 1 + len(seen)))
