"""Arbitration of rural land contract disputes."""

from mediation.deadlines.period import Bound, Direction, Extension, Period, Unit
from mediation.deadlines.table.laws import LAND

LAND_LIMIT = Period(
    code="LAND_LIMIT",
    title="Limitation of land contract arbitration",
    title_zh="农村土地承包仲裁时效",
    length=2,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the party knew or should have known that the right was infringed",
    starts_zh="知道或者应当知道权利被侵害",
    stops="suspension and interruption as for the limitation of actions",
    stops_zh="适用时效中止、中断的规定",
    on_expiry="the claim is out of time",
    on_expiry_zh="超过仲裁时效",
    basis=(LAND.art(18),),
)
LAND_NOTICE = Period(
    code="LAND_NOTICE",
    title="Notice of acceptance or refusal to the applicant",
    title_zh="向申请人送达受理或者不予受理通知",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the arbitration commission received the application",
    starts_zh="仲裁委员会收到仲裁申请",
    basis=(LAND.art(23),),
)
LAND_SERVE = Period(
    code="LAND_SERVE",
    title="Serving the acceptance and the application on the respondent",
    title_zh="向被申请人送达受理通知和申请书副本",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the arbitration application was accepted",
    starts_zh="受理仲裁申请",
    basis=(LAND.art(24),),
)
LAND_ANSWER = Period(
    code="LAND_ANSWER",
    title="Respondent's answer in land contract arbitration",
    title_zh="被申请人答辩（土地承包仲裁）",
    length=10,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the respondent received the copy of the application",
    starts_zh="被申请人收到仲裁申请书副本",
    on_expiry="the procedure goes on without the answer",
    on_expiry_zh="未答辩的，不影响仲裁程序进行",
    basis=(LAND.art(25),),
)
LAND_FORWARD = Period(
    code="LAND_FORWARD",
    title="Serving the answer on the applicant in land contract arbitration",
    title_zh="送达答辩书副本（土地承包仲裁）",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the arbitration commission received the answer",
    starts_zh="仲裁委员会收到答辩书",
    basis=(LAND.art(25),),
)
LAND_TRIBUNAL = Period(
    code="LAND_TRIBUNAL",
    title="Notice of the tribunal's members",
    title_zh="通知仲裁庭组成情况",
    length=2,
    unit=Unit.WORKING_DAY,
    starts="the tribunal was formed",
    starts_zh="仲裁庭组成",
    basis=(LAND.art(27, paragraph=3),),
)
LAND_HEARING = Period(
    code="LAND_HEARING",
    title="Notice of the arbitration hearing",
    title_zh="仲裁开庭通知",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the arbitration hearing is held",
    starts_zh="仲裁开庭",
    roll=False,
    direction=Direction.BACKWARD,
    on_expiry="the notice is late; the hearing must be moved",
    on_expiry_zh="通知迟延，应当另定开庭日期",
    basis=(LAND.art(31, paragraph=1),),
)
LAND_AWARD = Period(
    code="LAND_AWARD",
    title="Land contract arbitration award",
    title_zh="作出土地承包仲裁裁决",
    length=60,
    unit=Unit.CALENDAR_DAY,
    starts="the arbitration application was accepted",
    starts_zh="受理仲裁申请",
    may_extend=Extension(
        30,
        "the director of the commission approves and the parties are told in writing",
        "经仲裁委员会主任批准并书面通知当事人",
    ),
    basis=(LAND.art(47),),
)
LAND_DELIVER = Period(
    code="LAND_DELIVER",
    title="Serving the land contract award",
    title_zh="送达土地承包仲裁裁决书",
    length=3,
    unit=Unit.WORKING_DAY,
    starts="the award was made",
    starts_zh="作出裁决",
    basis=(LAND.art(45, paragraph=2),),
)
LAND_SUE = Period(
    code="LAND_SUE",
    title="Suit against the land contract award",
    title_zh="不服土地承包仲裁裁决起诉",
    length=30,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the party received the award",
    starts_zh="收到裁决书",
    on_expiry="the award takes legal effect",
    on_expiry_zh="裁决书发生法律效力",
    basis=(LAND.art(48),),
)

PERIODS = (
    *(LAND_LIMIT, LAND_NOTICE, LAND_SERVE, LAND_ANSWER, LAND_FORWARD, LAND_TRIBUNAL),
    *(LAND_HEARING, LAND_AWARD, LAND_DELIVER, LAND_SUE),
)
