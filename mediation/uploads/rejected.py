"""Why a file was not taken."""

from mediation.core.errors import Malformed, Text


class Rejected(Malformed):
    """``code``: for tests and records; the sentence is for the person."""

    def __init__(self, why: str, sentence: Text) -> None:
        super().__init__({"file": [sentence]})
        self.why = why

    @property
    def sentence(self) -> str:
        return self.fields["file"][0]
