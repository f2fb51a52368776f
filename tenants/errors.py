"""The one way a rule says no."""

from django.utils.functional import Promise


class Refused(Exception):
    """A rule says no. `code` is stable for programs, `message` is for the person.

    `field` names the input at fault where there is one. Pages show the message,
    the API makes a problem document of it; nothing of the act is left behind.
    """

    def __init__(self, code: str, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
