"""Petition (信访): X01 to X10. X11 to X19 are rules without a length."""

from mediation.deadlines.period import Bound, Extension, Period, Unit
from mediation.deadlines.table.laws import PETITION

X01 = Period(
    code="X01",
    title="Petition department: register and pass on",
    title_zh="信访部门登记、转送、交办",
    length=15,
    unit=Unit.CALENDAR_DAY,
    starts="the petition department received the petition",
    starts_zh="信访部门收到信访事项",
    basis=(PETITION.art(22, paragraph=1),),
)
X02 = Period(
    code="X02",
    title="Other organ: written answer on receipt and path",
    title_zh="其他机关书面告知接收情况和途径",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the organ received the petition from the petitioner",
    starts_zh="机关收到信访人直接提出的信访事项",
    basis=(PETITION.art(23, paragraph=2),),
)
X03 = Period(
    code="X03",
    title="Organ that received a transfer: written answer to the petitioner",
    title_zh="承接转送、交办的机关书面告知信访人",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the organ received the transferred petition",
    starts_zh="收到转送、交办的信访事项",
    basis=(PETITION.art(23, paragraph=3),),
)
X04 = Period(
    code="X04",
    title="Objection to a wrong transfer",
    title_zh="对转送、交办提出异议",
    length=5,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the organ received the transferred petition",
    starts_zh="收到转送、交办的信访事项",
    on_expiry="the organ keeps the petition",
    on_expiry_zh="未提出异议的，由本机关办理",
    basis=(PETITION.art(23, paragraph=3),),
)
X05 = Period(
    code="X05",
    title="Handling of a petition for relief",
    title_zh="办理申诉求决类信访事项",
    length=60,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the petition was accepted",
    starts_zh="受理信访事项",
    may_extend=Extension(
        30,
        "the head of the organ approves and the petitioner is told why",
        "经本机关负责人批准并告知信访人理由",
    ),
    basis=(PETITION.art(34),),
)
X05A = Period(
    code="X05A",
    title="Handling of a petition by the organ that took it over",
    title_zh="受转机关办理信访事项",
    length=60,
    unit=Unit.CALENDAR_DAY,
    starts="the organ accepted what the office had passed on",
    starts_zh="受转机关受理转出的信访事项",
    may_extend=Extension(
        30,
        "the head of that organ approves and the petitioner is told why",
        "经该机关负责人批准并告知信访人理由",
    ),
    basis=(PETITION.art(34),),
)
X06 = Period(
    code="X06",
    title="Extension of the handling",
    title_zh="延长办理期限",
    length=30,
    unit=Unit.CALENDAR_DAY,
    granted=True,
    bound=Bound.US,
    starts="the handling term ended (its last day before any move for rest days)",
    starts_zh="原办理期限届满（未顺延前的最后一日）",
    basis=(PETITION.art(34),),
)
X07 = Period(
    code="X07",
    title="Request for review",
    title_zh="请求复查",
    length=30,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the petitioner received the written reply",
    starts_zh="信访人收到书面答复",
    on_expiry="the handling opinion stands",
    on_expiry_zh="处理意见即为终结意见",
    basis=(PETITION.art(35),),
)
X08 = Period(
    code="X08",
    title="Review opinion",
    title_zh="作出复查意见",
    length=30,
    unit=Unit.CALENDAR_DAY,
    starts="the organ received the request for review",
    starts_zh="收到复查请求",
    basis=(PETITION.art(35),),
)
X09 = Period(
    code="X09",
    title="Request for re-review",
    title_zh="请求复核",
    length=30,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the petitioner received the review opinion in writing",
    starts_zh="信访人收到复查书面答复",
    on_expiry="the review opinion stands",
    on_expiry_zh="复查意见即为终结意见",
    basis=(PETITION.art(36, paragraph=1),),
)
X10 = Period(
    code="X10",
    title="Re-review opinion (time of a hearing is a pause)",
    title_zh="作出复核意见（听证时间不计入）",
    length=30,
    unit=Unit.CALENDAR_DAY,
    starts="the organ received the request for re-review",
    starts_zh="收到复核请求",
    stops="the time of a hearing",
    stops_zh="听证时间不计入",
    on_expiry="after the re-review the same facts are no longer accepted",
    on_expiry_zh="复核后以同一事实和理由再次信访的，不再受理",
    basis=(PETITION.art(36),),
)

PERIODS = (X01, X02, X03, X04, X05, X05A, X06, X07, X08, X09, X10)
