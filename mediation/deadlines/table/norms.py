"""Rules of procedure that stand beside the periods and have no length of their own.

They carry the numbers under which the house knows them, so that a reader of the table misses none.
"""

from dataclasses import dataclass

from mediation.deadlines.period import Article
from mediation.deadlines.table.laws import (
    LABOUR,
    LABOUR_RULES,
    MIGRANT_WAGES,
    PETITION,
    RECONSIDERATION_RULES,
)
from mediation.deadlines.words import Said


@dataclass(frozen=True, slots=True)
class Norm:
    """A rule without a length, and its article."""

    code: str
    rule: Said
    basis: Article


NORMS = (
    Norm(
        "R01S",
        Said(
            "Start of R01: an act made on the spot, its day; direct service, the day of signing; post, the "
            "day on the receipt; public notice, the end of the notice; a later notice, its receipt; "
            "otherwise the day on which knowledge can be proved.",
            "R01起算：当场作出的，自作出之日；直接送达的，自签收之日；邮寄送达的，自收件签收之日；"
            "公告送达的，自公告期满之日；事后补充告知的，自收到补充告知之日；能够证明知道的，自证明知道之日。",
        ),
        RECONSIDERATION_RULES.art(15),
    ),
    Norm(
        "X11",
        Said(
            "After the re-review the same facts and reasons are no longer accepted.",
            "对复核意见不服，仍以同一事实和理由投诉请求的，不再受理。",
        ),
        PETITION.art(36),
    ),
    Norm(
        "X12",
        Said(
            "A group that visits chooses at most five representatives.",
            "多人走访的，应当推选代表，代表人数不得超过5人。",
        ),
        PETITION.art(20),
    ),
    Norm(
        "X13",
        Said(
            "What a body has accepted or is handling, a higher body does not accept.",
            "已经受理或者正在办理的信访事项，在规定期限内向上级提出的，上级不予受理。",
        ),
        PETITION.art(19),
    ),
    Norm(
        "X14",
        Said(
            "Matters of litigation, arbitration and reconsideration are led into those procedures.",
            "应当通过诉讼、仲裁、行政复议等途径解决的，依照规定导入相应程序处理。",
        ),
        PETITION.art(31),
    ),
    Norm(
        "X15",
        Said(
            "A mediation or settlement inside a petition is put into a written agreement.",
            "办理中调解、和解达成协议的，应当制作调解协议书或者和解协议书。",
        ),
        PETITION.art(33),
    ),
    Norm(
        "X16",
        Said(
            "Urgent or major petitions and news are reported at once, with measures against their spread.",
            "重大、紧急信访事项和信息应当立即报告，并采取措施防止不良影响的产生、扩大。",
        ),
        PETITION.art(25),
    ),
    Norm(
        "X17",
        Said(
            "Bodies are supervised by talks, circulars, listed supervision and correction within a term.",
            "督办方式包括约谈、通报、挂牌督办、责令限期整改等。",
        ),
        PETITION.art(39),
    ),
    Norm(
        "X18",
        Said(
            "Leaders receive visitors, visit down and take charge of cases.",
            "领导干部应当阅办群众来信、接待来访、定期下访、包案化解。",
        ),
        PETITION.art(18),
    ),
    Norm(
        "X19",
        Said(
            "A subdistrict may hold its own joint meeting on petitions.",
            "乡镇、街道可以建立信访工作联席会议机制。",
        ),
        PETITION.art(13),
    ),
    Norm(
        "L02",
        Said(
            "A mediation agreement is signed or sealed by both sides and signed by the mediator, with the "
            "seal of the mediation body.",
            "调解协议书由双方签名或者盖章，经调解员签名并加盖调解组织印章后生效。",
        ),
        LABOUR.art(14),
    ),
    Norm(
        "L03",
        Said(
            "If one side does not perform the agreement in its term, the other may apply for arbitration.",
            "一方在协议约定期限内不履行的，另一方可以依法申请仲裁。",
        ),
        LABOUR.art(15),
    ),
    Norm(
        "L04",
        Said(
            "For agreed wages, medical costs of an injury or compensation the worker may ask the court for a "
            "payment order (L12).",
            "因支付拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金事项达成协议而不履行的，"
            "劳动者可以申请支付令（L12）。",
        ),
        LABOUR.art(16),
    ),
    Norm(
        "L10",
        Said(
            "Ten or more workers with a common claim may choose representatives.",
            "劳动者一方在十人以上并有共同请求的，可以推举代表参加。",
        ),
        LABOUR.art(7),
    ),
    Norm(
        "L11",
        Said(
            "In arbitration three, five and ten days are working days, fifteen and forty-five calendar days.",
            "仲裁办案规则中“三日”“五日”“十日”指工作日，“十五日”“四十五日”指自然日。",
        ),
        LABOUR_RULES.art(78),
    ),
    Norm(
        "L13",
        Said(
            "The subdistrict screens for wage arrears of migrant workers and mediates them.",
            "街道应当加强拖欠农民工工资矛盾的排查和调处。",
        ),
        MIGRANT_WAGES.art(4),
    ),
)
BY_CODE = {norm.code: norm for norm in NORMS}
