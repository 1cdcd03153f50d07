"""People's mediation, judicial confirmation, and what a mediator meets beside them."""

from mediation.deadlines.period import Bound, Extension, Period, Unit
from mediation.deadlines.table.laws import (
    CIVIL_PROCEDURE,
    CONFIRMATION_2011,
    DOMESTIC_VIOLENCE,
    INFORMATION,
    MEDIATION,
    MEDIATION_PROVISIONS,
    MEDIATION_STANDARD,
    MEDICAL_DISPUTES,
)

# No statute sets the term: the provisions say "normally one month", the standard thirty days.
MED = Period(
    code="MED",
    title="People's mediation",
    title_zh="人民调解",
    length=30,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the committee accepted the dispute",
    starts_zh="人民调解委员会受理纠纷",
    stops="a recorded pause of the mediation (appraisal, illness and the like)",
    stops_zh="调解中止（鉴定、疾病等）",
    may_extend=Extension(
        None,
        "all parties agree in writing before the last day",
        "期限届满前经各方当事人书面同意",
    ),
    on_expiry="without an agreement or an extension the mediation ends and the remedies are told",
    on_expiry_zh="未达成协议又未延期的，终止调解并告知救济途径",
    basis=(MEDIATION_PROVISIONS.art(33), MEDIATION_STANDARD.whole),
)
CONF = Period(
    code="CONF",
    title="Application for judicial confirmation",
    title_zh="申请司法确认",
    length=30,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the mediation agreement took effect",
    starts_zh="调解协议生效",
    on_expiry="the court no longer accepts the joint application; the agreement still binds",
    on_expiry_zh="人民法院不再受理司法确认申请，调解协议仍具有法律约束力",
    basis=(MEDIATION.art(33, paragraph=1), CIVIL_PROCEDURE.art(205)),
)
CONF_RULING = Period(
    code="CONF_RULING",
    title="Court ruling on judicial confirmation",
    title_zh="司法确认案件审结",
    length=30,
    unit=Unit.CALENDAR_DAY,
    starts="the court docketed the application",
    starts_zh="人民法院立案",
    may_extend=Extension(None, "the president of the court approves", "经本院院长批准"),
    basis=(CIVIL_PROCEDURE.art(187), CIVIL_PROCEDURE.art(206)),
)
CONF_REVOKE = Period(
    code="CONF_REVOKE",
    title="Third party's application to revoke a confirmation",
    title_zh="案外人申请撤销确认裁定",
    length=1,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the third party knew or should have known that its rights were harmed",
    starts_zh="知道或者应当知道权益被侵害",
    on_expiry="the application is out of time",
    on_expiry_zh="超过申请期限",
    basis=(CONFIRMATION_2011.art(10),),
)
MEDICAL = Period(
    code="MEDICAL",
    title="Mediation of a medical dispute (time of an appraisal is a pause)",
    title_zh="医疗纠纷人民调解（鉴定时间不计入）",
    length=30,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the committee accepted the dispute",
    starts_zh="医疗纠纷人民调解委员会受理",
    stops="the time of an appraisal",
    stops_zh="鉴定时间不计入",
    may_extend=Extension(
        None, "the committee and both sides agree on it", "调解委员会和医患双方约定"
    ),
    on_expiry="without an agreement the mediation has failed",
    on_expiry_zh="未达成调解协议的，视为调解不成",
    basis=(MEDICAL_DISPUTES.art(38),),
)
INFO = Period(
    code="INFO",
    title="Answer to an information request (time of asking third parties is a pause)",
    title_zh="答复政府信息公开申请（征求第三方意见时间不计入）",
    length=20,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the organ received the request",
    starts_zh="行政机关收到政府信息公开申请",
    stops="the time of asking third parties and of correction",
    stops_zh="征求第三方意见、补正的时间不计入",
    may_extend=Extension(
        20,
        "the head of the information office agrees and the applicant is told",
        "经政府信息公开工作机构负责人同意并告知申请人",
    ),
    on_expiry="the applicant may apply for reconsideration",
    on_expiry_zh="申请人可以申请行政复议",
    basis=(INFORMATION.art(33, paragraph=2),),
)
INFO_FIX = Period(
    code="INFO_FIX",
    title="Notice to correct an information request",
    title_zh="政府信息公开申请补正告知",
    length=7,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the organ received the request",
    starts_zh="行政机关收到政府信息公开申请",
    basis=(INFORMATION.art(30),),
)
INFO_THIRD = Period(
    code="INFO_THIRD",
    title="Third party's opinion on an information request",
    title_zh="第三方对信息公开提出意见",
    length=15,
    unit=Unit.WORKING_DAY,
    bound=Bound.PARTY,
    starts="the third party received the letter asking for its opinion",
    starts_zh="第三方收到征求意见书",
    on_expiry="the organ decides without it",
    on_expiry_zh="由行政机关依法决定是否公开",
    basis=(INFORMATION.art(32),),
)
PO72 = Period(
    code="PO72",
    title="Protection order",
    title_zh="人身安全保护令",
    length=72,
    unit=Unit.HOUR,
    starts="the court accepted the application",
    starts_zh="人民法院受理申请",
    roll=False,
    basis=(DOMESTIC_VIOLENCE.art(28),),
)
PO24 = Period(
    code="PO24",
    title="Protection order, urgent",
    title_zh="人身安全保护令（情况紧急）",
    length=24,
    unit=Unit.HOUR,
    starts="the court accepted the application",
    starts_zh="人民法院受理申请",
    roll=False,
    basis=(DOMESTIC_VIOLENCE.art(28),),
)

PERIODS = (MED, CONF, CONF_RULING, CONF_REVOKE, MEDICAL, INFO, INFO_FIX, INFO_THIRD, PO72, PO24)
