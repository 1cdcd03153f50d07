"""Small sabotages, a room of them at a time; carried out by ``tools/sabotage.py``."""

from sabotages.edges import EDGES
from sabotages.engine import ENGINE
from sabotages.people import PEOPLE
from sabotages.small import SMALL
from sabotages.spec import Sabotage

LIST = (*ENGINE, *PEOPLE, *SMALL, *EDGES)

__all__ = ["LIST", "Sabotage"]
