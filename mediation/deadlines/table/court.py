"""Courts: delegated and commissioned mediation, the online platform, docket, trial, enforcement."""

from mediation.deadlines.period import Bound, Extension, Period, Unit
from mediation.deadlines.table.laws import (
    CIVIL_PROCEDURE,
    INVITED_MEDIATION,
    ONLINE_MEDIATION,
)

BOTH_AGREE = Extension(None, "both parties agree", "双方当事人同意")

COURT_PRE = Period(
    code="COURT_PRE",
    title="Court delegation before docketing",
    title_zh="立案前委派调解",
    length=30,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the mediator signed for the court's papers or confirmed on the platform",
    starts_zh="签字接收法院移交材料或者在平台确认接受委派",
    stops="the time of an appraisal (Online Mediation Rules)",
    stops_zh="鉴定时间不计入（在线调解规则）",
    may_extend=BOTH_AGREE,
    on_expiry="the mediation ends; report in writing and return the papers",
    on_expiry_zh="终止调解，书面报告法院并移送材料",
    basis=(INVITED_MEDIATION.art(27), ONLINE_MEDIATION.art(24)),
)
COURT_POST = Period(
    code="COURT_POST",
    title="Court commission after docketing, ordinary procedure",
    title_zh="立案后委托调解（普通程序）",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the mediator signed for the court's papers or confirmed on the platform",
    starts_zh="签字接收法院移交材料或者在平台确认接受委托",
    stops="the time of an appraisal (Online Mediation Rules)",
    stops_zh="鉴定时间不计入（在线调解规则）",
    may_extend=BOTH_AGREE,
    on_expiry="the case returns to trial",
    on_expiry_zh="转入审判程序审理",
    basis=(INVITED_MEDIATION.art(27), ONLINE_MEDIATION.art(24)),
)
COURT_SUMMARY = Period(
    code="COURT_SUMMARY",
    title="Court commission after docketing, summary procedure",
    title_zh="立案后委托调解（简易程序）",
    length=7,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the mediator signed for the court's papers or confirmed on the platform",
    starts_zh="签字接收法院移交材料或者在平台确认接受委托",
    stops="the time of an appraisal (Online Mediation Rules)",
    stops_zh="鉴定时间不计入（在线调解规则）",
    may_extend=BOTH_AGREE,
    on_expiry="the case returns to trial",
    on_expiry_zh="转入审判程序审理",
    basis=(INVITED_MEDIATION.art(27), ONLINE_MEDIATION.art(24)),
)
ONLINE_CHOOSE = Period(
    code="ONLINE_CHOOSE",
    title="Online mediation: joint choice of the mediator",
    title_zh="在线调解：共同选择调解员",
    length=2,
    unit=Unit.WORKING_DAY,
    bound=Bound.PARTY,
    starts="both parties agreed to mediate online",
    starts_zh="双方同意在线调解",
    on_expiry="the court appoints the mediator",
    on_expiry_zh="由人民法院指定",
    basis=(ONLINE_MEDIATION.art(10, paragraph=2),),
)
ONLINE_ASSIGN = Period(
    code="ONLINE_ASSIGN",
    title="Online mediation: appointment by the court",
    title_zh="在线调解：法院指定调解员",
    length=3,
    unit=Unit.WORKING_DAY,
    starts="the court received the application",
    starts_zh="人民法院收到在线调解申请",
    basis=(ONLINE_MEDIATION.art(10, paragraph=3),),
)
ONLINE_ACCEPT = Period(
    code="ONLINE_ACCEPT",
    title="Online mediation: confirmation by the mediator",
    title_zh="在线调解：调解员确认接受",
    length=3,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the mediator received the court's message or the application",
    starts_zh="收到委派委托调解信息或者调解申请",
    on_expiry="court and parties may name somebody else",
    on_expiry_zh="人民法院、当事人可以重新指定或者选定",
    basis=(ONLINE_MEDIATION.art(12),),
)
ONLINE_ASK = Period(
    code="ONLINE_ASK",
    title="Online mediation: asking the other side",
    title_zh="在线调解：征询对方意愿",
    length=3,
    unit=Unit.WORKING_DAY,
    bound=Bound.US,
    starts="the mediator accepted the delegation",
    starts_zh="接受人民法院委派调解",
    basis=(ONLINE_MEDIATION.art(15, paragraph=1),),
)
COURT_DOCKET = Period(
    code="COURT_DOCKET",
    title="Docketing or refusing a suit",
    title_zh="立案或者裁定不予受理",
    length=7,
    unit=Unit.CALENDAR_DAY,
    starts="the court received the complaint",
    starts_zh="人民法院收到起诉状",
    basis=(CIVIL_PROCEDURE.art(126),),
)
OBSTACLE = Period(
    code="OBSTACLE",
    title="Application to extend a term of the court after an obstacle",
    title_zh="障碍消除后申请顺延诉讼期限",
    length=10,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the obstacle ended",
    starts_zh="障碍消除",
    on_expiry="the term is not extended",
    on_expiry_zh="不再顺延",
    basis=(CIVIL_PROCEDURE.art(86),),
)
NOTICE_SERVICE = Period(
    code="NOTICE_SERVICE",
    title="Service by public notice",
    title_zh="公告送达",
    length=30,
    unit=Unit.CALENDAR_DAY,
    starts="the notice was published",
    starts_zh="发出公告",
    on_expiry="the paper counts as served",
    on_expiry_zh="视为送达",
    basis=(CIVIL_PROCEDURE.art(95),),
)
TRIAL = Period(
    code="TRIAL",
    title="Civil trial, ordinary procedure",
    title_zh="民事一审（普通程序）",
    length=6,
    unit=Unit.MONTH,
    starts="the case was docketed",
    starts_zh="立案",
    may_extend=Extension(6, "the president of the court approves", "经本院院长批准"),
    basis=(CIVIL_PROCEDURE.art(152),),
)
TRIAL_SUMMARY = Period(
    code="TRIAL_SUMMARY",
    title="Civil trial, summary procedure",
    title_zh="民事一审（简易程序）",
    length=3,
    unit=Unit.MONTH,
    starts="the case was docketed",
    starts_zh="立案",
    may_extend=Extension(1, "the president of the court approves", "经本院院长批准"),
    basis=(CIVIL_PROCEDURE.art(164),),
)
ENFORCE = Period(
    code="ENFORCE",
    title="Application for enforcement",
    title_zh="申请强制执行",
    length=2,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the last day for performance passed (instalments: of the last one)",
    starts_zh="履行期间届满（分期履行的，最后一期届满）",
    stops="suspension and interruption as for the limitation of actions",
    stops_zh="适用诉讼时效中止、中断的规定",
    on_expiry="the claim can no longer be enforced if the debtor objects",
    on_expiry_zh="被执行人提出时效异议的，不予强制执行",
    basis=(CIVIL_PROCEDURE.art(250),),
)

PERIODS = (
    *(COURT_PRE, COURT_POST, COURT_SUMMARY),
    *(ONLINE_CHOOSE, ONLINE_ASSIGN, ONLINE_ACCEPT, ONLINE_ASK),
    *(COURT_DOCKET, OBSTACLE, NOTICE_SERVICE, TRIAL, TRIAL_SUMMARY, ENFORCE),
)
