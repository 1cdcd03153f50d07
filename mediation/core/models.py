"""What the house as a whole remembers of itself."""

import uuid

from django.db import models


class House(models.Model):
    """This installation. Seals and backups name it, so that those of another are not mistaken for its own."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return str(self.uid)
