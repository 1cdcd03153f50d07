"""The log of requests is read by people who may not know whom others looked for."""

from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
NAME, SECRET = "彭测安", "s3cret-of-a-calendar"


@pytest.mark.parametrize(
    "address",
    [
        f"/disputes/?q={quote(NAME)}&status=closed", f"/search/?q={quote(NAME)}",
        f"/api/v1/disputes?q={quote(NAME)}", f"/calendar/{SECRET}.ics",
        f"/accounts/login/?next=/disputes/%3Fq%3D{quote(NAME)}",
    ],
)  # fmt: skip
def test_log_of_requests_tells_where_somebody_was_not_what_he_typed(
    sign_in: SignIn, address: str
) -> None:
    browser = sign_in("zhong")

    with capture_logs() as lines:
        browser.get(address)

    told = " ".join(str(line.get("request", line)) for line in lines)
    assert f"GET /{address.split('/')[1]}" in told
    assert not any(word in told for word in (NAME, quote(NAME), SECRET))
