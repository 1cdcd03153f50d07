"""Which nodes must be open in which status: the invariant between the two machines."""

from mediation.accounts.models import Role
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.reconsideration.states import ENDED, OWN_DUTY, OWN_REPLY, RUNNING
from mediation.reconsideration.states import State as RC

NODE_OF: dict[str, str] = {
    S.REGISTERED: "assess",
    S.ASSESSED: "triage",
    S.CONSENT_PENDING: "seek_consent",
    S.ACCEPTED: "mediate",
    S.MEDIATING: "mediate",
    S.PAUSED: "mediate",
    S.AGREED: "sign",
    S.PERFORMING: "supervise_performance",
    S.BREACHED: "supervise_performance",
    S.MEDIATION_ENDED: "choose_channel",
    S.RECONSIDERING: "reconsider",
    S.REFERRED: "handle_referral",
    S.SPLIT: "await_children",
    S.CLOSE_REVIEW: "review_closure",
}

# By the position of the track: its phase, and whether the office itself is asked as respondent.
RC_NODE_OF: dict[str, str] = {
    RC.ADVISED: "advise",
    RC.FILED: "follow_acceptance",
    RC.CORRECTION: "follow_acceptance",
    **dict.fromkeys([*RUNNING, RC.SUSPENDED], "follow_review"),
    OWN_REPLY: "answer_copy",
    RC.DECIDED: "follow_service",
    OWN_DUTY: "perform_decision",
    **dict.fromkeys(ENDED, "wind_up"),
}

# Who is asked when a node opens. Mediators' nodes go to the named mediator of the case.
ROLE_OF: dict[str, Role] = {
    "assess": Role.CENTRE_STAFF,
    "triage": Role.CENTRE_STAFF,
    "seek_consent": Role.MEDIATOR,
    "mediate": Role.MEDIATOR,
    "sign": Role.MEDIATOR,
    "supervise_performance": Role.MEDIATOR,
    "choose_channel": Role.CENTRE_STAFF,
    "handle_referral": Role.CENTRE_STAFF,
    "await_children": Role.CENTRE_STAFF,
    "review_closure": Role.JUSTICE_STAFF,
    "follow_up": Role.GRID_WORKER,
    "archive": Role.JUSTICE_STAFF,
    "advise": Role.CENTRE_STAFF,
    "follow_acceptance": Role.RECONSIDERATION_CLERK,
    "follow_review": Role.RECONSIDERATION_CLERK,
    "answer_copy": Role.JUSTICE_STAFF,
    "follow_service": Role.RECONSIDERATION_CLERK,
    "perform_decision": Role.JUSTICE_STAFF,
    "wind_up": Role.CENTRE_STAFF,
    "see_alert": Role.LEADER,
    "set_measure": Role.LEADER,
    "carry_out": Role.LEADER,
}


def main_node(dispute: Dispute) -> str | None:
    """The node of the main flow that must be open now, or nothing once the case has ended."""
    if dispute.status == S.CLOSED:
        return "follow_up" if dispute.visits_left else "archive"
    return NODE_OF.get(dispute.status)


def open_nodes(dispute: Dispute, rc_status: str | None) -> dict[str, str]:
    """Lane → node that must be open. ``rc_status``: position of the linked track while it matters."""
    nodes = {}
    if (node := main_node(dispute)) is not None:
        nodes["main"] = node
    if dispute.status == S.RECONSIDERING and rc_status is not None:
        nodes["rc"] = RC_NODE_OF[rc_status]
    return nodes
