"""A mediator types nothing twice: what the case knows stands in the form already."""

import time

import pytest

from tests.browser.conftest import PHONE, Window
from tests.browser.test_story_a import TODAY, register

pytestmark = pytest.mark.once
FREE_TEXT = "e => /^(text|textarea|number|tel|date|datetime-local)$/.test(e.type) && e.offsetParent !== null"


class Counting(Window):
    """A window that keeps what was typed, and what stood in the forms before anybody typed."""

    def __init__(self, *args: object, **device: object) -> None:
        super().__init__(*args, **device)  # type: ignore[arg-type]
        self.typed: list[str] = []

    def known(self, form: str) -> dict[str, str]:
        """Name and value of everything that can be typed into, as the page offers it."""
        script = f"f => [...f.elements].filter({FREE_TEXT}).map(e => [e.name, e.value])"
        return dict(self.page.locator(f"form[id='do-{form}']").evaluate(script))

    def step(
        self,
        code: str,
        name: str,
        *,
        says: str = "",
        leaves: set[str] = frozenset(),  # type: ignore[assignment]
        **texts: str,
    ) -> None:
        """Open the step, type ``texts``, and send it; ``leaves`` are the only other empty fields.

        ``says``: whose words they are, by the button of the speaker.
        """
        self.page.goto(f"/disputes/{code}/do/{name}/")
        empty = {field for field, value in self.known(name).items() if not value}
        assert empty == set(texts) | leaves, f"{name} asks for {empty}"
        if says:
            self.page.locator(f"[data-speaker={says}]").click()
        self.fill(texts)
        self.typed += texts.values()
        self.page.locator(f"form[id='do-{name}'] button[type=submit].btn-primary").first.click()
        self.page.wait_for_url(f"**/disputes/{code}/")


@pytest.fixture
def mediator(site, chromium):
    one = Counting(chromium, site, "tiaojie", viewport={"width": 1366, "height": 768})
    yield one
    one.context.close()


def test_a_mediator_types_each_thing_once_from_consent_to_the_closing_review(window, mediator):
    grid_worker, centre = window("wangge", **PHONE), window("zhongxin")
    code = register(grid_worker, house=time.time_ns() % 10_000)
    centre.take_step(code, "assess", nature="CIVIL")
    centre.page.goto(f"/disputes/{code}/do/start_mediation_intake/")
    chosen = centre.page.locator("main label", has_text="李测和").locator("[name=mediator]")
    centre.take_step(code, "start_mediation_intake", mediator=chosen.get_attribute("value"))

    for party in (1, 2):
        mediator.take_step(code, "record_consent", party=party, consent="yes", channel="in_person")
    mediator.take_step(code, "accept", no_conflict=True)
    mediator.step(
        code, "begin_session", says="m", leaves={"ended_at", "record"},
        **{"turns-0-text": "双方到场，现场查看漏水点。"},
    )  # fmt: skip
    mediator.step(
        code, "reach_agreement",
        **{
            "manner": "现金", "obligations-0-content": "赔偿款", "obligations-0-amount": "4200",
            "obligations-0-due_on": TODAY,
        },
        leaves={
            "issues", "responsibilities", "clauses-0-text", "content", "amount",
            "obligations-0-manner", "obligations-0-place",
        },
    )  # fmt: skip
    mediator.step(code, "record_signatures")
    mediator.take_step(code, "make_effective")
    mediator.step(code, "record_performance", proof="收条一张", leaves={"amount"})
    mediator.take_step(code, "fulfil")

    assert sorted(mediator.typed) == sorted(set(mediator.typed)), "something was typed twice"
    assert "结案审核" in mediator.page.locator("#case-top .fq-lead").inner_text()
    assert "4,200.00" in mediator.page.locator("main").inner_text()


def test_what_only_one_answer_needs_waits_for_that_answer(window):
    code = register(window("wangge", **PHONE), house=time.time_ns() % 10_000)
    page = window("zhongxin").page
    page.goto(f"/disputes/{code}/do/assess/")
    reason = page.locator("[name=colour_reason]")

    page.wait_for_load_state("networkidle")  # whatever else looks at the page has looked
    assert not reason.is_visible()
    page.locator("label", has=page.locator("[name=colour][value=RED]")).click()
    assert reason.is_visible()

    page.locator("[data-rest]").click()
    asked = page.locator('[name^="answers-"][value=no]')
    assert asked.evaluate_all("all => all.every(one => one.checked)")
