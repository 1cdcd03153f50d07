"""In the field without a network: kept on the phone, sent once when the network is back."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, tick

pytestmark = pytest.mark.once


def test_registration_without_a_network_is_sent_once_when_it_is_back(window):
    phone = window("wangge", **PHONE)
    page, context = phone.page, phone.page.context
    house = time.time_ns() % 10_000
    page.goto("/register/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)

    page.goto("/register/")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
    tick(page.locator('main [name="category"][value="02"]'))
    page.locator('[name="facts"]').fill("楼上漏水泡坏楼下天花板，双方多次争吵，未能说拢。")
    page.locator('[name="parties-0-name"]').fill("喻测野")
    page.locator('[name="parties-0-phone"]').fill(f"1380001{house:04d}")
    page.locator('[name="place"]').fill(f"无网路{house}号")
    page.locator('#fq-register button[type="submit"]').click()
    expect(page.locator("#fq-outbox [data-items] li")).to_have_count(1)
    expect(page.locator("#fq-outbox [data-items] li")).to_contain_text(f"无网路{house}号")

    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#fq-outbox [data-items] li")).to_have_count(0, timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("本机待上传")
    page.locator("#fq-toasts a[href^='/disputes/']").click()

    expect(page.locator("#case-top")).to_contain_text("已登记")
    expect(page.locator("main")).to_contain_text(f"无网路{house}号")
