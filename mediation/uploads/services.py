"""Taking files in, putting them into a case, handing them out, throwing away what nobody wanted."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max

from mediation.accounts.actor import Actor
from mediation.core import vault
from mediation.core.db import write
from mediation.disputes import policy
from mediation.disputes.models import Dispute, Party
from mediation.uploads import sniff
from mediation.uploads.models import Slot, Upload

MOST_FILES: Final = 300
LARGEST_NUMBER: Final = 32_000
PARKED_FOR: Final = timedelta(days=1)


def park(data: bytes, name: str, actor: Actor, *, now: datetime) -> Upload:
    """Examine a file and keep it, belonging to no case yet. Raises ``sniff.Rejected``."""
    good = sniff.examine(data, name)
    thumbnail = vault.put(good.thumbnail) if good.thumbnail else ""
    stored = vault.put(good.data)
    with write():
        return Upload.objects.create(
            name=good.name,
            media_type=good.media_type,
            suffix=good.suffix,
            size=len(good.data),
            sha256=hashlib.sha256(good.data).hexdigest(),
            stored_as=stored,
            thumbnail=thumbnail,
            pages=good.pages,
            uploaded_by_id=actor.person_id,
            uploaded_at=now,
            scanned_at=now if good.is_scanned else None,
        )


def is_parked_by(key: int, actor: Actor) -> bool:
    mine = Upload.objects.filter(pk=key, dispute__isnull=True)
    return mine.filter(uploaded_by_id=actor.person_id).exists()


def sum_of(key: int) -> str:
    return Upload.objects.values_list("sha256", flat=True).get(pk=key)


def put_into(dispute: Dispute, key: int, **facts: Any) -> Upload:
    """Called with the case locked: numbers within it have no gaps and no doubles."""
    last = Upload.objects.filter(dispute=dispute).aggregate(last=Max("ordinal"))["last"]
    upload = Upload.objects.get(pk=key)
    upload.dispute, upload.ordinal = dispute, (last or 0) + 1
    for name, value in facts.items():
        setattr(upload, name, value)
    upload.save()
    return upload


def of(dispute: Dispute, ordinal: int) -> Upload | None:
    rows = Upload.objects.filter(dispute=dispute, ordinal=ordinal, withdrawn_at__isnull=True)
    return rows.first()


def withdraw(dispute: Dispute, ordinal: int, *, reason: str, now: datetime) -> None:
    Upload.objects.filter(dispute=dispute, ordinal=ordinal).update(
        withdrawn_at=now, withdrawn_reason=reason
    )


def may_read(upload: Upload, dispute: Dispute, actor: Actor) -> bool:
    """The team reads all; who brought a file sees it again; a grid worker the photos of his grid."""
    if policy.may_read_records(actor, dispute):
        return policy.may_see_minors(actor, dispute) or not _shows_a_child(dispute)
    if upload.uploaded_by_id is not None and upload.uploaded_by_id == actor.person_id:
        return True
    return upload.slot == Slot.SCENE and policy.works_in_its_grid.test(actor, dispute)


def _shows_a_child(dispute: Dispute) -> bool:
    return Party.objects.filter(dispute=dispute, is_minor=True).exists()


def destroy(dispute: Dispute) -> None:
    """Delete the files of a case for good; from the disk once the transaction is safe."""
    rows = Upload.objects.filter(dispute=dispute)
    stored = [name for pair in rows.values_list("stored_as", "thumbnail") for name in pair if name]
    rows.delete()
    vault.delete_after_commit(stored)


def clear_away(now: datetime) -> int:
    """Delete what was parked and never put into a case."""
    gone = 0
    for upload in Upload.objects.filter(dispute__isnull=True, uploaded_at__lt=now - PARKED_FOR)[
        :100
    ]:
        with write():
            upload.delete()
        vault.delete(upload.stored_as)
        if upload.thumbnail:
            vault.delete(upload.thumbnail)
        gone += 1
    return gone + vault.clear_drafts(older_than=(now - PARKED_FOR).timestamp())
