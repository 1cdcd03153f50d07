#!/usr/bin/env python
"""Command line of Fengqiao."""

import os
import sys

from mediation.core import sqlite_engine


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.config.settings")
    sqlite_engine.install()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
