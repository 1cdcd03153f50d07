"""Administrative suits after, instead of or beside reconsideration: R26 to R28."""

from mediation.deadlines.period import Bound, Period, Unit
from mediation.deadlines.table.laws import ADMINISTRATIVE_LITIGATION, RECONSIDERATION

R26 = Period(
    code="R26",
    title="Suit against the reconsideration decision",
    title_zh="不服复议决定起诉",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the party received the reconsideration decision",
    starts_zh="收到复议决定书",
    on_expiry="the decision stands",
    on_expiry_zh="复议决定不可再诉",
    basis=(ADMINISTRATIVE_LITIGATION.art(45),),
)
R27 = Period(
    code="R27",
    title="Suit when no decision was made in time",
    title_zh="复议机关逾期不作决定起诉",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the reconsideration term ended",
    starts_zh="复议期限届满",
    on_expiry="the right to sue is out of time",
    on_expiry_zh="超过起诉期限",
    basis=(ADMINISTRATIVE_LITIGATION.art(45), RECONSIDERATION.art(34)),
)
R28 = Period(
    code="R28",
    title="Direct administrative suit",
    title_zh="直接提起行政诉讼",
    length=6,
    unit=Unit.MONTH,
    bound=Bound.PARTY,
    starts="the party knew or should have known that the act was made",
    starts_zh="知道或者应当知道作出行政行为",
    stops="an obstacle that is not the applicant's fault (art. 48)",
    stops_zh="不属于起诉人自身的原因耽误的时间（第48条）",
    on_expiry="the right to sue is out of time",
    on_expiry_zh="超过起诉期限",
    basis=(ADMINISTRATIVE_LITIGATION.art(46, paragraph=1),),
)
R28A = Period(
    code="R28A",
    title="Direct administrative suit: absolute limit, immovable property",
    title_zh="行政诉讼最长起诉期限（不动产）",
    length=20,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the administrative act was made",
    starts_zh="作出行政行为",
    on_expiry="the court does not accept the suit",
    on_expiry_zh="人民法院不予受理",
    basis=(ADMINISTRATIVE_LITIGATION.art(46, paragraph=2),),
)
R28B = Period(
    code="R28B",
    title="Direct administrative suit: absolute limit, other cases",
    title_zh="行政诉讼最长起诉期限（其他）",
    length=5,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the administrative act was made",
    starts_zh="作出行政行为",
    on_expiry="the court does not accept the suit",
    on_expiry_zh="人民法院不予受理",
    basis=(ADMINISTRATIVE_LITIGATION.art(46, paragraph=2),),
)

PERIODS = (R26, R27, R28, R28A, R28B)
