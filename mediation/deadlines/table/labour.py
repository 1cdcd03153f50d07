"""Labour disputes: L01 to L12. In arbitration 3, 5 and 10 days are working days (rules art. 78)."""

from mediation.deadlines.period import Bound, Extension, Period, Unit
from mediation.deadlines.table.laws import CIVIL_PROCEDURE, LABOUR, LABOUR_RULES

L01 = Period(
    code="L01",
    title="Mediation of a labour dispute",
    title_zh="劳动争议调解",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.US,
    starts="the mediation body received the application",
    starts_zh="调解组织收到调解申请",
    on_expiry="without an agreement either side may apply for arbitration",
    on_expiry_zh="未达成调解协议的，当事人可以申请仲裁",
    basis=(LABOUR.art(14, paragraph=3),),
)
L05 = Period(
    code="L05",
    title="Limitation of labour arbitration",
    title_zh="劳动仲裁时效",
    length=1,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the party knew or should have known that the right was infringed "
    "(a claim, a request for relief or the debtor's consent starts it anew)",
    starts_zh="知道或者应当知道权利被侵害（主张权利、请求救济或者对方同意履行的，重新计算）",
    stops="force majeure or another proper reason (art. 27(3))",
    stops_zh="不可抗力或者其他正当理由（第27条第3款）",
    on_expiry="the claim is out of time",
    on_expiry_zh="超过仲裁时效",
    basis=(LABOUR.art(27, paragraph=1), LABOUR.art(27, paragraph=2)),
)
L05A = Period(
    code="L05A",
    title="Limitation for wage arrears after employment ended",
    title_zh="劳动关系终止后追索劳动报酬的仲裁时效",
    length=1,
    unit=Unit.YEAR,
    bound=Bound.PARTY,
    starts="the employment ended (arrears during employment are not limited)",
    starts_zh="劳动关系终止（存续期间不受时效限制）",
    on_expiry="the claim is out of time",
    on_expiry_zh="超过仲裁时效",
    basis=(LABOUR.art(27, paragraph=4),),
)
L06 = Period(
    code="L06",
    title="Acceptance of labour arbitration",
    title_zh="劳动仲裁受理",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the arbitration commission received the application",
    starts_zh="仲裁委员会收到仲裁申请",
    on_expiry="the applicant may sue",
    on_expiry_zh="逾期未作出决定的，申请人可以起诉",
    basis=(LABOUR.art(29), LABOUR_RULES.art(78)),
)
L07 = Period(
    code="L07",
    title="Serving the arbitration application on the respondent",
    title_zh="送达仲裁申请书副本",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the arbitration application was accepted",
    starts_zh="受理仲裁申请",
    basis=(LABOUR.art(30, paragraph=1), LABOUR_RULES.art(78)),
)
L07A = Period(
    code="L07A",
    title="Respondent's answer in labour arbitration",
    title_zh="被申请人答辩",
    length=10,
    unit=Unit.WORKING_DAY,
    bound=Bound.PARTY,
    starts="the respondent received the copy of the application",
    starts_zh="被申请人收到仲裁申请书副本",
    on_expiry="the procedure goes on without the answer",
    on_expiry_zh="未答辩的，不影响仲裁程序进行",
    basis=(LABOUR.art(30, paragraph=2), LABOUR_RULES.art(78)),
)
L07B = Period(
    code="L07B",
    title="Serving the answer on the applicant",
    title_zh="送达答辩书副本",
    length=5,
    unit=Unit.WORKING_DAY,
    starts="the arbitration commission received the answer",
    starts_zh="仲裁委员会收到答辩书",
    basis=(LABOUR.art(30, paragraph=2), LABOUR_RULES.art(78)),
)
L08 = Period(
    code="L08",
    title="Labour arbitration award",
    title_zh="作出劳动仲裁裁决",
    length=45,
    unit=Unit.CALENDAR_DAY,
    starts="the arbitration application was accepted",
    starts_zh="受理仲裁申请",
    may_extend=Extension(
        15,
        "the director of the commission approves and the parties are told in writing",
        "经仲裁委员会主任批准并书面通知当事人",
    ),
    on_expiry="the parties may sue",
    on_expiry_zh="逾期未裁决的，当事人可以起诉",
    basis=(LABOUR.art(43, paragraph=1), LABOUR_RULES.art(78)),
)
L09 = Period(
    code="L09",
    title="Suit against the labour award (not the employer against a final award)",
    title_zh="不服劳动仲裁裁决起诉（终局裁决用人单位除外）",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the party received the award",
    starts_zh="收到仲裁裁决书",
    on_expiry="the award takes legal effect",
    on_expiry_zh="裁决书发生法律效力",
    basis=(LABOUR.art(48), LABOUR.art(50)),
)
L12 = Period(
    code="L12",
    title="Payment order: issue by the court",
    title_zh="发出支付令",
    length=15,
    unit=Unit.CALENDAR_DAY,
    starts="the court accepted the application",
    starts_zh="人民法院受理支付令申请",
    basis=(CIVIL_PROCEDURE.art(227, paragraph=1), LABOUR.art(16)),
)
L12A = Period(
    code="L12A",
    title="Payment order: payment or objection of the debtor",
    title_zh="债务人清偿或者提出书面异议",
    length=15,
    unit=Unit.CALENDAR_DAY,
    bound=Bound.PARTY,
    starts="the debtor received the payment order",
    starts_zh="债务人收到支付令",
    on_expiry="the creditor may apply for enforcement",
    on_expiry_zh="债权人可以申请执行",
    basis=(CIVIL_PROCEDURE.art(227, paragraph=2), CIVIL_PROCEDURE.art(227, paragraph=3)),
)

PERIODS = (L01, L05, L05A, L06, L07, L07A, L07B, L08, L09, L12, L12A)
