"""Whatever stands in the address of an export: a file or a page that says what is wrong, never an error."""

from urllib.parse import quote

import pytest

ODD = (
    "", "\0", "٣", "9" * 400, "-1", "2026-02-30", "0000-00-00", "9999-12-31",
    "'\"><script>alert(1)</script>",
    "430902006' OR '1'='1", "{{7*7}}", "../../etc/passwd", "NaN", "1e400", "𠅤", "葛󠄀", "\u202e", "%00",
    "a" * 5_000,
)  # fmt: skip
FIELDS = ("area", "period", "category", "from", "until", "term", "format", "now")
EXPORTS = (
    ("get", "/leader/export/xlsx/"),
    ("get", "/leader/export/{}/"),
    ("get", "/roster/export/"),
    ("post", "/waits/log/"),
    ("post", "/filings/cases/export/"),
    ("post", "/filings/{}/export/"),
    ("get", "/filings/cases/cases/"),
    ("post", "/errands/1/purpose/"),
    ("post", "/errands/1/decide/"),
)


@pytest.mark.parametrize(("method", "address"), EXPORTS)
def test_odd_input_of_an_export_is_answered(sign_in, settings, tmp_path, method, address):
    settings.DATA_DIR = tmp_path
    browser = sign_in("si")
    answers = {}

    for odd in ODD:
        path = address.format(quote(odd[:300], safe="")) if "{}" in address else address
        for asked in (dict.fromkeys(FIELDS, odd), {"answer": odd, "reason": odd, "remark": odd}):
            answers[odd[:20]] = getattr(browser, method)(path, asked).status_code

    assert set(answers.values()) <= {200, 302, 400, 404, 422, 429}
