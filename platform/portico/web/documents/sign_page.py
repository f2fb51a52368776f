"""A guardian's or mentor's page, reached by the link in their e-mail. No account, no session.

The secret in the address is the right to sign and send. Mail scanners open links, so GET and
HEAD change nothing; and since the secret is what allows the POST, it needs no CSRF token.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from portico.audit.actions import acting
from portico.documents.actions import sign_by_link, upload_by_link
from portico.documents.checklist import Item, checklist
from portico.documents.links import LinkDead, find_link
from portico.documents.models import DocumentLink, Giver
from portico.internships.queries import by_the_clock
from portico.internships.states import OPEN, State
from portico.privacy.disclosures import PAPERS, note_shown
from portico.web.documents.forms import SignForm, UploadForm
from portico.web.documents.sheets import answered, fresh_form, posted_item, sheet
from portico.web.speaking import speak


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def sign_link(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: what is needed from the reader. POST: one signature or file. A dead link: 410."""
    try:
        link = find_link(secret=secret)
        speak(request, link.language)
        if by_the_clock(link.placement).state not in OPEN - {State.REQUESTED}:
            response = _dead(request, "over")
        elif request.method == "POST":
            response = _take(request, link, secret)
        else:
            response = _show(request, link)
    except LinkDead as dead:
        if dead.link is not None:
            speak(request, dead.link.language)
        response = _dead(request, dead.reason)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    response.headers["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


def _items(link: DocumentLink) -> list[Item]:
    return [item for item in checklist(link.placement) if item.requirement.giver == link.giver]


def _take(request: HttpRequest, link: DocumentLink, secret: str) -> HttpResponse:
    item = posted_item(request, _items(link))
    if item is None:
        return _show(request, link, status=422)
    key = item.requirement.id
    with acting(via="link", address=request.META.get("REMOTE_ADDR")):
        form = answered(
            request,
            item,
            by_file=False,
            sign=lambda form: sign_by_link(
                secret=secret, requirement_id=key, signature=form.signature()
            ),
            upload=lambda form: upload_by_link(
                secret=secret,
                requirement_id=key,
                name=form.cleaned_data["name"],
                file=form.cleaned_data["file"],
            ),
        )
    if form is not None:
        return _show(request, link, item=item, form=form, status=422)
    return HttpResponseRedirect(f"{request.path}?done={key.hex[-8:]}")


def _show(
    request: HttpRequest,
    link: DocumentLink,
    *,
    item: Item | None = None,
    form: SignForm | UploadForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if link.giver == Giver.MENTOR:  # parents may see their child's record, and are not logged
        note_shown(
            placements=[link.placement],
            to=link.name or link.email,
            what=PAPERS,
            address=request.META.get("REMOTE_ADDR"),
        )
    sheets = []
    for each in _items(link):
        is_wrong = item is not None and each.requirement.id == item.requirement.id
        needed = each.waits_for == link.giver or each.standing == "expiring"
        fresh = fresh_form(each, name=link.name, by_file=False) if needed else None
        sheets.append(sheet(each, form=form if is_wrong and needed else fresh))
    context = {
        "link": link,
        "placement": link.placement,
        "sheets": sheets,
        "waiting": [each for each in sheets if each.form is not None],
        "wrong": form,
        "is_done": bool(request.GET.get("done")),
    }
    return render(request, "documents/sign_page.html", context, status=status)


def _dead(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "documents/sign_dead.html", {"reason": reason}, status=410)
