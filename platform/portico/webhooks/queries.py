"""Reading the log of what was sent, in words."""

from django.utils.translation import gettext as _

from portico.webhooks.models import Delivery


def why_not(delivery: Delivery) -> str:
    """What went wrong at the last attempt, in words staff can act on; empty when nothing did."""
    if delivery.fault:
        return _fault_in_words(delivery.fault)
    if delivery.status is None or 200 <= delivery.status < 300:
        return ""
    if 300 <= delivery.status < 400:
        return _("It sent us on to another address; we do not follow. Change the address.")
    return _("It answered %(status)d.") % {"status": delivery.status}


def _fault_in_words(fault: str) -> str:
    words = {
        "timeout": _("No answer within ten seconds."),
        "tls": _("Its certificate is not valid for this name."),
        "connection": _("The connection failed."),
        "unknown_host": _("There is no server of this name."),
        "private": _("The name now leads into a private network."),
        "secret": _("Its secret cannot be read any more. Replace the secret."),
        "off": _("It was switched off."),
    }
    return words.get(fault, _("This address is not called."))
