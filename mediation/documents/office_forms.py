"""Forms of an office: a Word file with the keys of the fields, tried before it is used; versions are kept."""

import hashlib
import io
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from docx import Document as Word
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError

from mediation.accounts.actor import Actor
from mediation.areas.models import Area
from mediation.core import vault
from mediation.core.db import write
from mediation.documents import services, word
from mediation.documents.fields import FIELDS
from mediation.documents.kinds import Kind
from mediation.documents.models import Template
from mediation.uploads import sniff
from mediation.uploads.rejected import Rejected

SAMPLE_DAY: Final = datetime(2026, 3, 12)  # noqa: DTZ001 -- a date on a sample, no moment
PARTY: Final = {
    "ordinal": "1", "side": "申请人", "kind": "natural", "name": "样例𬭎", "sex": "男", "ethnicity": "汉族",
    "age": "41岁", "occupation": "职员", "phone": "13900000000", "address": "汽车路1号",
    "id_number": "439999198506120014", "id_label": "身份证件号码", "guardian": "", "representative": "",
    "relation": "邻居",
}  # fmt: skip
LISTS: Final[dict[str, list[Any]]] = {
    "parties": [PARTY, {**PARTY, "ordinal": "2", "side": "被申请人"}],
    "applicants": [PARTY],
    "respondents": [{**PARTY, "side": "被申请人"}],
    "party": [PARTY],
    "asked_people": [PARTY],
    "claims": ["修好防水", "赔偿损失"],
    "clauses": ["三月底前修好防水。", "四月二十日前赔偿。"],
    "missing": ["身份证明"],
    "rights_told": [{"name": "样例𬭎", "on": "2026年3月3日", "pad": ""}],
    "signatures": [{"name": "样例𬭎", "side": "申请人", "on": "2026年3月12日", "pad": ""}],
    "attended": [{"side": "申请人", "name": "样例𬭎", "on": "", "pad": ""}],
    "staff": [{"who": "人民调解员", "name": "样例喆", "on": "", "pad": ""}],
    "turns": [{"who": "申请人样例𬭎", "text": "请求修好防水。"}],
    "photos": [{"caption": "调解现场", "stored": ""}],
    "obligations": [
        {"ordinal": "1", "debtor": "样例𬭎", "content": "赔偿", "how": "转账",
         "amount": "人民币壹佰元整", "due_on": "2026年4月20日",
         "done_on": "", "proof": ""}
    ],
    "evidence": [{"name": "照片", "copies": "1", "source": "证据材料", "by": "样例𬭎", "on": "2026年3月3日"}],
    "catalogue": [{"name": "人民调解协议书", "page": "1", "note": "必须"}],
}  # fmt: skip

DRAWN: Final = frozenset({"pad", "stored"})
"""Columns that hold a picture: only the PDF shows it."""


def sample(kind: Kind) -> dict[str, Any]:
    """Something in every field of the kind."""
    return {key: LISTS.get(key, f"样例{FIELDS[key].label}") for key in kind.fields}


def starter(kind: Kind) -> bytes:
    """A form to begin with: every field under its label."""
    columns: dict[str, tuple[str, list[str] | None]] = {}
    for key in kind.fields:
        rows = LISTS.get(key)
        named = [c for c in rows[0] if c not in DRAWN] if rows and isinstance(rows[0], dict) else []
        columns[key] = (FIELDS[key].label, named[:5] if rows else None)
    return word.starter(kind.title, columns)


def keep(
    kind: Kind, area: Area, data: bytes, name: str, actor: Actor, *, note: str, now: datetime
) -> Template:
    """Try the form on a sample, then use it from now on. Raises ``Rejected``; nothing is written then."""
    if not name.lower().endswith(".docx"):
        raise Rejected("kind", _("A form must be a Word file (docx)."))
    good = sniff.examine(data, name)
    try_out(kind, good.data)
    stored = vault.put(good.data)
    with write():
        Area.objects.select_for_update().get(pk=area.pk)  # one at a time: versions have no doubles
        rows = Template.objects.filter(kind=kind.id, area=area)
        rows.filter(in_use=True).update(in_use=False)
        return Template.objects.create(
            kind=kind.id,
            area=area,
            version=services.next_version(kind.id, area.pk),
            name=good.name,
            note=note[:200],
            stored_as=stored,
            sha256=hashlib.sha256(good.data).hexdigest(),
            size=len(good.data),
            uploaded_by_id=actor.person_id,
            uploaded_at=now,
        )


def use(template: Template | None, kind: Kind, area: Area) -> None:
    """Go back to an earlier version, or with ``None`` to the form of the house."""
    with write():
        rows = Template.objects.filter(kind=kind.id, area=area)
        rows.filter(in_use=True).update(in_use=False)
        if template is not None:
            rows.filter(pk=template.pk).update(in_use=True)


def try_out(kind: Kind, data: bytes) -> bytes:
    """The sample printed with this form. Raises ``Rejected`` with what is wrong with the form."""
    fields = sample(kind)
    told = {
        "title": kind.title, "organisation": "样例人民调解委员会", "draft": False, "draft_word": "",
        "blocks": [], "code": "AAAA-BBBB", "fingerprint": "1A2B 3C4D 5E6F",
    }  # fmt: skip
    try:
        made = word.render(told, fields, on=SAMPLE_DAY.date(), template=data)
        text = "".join(p.text for p in Word(io.BytesIO(made)).paragraphs)
    except UndefinedError as problem:
        sentence = _("The form asks for a field that this paper does not have: %(problem)s")
        raise Rejected("field", sentence % {"problem": str(problem)[:120]}) from None
    except SecurityError:
        raise Rejected("unsafe", _("The form contains commands that no form needs.")) from None
    except TemplateError as problem:
        sentence = _("The tags of the form are not right: %(problem)s")
        raise Rejected("tags", sentence % {"problem": str(problem)[:120]}) from None
    except Exception:  # noqa: BLE001 -- a broken Word file fails in many ways
        raise Rejected(
            "damaged", _("The form cannot be filled in; please check its tags.")
        ) from None
    if "{{" in text or "{%" in text:
        raise Rejected(
            "tags", _("Some tags of the form were not filled in; please write them anew.")
        )
    return made
