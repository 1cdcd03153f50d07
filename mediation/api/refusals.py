"""Refusals that only this door knows: about the request itself, before anything is asked for."""

from django.utils.translation import gettext_lazy as _

from mediation.core.errors import Reason, Refusal, Text


class BadJson(Refusal):
    status = 400
    code = "bad_json"
    title = _("The request cannot be read.")

    def __init__(self, sentence: Text) -> None:
        super().__init__(Reason("bad_json", sentence))


class BadRequest(Refusal):
    status = 400
    code = "bad_request"
    title = _("The request cannot be read.")


class Unauthenticated(Refusal):
    status = 401
    code = "unauthenticated"
    title = _("Please sign in or send an API key.")


class NoProofOfOrigin(Refusal):
    status = 403
    code = "csrf"
    title = _("The proof of origin (X-CSRFToken) is missing or wrong.")


class WrongMethod(Refusal):
    status = 405
    code = "method_not_allowed"
    title = _("This address does not take this method.")


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    title = _("The request is too large.")


class WrongType(Refusal):
    status = 415
    code = "wrong_type"
    title = _("Send JSON with the content type application/json.")


class Broken(Refusal):
    status = 500
    code = "error"
    title = _("Something went wrong on our side. Nothing was saved.")
