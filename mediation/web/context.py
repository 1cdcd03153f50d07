"""What the frame around every page shows: the way about, the bell, how the page looks."""

from base64 import b64encode
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from mediation.accounts.models import Display
from mediation.core.errors import Text
from mediation.disputes.enums import SEVERITY
from mediation.notifications.models import Notice
from mediation.notifications.services import latest_seq
from mediation.web.navigation import (
    EVERYBODY_WITH_CASES,
    REGISTRARS,
    TABS,
    Link,
    Section,
    desk_of,
    links,
    sections,
)
from mediation.web.second_factor import needs_second_factor
from mediation.web.tries import tries_of

MODE_COOKIE = "fq_mode"
BELL_LIMIT = 99

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


class Frame:
    """Computed only as far as a template asks: a fragment asks for nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo = settings.DEMO
        self.modes = Display.choices

    @cached_property
    def signed_in(self) -> bool:
        return self.request.user.is_authenticated

    @cached_property
    def roles(self) -> set[str]:
        actor = getattr(self.request, "actor", None)
        return set(actor.roles) if actor else set()

    @cached_property
    def needs_second_factor(self) -> bool:
        """Whether the role of the reader asks for one that he has not set up yet."""
        return needs_second_factor(self.request)

    @cached_property
    def nav(self) -> list[Section]:
        return sections(self.roles, path=self.request.path) if self.signed_in else []

    @cached_property
    def tabs(self) -> list[Link]:
        return links(TABS, self.roles, path=self.request.path) if self.signed_in else []

    @cached_property
    def tries(self) -> list[tuple[Text, str]]:
        """In a demonstration, and only where the roles of the reader land."""
        here = self.request.resolver_match
        if not self.demo or here is None or here.url_name != desk_of(self.roles):
            return []
        return tries_of(self.roles)

    @cached_property
    def seq(self) -> int:
        """The latest notice given out before the page was read; the socket resumes from here.

        A form that comes back refused was asked for by no GET: its page begins with what there is now, and
        does not ring once more for every old alert.
        """
        noted: int | None = getattr(self.request, "reading_point", None)
        return latest_seq(self.request.user.pk or 0) if noted is None else noted

    @property
    def draft_key(self) -> str:
        """Seals on a device what this person has begun to type there, and is itself not kept there: whoever
        finds the device signed out finds nothing to read (OWASP ASVS 5.0, 14.3.3)."""
        made = salted_hmac("fengqiao.drafts", str(self.request.user.pk), algorithm="sha256")
        return b64encode(made.digest()).decode()

    @cached_property
    def unread_levels(self) -> list[str]:
        person = self.request.user
        if not person.is_authenticated:
            return []
        waiting = Notice.objects.filter(person_id=person.pk, acknowledged_at__isnull=True)
        return list(waiting.values_list("level", flat=True)[: BELL_LIMIT + 1])

    @cached_property
    def unread(self) -> int:
        return len(self.unread_levels)

    @property
    def unread_words(self) -> str:
        return f"{BELL_LIMIT}+" if self.unread > BELL_LIMIT else str(self.unread)

    @cached_property
    def unread_level(self) -> str:
        """The most severe colour among the unread notices."""
        return max(self.unread_levels, key=lambda level: SEVERITY.get(level, 0), default="")

    @property
    def source_url(self) -> str:
        """Where the users of this installation get its source (AGPL, section 13)."""
        return settings.SOURCE_URL or reverse("source")

    @cached_property
    def may_search(self) -> bool:
        return bool(self.roles & EVERYBODY_WITH_CASES)

    @property
    def may_register(self) -> bool:
        return bool(self.roles & REGISTRARS)

    @cached_property
    def mode(self) -> str:
        """The cookie first: it is this device's choice."""
        chosen = self.request.COOKIES.get(MODE_COOKIE, "")
        if chosen not in Display.values and self.request.user.is_authenticated:
            chosen = self.request.user.display
        return chosen if chosen in Display.values else Display.STANDARD

    @cached_property
    def html_language(self) -> str:
        return "zh-CN" if self.language.startswith("zh") else self.language

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        return [(code, name, code == self.language) for code, name in LANGUAGES]


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}
