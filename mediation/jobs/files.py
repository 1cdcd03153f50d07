"""Files that a command is given."""

from pathlib import Path

from django.core.management.base import CommandError


def content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem}") from problem
