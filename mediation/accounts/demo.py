"""The people of the demonstration whom a visitor may play: one for each role. All are invented."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Role
from mediation.core.errors import Text

PASSWORD = "fengqiao-demo"  # noqa: S105 -- printed on the sign-in page of the demonstration

# Every account of the demonstration has an address here; nothing else in the house does.
MAIL_DOMAIN = "demo.invalid"


@dataclass(frozen=True, slots=True)
class Member:
    """One card on the sign-in page. ``area``: the code for which he serves."""

    username: str
    role: Role
    name: str
    post: str
    area: str
    hint: Text

    @property
    def role_words(self) -> str:
        return f"{self.role.label} · {self.name} · {self.hint}"


SUBDISTRICT = "430902006"
COMMUNITY = "430902006901"
GRID = "430902006901001"
DISTRICT = "430902"

CAST: tuple[Member, ...] = (
    Member(
        "wangge",
        Role.GRID_WORKER,
        "谌测网",
        "专职网格员",
        GRID,
        _("On the phone: register a dispute, follow up after closing"),
    ),
    Member(
        "tiaojie",
        Role.MEDIATOR,
        "李测和",
        "专职人民调解员",
        COMMUNITY,
        _("At the desk: consent, sessions, agreement, performance"),
    ),
    Member(
        "zhongxin",
        Role.CENTRE_STAFF,
        "周测衡",
        "综治中心值班员",
        SUBDISTRICT,
        _("At the desk: assess, triage, refer"),
    ),
    Member(
        "sifa",
        Role.JUSTICE_STAFF,
        "曹测正",
        "司法所所长",
        SUBDISTRICT,
        _("At the desk: review, close, archive"),
    ),
    Member(
        "lingdao",
        Role.LEADER,
        "陈测安",
        "街道党工委书记",
        SUBDISTRICT,
        _("Cockpit: risk first, acknowledge alerts, act"),
    ),
    Member(
        "fuyi",
        Role.RECONSIDERATION_CLERK,
        "符测议",
        "行政复议应诉专干",
        DISTRICT,
        _("Follow the reconsideration cases"),
    ),
    Member(
        "guanli",
        Role.SYSTEM_ADMIN,
        "管测平",
        "系统管理员",
        SUBDISTRICT,
        _("Areas, people, running of the system"),
    ),
    Member(
        "anquan",
        Role.SECURITY_ADMIN,
        "安测全",
        "安全管理员",
        SUBDISTRICT,
        _("Rights and duties"),
    ),
    Member(
        "shenji",
        Role.AUDITOR,
        "申测计",
        "安全审计员",
        SUBDISTRICT,
        _("Records of who saw and did what"),
    ),
)
