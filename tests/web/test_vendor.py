"""What others wrote lies here unchanged, and its licences are named."""

import subprocess
import sys

from django.conf import settings


def test_vendored_files_are_as_locked() -> None:
    checked = subprocess.run(
        [sys.executable, "tools/vendor.py", "--check"],
        cwd=settings.BASE_DIR,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (checked.returncode, checked.stdout) == (0, "Every vendored file is as locked.\n")
