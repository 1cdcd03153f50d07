"""The paper side of a case that ends in the archive: issued papers, photographs, signatures."""

from typing import Any

from mediation.jobs.seed.exhibits import CodeOf, LatestMeeting, Photo, SignedPage, signature
from mediation.jobs.seed.tale import Tale

SOURCE = {"scene": "现场拍摄", "table": "调解员拍摄", "receipt": "当事人提交"}
NOTE = {"scene": "现场情况", "table": "调解现场", "receipt": "履行凭证（收条）"}
SLOT = {"scene": "evidence", "table": "session", "receipt": "performance"}


def issue(tale: Tale, *kinds: str) -> None:
    if tale.filed:
        for kind in kinds:
            tale.aside(tale.team.mediator, "issue_document", kind=kind)


def bring(tale: Tale, motif: str, **told: str) -> None:
    """A photograph goes into the file."""
    if tale.filed:
        picture = Photo(motif, len(tale.steps), told, tale.today)
        tale.aside(
            tale.team.mediator,
            "attach_file",
            upload=picture,
            slot=SLOT[motif],
            note=NOTE[motif],
            source=SOURCE[motif],
        )


def recorded(tale: Tale) -> None:
    """A photograph is taken, and everybody who was there signs the record on the screen."""
    if not tale.filed:
        return
    bring(tale, "table")
    signers: list[dict[str, Any]] = [{"who": "party", "ordinal": n} for n in tale.asked[:4]]
    for signer in [*signers, {"who": "mediator"}, {"who": "recorder"}]:
        tale.aside(
            tale.team.mediator,
            "sign_on_screen",
            what="meeting",
            meeting=LatestMeeting(),
            **signer,
            **signature(tale.rng),
        )
    issue(tale, "d6")


def sign_by_hand(tale: Tale, *kinds: str) -> None:
    """The papers are issued, signed on paper, and the signed page is photographed into its place."""
    if not tale.filed:
        return
    for kind in kinds:
        issue(tale, kind)
        tale.aside(
            tale.team.mediator,
            "attach_file",
            upload=SignedPage(kind),
            slot="signed",
            paper=CodeOf(kind),
        )


def words(tale: Tale, said: str) -> list[dict[str, str]]:
    """A session as it is taken down, speaker by speaker."""
    first, last = tale.asked[0], tale.asked[-1]
    return [
        {
            "who": "m",
            "text": "现在告知各方当事人在调解中的权利和义务。各方是否听清，是否申请回避？",
        },
        {"who": f"p{first}", "text": "听清了，不申请回避。"},
        {"who": f"p{last}", "text": "听清了，不申请回避。"},
        {"who": "m", "text": "请先陈述事实和请求。"},
        {"who": f"p{first}", "text": f"我的请求是：{tale.topic.claim.rstrip('。')}。"},
        {"who": f"p{last}", "text": "事情属实，但责任不全在我，数额可以商量。"},
        {"who": "m", "text": f"向双方讲解相关法律规定。{said}"},
        {"who": f"p{first}", "text": "同意。"},
        {"who": f"p{last}", "text": "同意。以上笔录经宣读，与我所说一致。"},
    ]
