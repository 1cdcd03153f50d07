"""Administrative reconsideration: R01 to R30 (the suits R26 to R28: litigation.py).

Working days are only the law's “three, five, seven, ten days” (art. 88(2)); all other terms
follow the Civil Procedure Law. R03 (an obstacle stops the application clock, art. 20(2)) is R01 with
the obstacle as its pause.
"""

from dataclasses import replace

from mediation.deadlines.period import Bound, Direction, Extension, Period, Unit
from mediation.deadlines.table.laws import (
    RECONSIDERATION,
    RECONSIDERATION_RULES,
)

R01 = Period(
    code="R01",
    title="Application for reconsideration",
    title_zh="申请行政复议",
    length=60,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the applicant knew or should have known the administrative act",
    starts_zh="知道或者应当知道行政行为",
    stops="an obstacle (force majeure or another proper reason); the rest runs on once it is gone "
    "(art. 20(2)). Mediation does not stop it",
    stops_zh="不可抗力或者其他正当理由（第20条第2款），障碍消除后继续计算；调解不停止计算",
    on_expiry="the application is out of time and is not accepted",
    on_expiry_zh="超过申请期限，不予受理",
    basis=(RECONSIDERATION.art(20, paragraph=1),),
)
R02 = Period(
    code="R02",
    title="Application when the act gave no notice of the remedy: outer limit",
    title_zh="未告知复议权利时的最长申请期限",
    length=1,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the applicant knew or should have known the content of the act",
    starts_zh="知道或者应当知道行政行为内容",
    on_expiry="the application is out of time and is not accepted",
    on_expiry_zh="超过最长申请期限，不予受理",
    basis=(RECONSIDERATION.art(20, paragraph=3),),
)
R03 = replace(
    R01,
    code="R03",
    title="Application delayed by an obstacle (its time is a pause)",
    title_zh="因不可抗力等正当理由耽误的复议申请（障碍期间按中止计）",
    basis=(RECONSIDERATION.art(20, paragraph=2),),
)
R04 = Period(
    code="R04",
    title="Absolute limit, immovable property",
    title_zh="不动产复议最长期限",
    length=20,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the administrative act was made",
    starts_zh="作出行政行为",
    on_expiry="the application is not accepted",
    on_expiry_zh="不予受理",
    basis=(RECONSIDERATION.art(21),),
)
R05 = Period(
    code="R05",
    title="Absolute limit, other cases",
    title_zh="其他复议最长期限",
    length=5,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the administrative act was made",
    starts_zh="作出行政行为",
    on_expiry="the application is not accepted",
    on_expiry_zh="不予受理",
    basis=(RECONSIDERATION.art(21),),
)
R06 = Period(
    code="R06",
    title="Acceptance review",
    title_zh="复议申请审查",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the reconsideration organ received the application",
    starts_zh="行政复议机关收到复议申请",
    on_expiry="without a decision the application is deemed accepted",
    on_expiry_zh="未作出不予受理决定的，视为受理",
    basis=(RECONSIDERATION.art(30), RECONSIDERATION.art(88, paragraph=2)),
)
R07 = Period(
    code="R07",
    title="Notice to correct the application",
    title_zh="补正通知",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the reconsideration organ received the application",
    starts_zh="行政复议机关收到复议申请",
    on_expiry="the application is reviewed as it is; all items must have been asked for at once",
    on_expiry_zh="应当一次性书面告知全部补正事项，逾期按现有材料审查",
    basis=(RECONSIDERATION.art(31, paragraph=1), RECONSIDERATION.art(88, paragraph=2)),
)
R08 = Period(
    code="R08",
    title="Correction by the applicant",
    title_zh="申请人补正",
    length=10,
    unit=Unit.WORKING_DAY,
    bound=Bound.PARTY,
    starts="the applicant received the notice to correct",
    starts_zh="申请人收到补正通知",
    may_extend=Extension(
        None,
        "the reconsideration organ grants it for a proper reason",
        "有正当理由，由复议机关合理延长",
    ),
    on_expiry="without a proper reason the application is deemed abandoned",
    on_expiry_zh="无正当理由逾期不补正的，视为放弃申请",
    basis=(RECONSIDERATION.art(31, paragraph=2), RECONSIDERATION.art(88, paragraph=2)),
)
R09 = Period(
    code="R09",
    title="Acceptance review after correction",
    title_zh="补正后的审查",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the reconsideration organ received the corrected papers",
    starts_zh="行政复议机关收到补正材料",
    on_expiry="without a decision the application is deemed accepted",
    on_expiry_zh="未作出不予受理决定的，视为受理",
    basis=(RECONSIDERATION.art(31, paragraph=3), RECONSIDERATION.art(30)),
)
R10 = Period(
    code="R10",
    title="Forwarding by the acting organ that upholds its penalty",
    title_zh="处罚机关转送复议申请",
    length=5,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the organ that imposed the penalty received the application",
    starts_zh="作出处罚决定的行政机关收到复议申请",
    basis=(RECONSIDERATION.art(32, paragraph=2), RECONSIDERATION.art(88, paragraph=2)),
)
R11 = Period(
    code="R11",
    title="Serving the copy, ordinary procedure",
    title_zh="发送申请书副本（普通程序）",
    length=7,
    unit=Unit.WORKING_DAY,
    starts="the application was accepted",
    starts_zh="受理复议申请",
    basis=(RECONSIDERATION.art(48), RECONSIDERATION.art(88, paragraph=2)),
)
R12 = Period(
    code="R12",
    title="Respondent's reply and evidence, ordinary procedure",
    title_zh="被申请人答复和举证（普通程序）",
    length=10,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the respondent received the copy of the application",
    starts_zh="被申请人收到申请书副本",
    on_expiry="the act is treated as having no evidence (art. 70)",
    on_expiry_zh="视为该行政行为没有证据、依据（第70条）",
    basis=(RECONSIDERATION.art(48), RECONSIDERATION.art(88, paragraph=2)),
)
R13 = Period(
    code="R13",
    title="Serving the copy, simplified procedure",
    title_zh="发送申请书副本（简易程序）",
    length=3,
    unit=Unit.WORKING_DAY,
    starts="the application was accepted",
    starts_zh="受理复议申请",
    basis=(RECONSIDERATION.art(54, paragraph=1), RECONSIDERATION.art(88, paragraph=2)),
)
R14 = Period(
    code="R14",
    title="Respondent's reply and evidence, simplified procedure",
    title_zh="被申请人答复和举证（简易程序）",
    length=5,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the respondent received the copy of the application",
    starts_zh="被申请人收到申请书副本",
    on_expiry="the act is treated as having no evidence (art. 70)",
    on_expiry_zh="视为该行政行为没有证据、依据（第70条）",
    basis=(RECONSIDERATION.art(54, paragraph=1), RECONSIDERATION.art(88, paragraph=2)),
)
R15 = Period(
    code="R15",
    title="Hearing notice",
    title_zh="听证通知",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the hearing is held",
    starts_zh="举行听证",
    roll=False,
    direction=Direction.BACKWARD,
    on_expiry="the notice is late; the hearing must be moved",
    on_expiry_zh="通知迟延，应当另定听证日期",
    basis=(RECONSIDERATION.art(51, paragraph=1), RECONSIDERATION.art(88, paragraph=2)),
)
R16 = Period(
    code="R16",
    title="Reconsideration decision, ordinary procedure",
    title_zh="作出复议决定（普通程序）",
    length=60,
    unit=Unit.CALENDAR_DAY,
    starts="the application was accepted",
    starts_zh="受理复议申请",
    stops="correction, site inspection and appraisal (implementing regulation, arts. 29, 34, 37); "
    "suspension (art. 39)",
    stops_zh="补正、现场勘验、鉴定（实施条例第29条、第34条、第37条），中止（第39条）",
    may_extend=Extension(
        30,
        "the head of the reconsideration institution approves and the parties are told in writing",
        "经行政复议机构负责人批准并书面告知当事人",
    ),
    on_expiry="the applicant may turn to the court (R27)",
    on_expiry_zh="申请人可以向人民法院起诉（R27）",
    basis=(RECONSIDERATION.art(62, paragraph=1),),
)
R17 = Period(
    code="R17",
    title="Extension of the decision, ordinary procedure",
    title_zh="延长复议期限（普通程序）",
    length=30,
    unit=Unit.CALENDAR_DAY,
    granted=True,
    stops=R16.stops,
    stops_zh=R16.stops_zh,
    starts="the ordinary term ended (its last day before any move for rest days)",
    starts_zh="原复议期限届满（未顺延前的最后一日）",
    on_expiry="the applicant may turn to the court (R27)",
    on_expiry_zh="申请人可以向人民法院起诉（R27）",
    basis=(RECONSIDERATION.art(62, paragraph=1),),
)
R18 = Period(
    code="R18",
    title="Reconsideration decision, simplified procedure",
    title_zh="作出复议决定（简易程序）",
    length=30,
    unit=Unit.CALENDAR_DAY,
    starts="the application was accepted",
    starts_zh="受理复议申请",
    stops="correction, site inspection and appraisal (implementing regulation, arts. 29, 34, 37); "
    "suspension (art. 39)",
    stops_zh="补正、现场勘验、鉴定（实施条例第29条、第34条、第37条），中止（第39条）",
    on_expiry="there is no extension; convert to the ordinary procedure first (art. 55)",
    on_expiry_zh="不得延长，确需更长时间的应当先转为普通程序（第55条）",
    basis=(RECONSIDERATION.art(62, paragraph=2),),
)
R19 = Period(
    code="R19",
    title="Incidental review of a normative document, own power",
    title_zh="附带审查（有权处理）",
    length=30,
    unit=Unit.CALENDAR_DAY,
    starts="the incidental review began and the case was suspended",
    starts_zh="开始附带审查并中止案件",
    basis=(
        RECONSIDERATION.art(56),
        RECONSIDERATION.art(57),
        RECONSIDERATION.art(39, paragraph=1, item=9),
    ),
)
R20 = Period(
    code="R20",
    title="Incidental review, no power: forwarding",
    title_zh="附带审查（无权处理）转送",
    length=7,
    unit=Unit.WORKING_DAY,
    starts="the reconsideration organ found that it has no power over the document",
    starts_zh="发现无权处理该规范性文件",
    basis=(
        RECONSIDERATION.art(56),
        RECONSIDERATION.art(57),
        RECONSIDERATION.art(88, paragraph=2),
    ),
)
R21 = Period(
    code="R21",
    title="Notice to the maker of the document",
    title_zh="通知文件制定机关",
    length=3,
    unit=Unit.WORKING_DAY,
    starts="the case was suspended",
    starts_zh="行政复议中止",
    basis=(RECONSIDERATION.art(58, paragraph=1), RECONSIDERATION.art(88, paragraph=2)),
)
R22 = Period(
    code="R22",
    title="Written reply of the maker of the document",
    title_zh="制定机关书面答复",
    length=10,
    unit=Unit.WORKING_DAY,
    starts="the maker received the notice",
    starts_zh="制定机关收到书面通知",
    basis=(RECONSIDERATION.art(58, paragraph=1), RECONSIDERATION.art(88, paragraph=2)),
)
R23 = Period(
    code="R23",
    title="Answer of the organ that received the document",
    title_zh="接受转送机关回复处理意见",
    length=60,
    unit=Unit.CALENDAR_DAY,
    starts="the organ received the forwarded document",
    starts_zh="收到转送",
    basis=(RECONSIDERATION.art(60),),
)
R24 = Period(
    code="R24",
    title="Unresolved suspension (applicant's death, incapacity or dissolution)",
    title_zh="中止原因未消除",
    length=60,
    unit=Unit.CALENDAR_DAY,
    starts="the case was suspended under art. 39(1)(1), (2) or (4)",
    starts_zh="依照第39条第1款第1项、第2项、第4项中止",
    on_expiry="the reconsideration is terminated",
    on_expiry_zh="终止行政复议",
    basis=(RECONSIDERATION.art(41, item=5),),
)
R25 = Period(
    code="R25",
    title="Report on the opinion letter",
    title_zh="报送行政复议意见书落实情况",
    length=60,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the organ received the opinion letter",
    starts_zh="收到行政复议意见书",
    basis=(RECONSIDERATION.art(76),),
)
R29 = Period(
    code="R29",
    title="Redoing the act when no term is set",
    title_zh="重新作出行政行为（未规定期限）",
    length=60,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the decision ordered the respondent to act anew",
    starts_zh="责令重新作出行政行为",
    on_expiry="the reconsideration organ orders performance (Reconsideration Law, art. 77)",
    on_expiry_zh="责令限期履行（《行政复议法》第77条）",
    basis=(RECONSIDERATION_RULES.art(49, paragraph=1),),
)
R30 = Period(
    code="R30",
    title="Performance of a duty without a fixed term",
    title_zh="履行法定职责（无履行期限规定）",
    length=60,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the organ received the request to perform its duty",
    starts_zh="行政机关收到履职申请",
    on_expiry="the request may be taken to reconsideration; R01 starts",
    on_expiry_zh="可以申请行政复议，申请期限（R01）自此起算",
    basis=(RECONSIDERATION_RULES.art(16, paragraph=1, item=2),),
)


def _of_others(period: Period) -> Period:
    """The same term where another organ has acted: it is bound then, and nobody here is late."""
    return replace(
        period,
        code=f"{period.code}A",
        title=f"{period.title} (another organ)",
        title_zh=f"{period.title_zh}（其他机关）",
        bound=Bound.ORGAN,
    )


OF_OTHERS = {period.code: _of_others(period) for period in (R10, R12, R14, R25, R29)}
"""By the rule that binds the office where it is the respondent itself."""
# The names under which staff of a respondent look for R25 and R29.
OPINION = replace(R25, code="OPINION")
REDO = replace(R29, code="REDO")

PERIODS = (
    *(R01, R02, R03, R04, R05, R06, R07, R08, R09, R10, R11, R12, R13, R14, R15, R16, R17),
    *(R18, R19, R20, R21, R22, R23, R24, R25, R29, R30, OPINION, REDO),
    *OF_OTHERS.values(),
)
