"""Names of static files by their content, also within the manifest that a phone installs from."""

from typing import ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # comes without types
    """Only hashed names are served, so the icons of the manifest need theirs as style sheets do."""

    patterns: ClassVar = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "*.webmanifest",
            ((r'(?P<matched>"src": "(?P<url>[^"]+)")', '"src": "%(url)s"'),),
        ),
    )
