"""What a browser says of itself, in words a person knows his own device by."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The first that is found: later names stand in the text of many others too.
BROWSERS: tuple[tuple[str, str | Promise], ...] = (
    ("MicroMessenger", _("WeChat")),
    ("DingTalk", _("DingTalk")),
    ("QQBrowser", _("QQ Browser")),
    ("UCBrowser", _("UC Browser")),
    ("HuaweiBrowser", _("Huawei Browser")),
    ("MiuiBrowser", _("Xiaomi Browser")),
    ("Edg", _("Edge browser")),
    ("OPR", _("Opera browser")),
    ("Firefox", _("Firefox browser")),
    ("FxiOS", _("Firefox browser")),
    ("Chrome", _("Chrome browser")),
    ("CriOS", _("Chrome browser")),
    ("Safari", _("Safari browser")),
)
SYSTEMS: tuple[tuple[str, str | Promise], ...] = (
    ("HarmonyOS", _("HarmonyOS device")),
    ("OpenHarmony", _("HarmonyOS device")),
    ("iPhone", _("iPhone")),
    ("iPad", _("iPad")),
    ("Android", _("Android device")),
    ("Windows", _("Windows computer")),
    ("Macintosh", _("Mac computer")),
    ("UOS", _("UOS computer")),
    ("Linux", _("Linux computer")),
)


def words_of(user_agent: str) -> str:
    """Browser and system: "Edge browser · Windows computer"."""
    browser = _first(BROWSERS, user_agent, _("Unknown browser"))
    system = _first(SYSTEMS, user_agent, _("unknown system"))
    return f"{browser} · {system}"


def _first(
    names: tuple[tuple[str, str | Promise], ...], text: str, otherwise: str | Promise
) -> str | Promise:
    return next((words for mark, words in names if mark in text), otherwise)
