"""The rules that grade one dispute, as data: the reader of this file answers for them.

Plain Python. The reference page is generated from here. A change is a new ``RuleSet`` with its own
date, never an edit of one that has graded a case: every stored grade names its version.
"""

from collections.abc import Mapping
from datetime import date

from mediation.deadlines.words import Said
from mediation.warning.conditions import (
    AtLeast,
    Between,
    Either,
    Every,
    OneOf,
    Unknown,
    Yes,
)
from mediation.warning.reactions import REACTIONS
from mediation.warning.ruleset import Factor, RuleSet, Weight, counted, flagged

# Grave signs -------------------------------------------------------------------------------------

HARD: Mapping[str, str] = {
    "H1": "weapon_used",
    "H2": "injury",
    "H3": "death_threat",
    "H4": "self_harm",
    "H5": "dangerous_goods",
    "H6": "ongoing_mass_event",
    "H7": "vulnerable_victim",
    "H8": "strangulation_or_confinement",
    "H9": "protection_order_breach",
}

THREAT_OR_PUSH = Either((Yes("physical_push"), Yes("verbal_threat")))

# What may become a public order or criminal case is reported to the police at once.
_REPORT = Said("People's Mediation Law, art. 25", "《中华人民共和国人民调解法》第25条")
_NO_CROWDS = Said("Regulations on Petition Work, art. 26(1)", "《信访工作条例》第26条第1项")
_REPRESENTATIVES = Said("Regulations on Petition Work, art. 20", "《信访工作条例》第20条")
_MINORS = Said("Law on the Protection of Minors, art. 11", "《中华人民共和国未成年人保护法》第11条")


def _home(en: str, zh: str) -> Said:
    return Said(f"Anti-Domestic Violence Law, {en}", f"《中华人民共和国反家庭暴力法》{zh}")


TRIGGERS = (
    Factor("H1", "持械或使用凶器", "weapon shown or used", "red", Yes(HARD["H1"]), "B", (_REPORT,)),
    Factor("H2", "已造成人身伤害", "somebody was hurt", "red", Yes(HARD["H2"]), "B", (_REPORT,)),
    Factor(
        "H3",
        "扬言杀人、报复或同归于尽",
        "threat to kill, to take revenge or to die together",
        "red",
        Yes(HARD["H3"]),
        "B",
        (_REPORT,),
    ),
    Factor(
        "H4", "自杀自残言行", "words or acts of self-harm", "red", Yes(HARD["H4"]), "B", (_REPORT,)
    ),
    Factor(
        "H5",
        "携带或扬言使用汽油、爆炸、有毒等危险物品",
        "petrol, explosives, poison or gas at hand or threatened",
        "red",
        Yes(HARD["H5"]),
        "C",
        (_REPORT,),
    ),
    Factor(
        "H6",
        "正在发生的群体聚集(或涉及30人及以上)",
        "a crowd gathering now, or 30 people or more",
        "red",
        Either((Yes(HARD["H6"]), AtLeast("people_involved", 30))),
        "C",
        (_REPORT, _NO_CROWDS),
    ),
    Factor(
        "H7",
        "未成年人、老年人、孕妇、残疾人正受侵害",
        "a minor, an elderly, pregnant or disabled person is being harmed",
        "red",
        Yes(HARD["H7"]),
        "C",
        (_MINORS, _home("art. 14", "第14条")),
    ),
    Factor(
        "H8",
        "掐颈、捆绑或限制人身自由",
        "strangling, tying up or locking in",
        "red",
        Yes(HARD["H8"]),
        "B",
        (_REPORT, _home("art. 2", "第2条")),
    ),
    Factor(
        "H9",
        "违反人身安全保护令或告诫书",
        "a protection order or warning letter was broken",
        "red",
        Yes(HARD["H9"]),
        "B",
        (_home("arts. 16, 17, 34", "第16条、第17条、第34条"),),
    ),
    Factor(
        "H10",
        "90天内报警3次及以上且有威胁或冲突",
        "three or more police calls in 90 days with threat or pushing",
        "red",
        Every((AtLeast("police_calls_90d", 3), THREAT_OR_PUSH)),
        "B",
        (_REPORT,),
    ),
)

# Floors ------------------------------------------------------------------------------------------

FLOORS = (
    Factor(
        "F1",
        "再次纠纷且有肢体冲突",
        "pushing in a repeated dispute",
        "orange",
        Every((Yes("physical_push"), AtLeast("same_party_prior_365d", 1))),
        "B",
    ),
    Factor(
        "F2",
        "婚姻家庭类一年内报警2次及以上",
        "family dispute with two or more police calls in a year",
        "orange",
        Every((OneOf("category", ("marriage_family",)), AtLeast("police_calls_365d", 2))),
        "B",
    ),
    Factor(
        "F3", "涉及10人及以上", "10 people or more", "orange", AtLeast("people_involved", 10), "C"
    ),
    Factor(
        "F4",
        "同一当事人一年内第4次及以上且90天内复发",
        "fourth dispute of the same parties in a year, the latest within 90 days",
        "orange",
        Every((AtLeast("same_party_prior_365d", 3), Between("same_party_last_days", 0, 90))),
        "A",
    ),
    Factor(
        "F5",
        "调解失败2次及以上且有威胁或冲突",
        "two or more failed mediations with threat or pushing",
        "orange",
        Every((AtLeast("failed_mediations", 2), THREAT_OR_PUSH)),
        "B",
    ),
    Factor(
        "F6",
        "春节前45天内5人及以上欠薪",
        "unpaid wages of five or more people within 45 days before Spring Festival",
        "orange",
        Every(
            (
                OneOf("category", ("labor_wage",)),
                AtLeast("people_involved", 5),
                Between("days_to_spring_festival", 0, 45),
            )
        ),
        "C",
    ),
    Factor(
        "F7",
        "亲密关系中的跟踪纠缠",
        "stalking in an intimate relation",
        "orange",
        Every((Yes("stalking"), Yes("intimate_relation"))),
        "B",
        (_home("art. 29", "第29条"),),
    ),
    Factor(
        "F8",
        "处于红色聚集预警中",
        "inside a red cluster",
        "orange",
        OneOf("cluster_tier", ("red",)),
        "A",
    ),
    Factor(
        "F9",
        "90天内报警3次及以上",
        "three or more police calls in 90 days",
        "orange",
        AtLeast("police_calls_90d", 3),
        "B",
    ),
    Factor(
        "Y1",
        "红线问题尚未核实",
        "a grave sign is not yet verified",
        "yellow",
        Either(tuple(Unknown(flag) for flag in HARD.values())),
        "C",
    ),
    Factor(
        "Y2",
        "涉及5人及以上",
        "five people or more",
        "yellow",
        AtLeast("people_involved", 5),
        "C",
        (_REPRESENTATIVES,),
    ),
    Factor(
        "Y3",
        "处于橙色聚集预警中",
        "inside an orange cluster",
        "yellow",
        OneOf("cluster_tier", ("orange",)),
        "A",
    ),
)

# Points ------------------------------------------------------------------------------------------

WEIGHTS = (
    counted(
        "A1",
        "same_party_prior_365d",
        {1: 6, 2: 10, 3: 14, 4: 18},
        "A",
        zh="同一当事人一年内曾发生纠纷",
        en="earlier disputes of the same parties within a year",
    ),
    Weight(
        "A2",
        "上次纠纷距今较近",
        "the last one was recent",
        tuple(
            (
                points,
                Every(
                    (AtLeast("same_party_prior_365d", 1), Between("same_party_last_days", 0, days))
                ),
            )
            for points, days in ((5, 30), (3, 90))
        ),
        "A",
    ),
    counted(
        "A3",
        "police_calls_365d",
        {1: 5, 2: 9, 3: 13},
        "A",
        zh="一年内报警记录",
        en="police calls within a year",
    ),
    counted(
        "A4",
        "failed_mediations",
        {1: 5, 2: 10},
        "B",
        zh="调解失败或反悔",
        en="failed or broken mediation",
    ),
    counted(
        "A5",
        "unresolved_days",
        {31: 3, 181: 6, 731: 9},
        "B",
        zh="纠纷持续时间长",
        en="the dispute has lasted long",
    ),
    flagged("B1", "physical_push", 12, "B", zh="肢体推搡", en="pushing"),
    flagged("B2", "verbal_threat", 6, "B", zh="言语威胁或辱骂恐吓", en="threats or abuse in words"),
    flagged("B3", "stalking", 8, "B", zh="跟踪纠缠骚扰", en="stalking or harassing"),
    flagged("B4", "escalating", 6, "B", zh="言行较上次升级", en="worse than the time before"),
    flagged("B5", "alcohol", 4, "B", zh="涉酒", en="alcohol involved"),
    flagged(
        "B6",
        "despair_loss",
        6,
        "C",
        zh="近期重大失意且本人流露绝望",
        en="a recent great loss and own words of despair",
    ),
    flagged(
        "C1",
        "vulnerable_present",
        4,
        "B",
        zh="有需特别保护的家庭成员在场",
        en="a family member in need of protection was present",
    ),
    flagged(
        "C2", "intimate_relation", 5, "B", zh="婚恋或亲密关系", en="marriage or intimate relation"
    ),
    flagged(
        "C3",
        "unavoidable_contact",
        3,
        "B",
        zh="双方无法避免接触",
        en="the parties cannot avoid each other",
    ),
    counted(
        "D1",
        "people_involved",
        {3: 2, 5: 5, 10: 10, 30: 15},
        "C",
        zh="涉及人数",
        en="number of people involved",
    ),
    counted(
        "D2",
        "amount_to_income",
        {0.5: 3, 2: 6, 10: 8},
        "C",
        zh="金额占当地人均年收入比例高",
        en="amount high against a local year's income",
    ),
    flagged("D3", "livelihood", 5, "B", zh="关系基本生计", en="basic livelihood at stake"),
    Weight(
        "D4",
        "土地、宅基地或征拆",
        "land, homestead or demolition",
        ((4, OneOf("category", ("land_house", "demolition"))),),
        "B",
    ),
    flagged("D5", "cross_jurisdiction", 4, "C", zh="跨辖区", en="across administrative borders"),
    flagged("D6", "online_spread", 5, "C", zh="网络传播扩散", en="spreading online"),
    flagged("D7", "organising_group", 6, "C", zh="串联聚集", en="a gathering is being organised"),
    Weight(
        "E1",
        "春节前60天欠薪",
        "unpaid wages within 60 days before Spring Festival",
        (
            (
                6,
                Every(
                    (
                        OneOf("category", ("labor_wage",)),
                        Between("days_to_spring_festival", 0, 60),
                    )
                ),
            ),
        ),
        "C",
    ),
    Weight(
        "E2",
        "处于聚集预警中",
        "inside a cluster alert",
        tuple(
            (points, OneOf("cluster_tier", (tier,)))
            for points, tier in ((10, "red"), (6, "orange"), (3, "yellow"))
        ),
        "A",
    ),
    counted(
        "E3",
        "near_repeat_90d",
        {1: 2, 2: 4},
        "A",
        zh="同一地址近期有他人纠纷",
        en="recent disputes of others at the same address",
    ),
    flagged("P1", "signed_agreement", -4, "C", zh="已签调解协议", en="mediation agreement signed"),
    flagged("P2", "performed", -6, "C", zh="协议已履行", en="agreement performed"),
)

COUNTED_FLAGS = frozenset(
    condition.fact
    for weight in WEIGHTS
    for _, condition in weight.steps
    if isinstance(condition, Yes)
)

CURRENT = RuleSet(
    version="2026.1",
    effective_from=date(2026, 1, 1),
    hard=HARD,
    flags=frozenset(HARD.values()) | COUNTED_FLAGS,
    triggers=TRIGGERS,
    floors=FLOORS,
    weights=WEIGHTS,
    cuts=((50, "red"), (30, "orange"), (15, "yellow"), (0, "blue")),
    reactions=REACTIONS,
    call_now=frozenset({"H1", "H2", "H3", "H4", "H5", "H8"}),
)
