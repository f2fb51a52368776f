"""The certificate of hours as a PDF of one page."""

from pathlib import Path

import fontpkg_figtree
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF

from portico.attendance.hours import in_hours
from portico.attendance.models import Certificate
from portico.internships.models import Placement
from tenants.models import Tenant

# Letters of any Latin name; the fonts built into PDF know only those of Western Europe.
FONT_FILE = Path(fontpkg_figtree.__file__).parent / "files" / "Figtree[wght].ttf"
INK, MUTED = (28, 33, 40), (95, 103, 112)
WIDTH, MARGIN = 279.4, 24  # letter paper, landscape, in millimeters


def certificate_pdf(
    certificate: Certificate, placement: Placement, *, school: Tenant, host: str
) -> bytes:
    """The page: who, where, how many hours, and the code that the portal checks."""
    pdf = FPDF(orientation="landscape", format="letter")
    pdf.set_title(_("Certificate of internship hours"))
    pdf.set_creator("Portico")
    pdf.set_creation_date(certificate.issued_at)
    pdf.add_font("Figtree", "", FONT_FILE, variations={"wght": 400.0})
    pdf.add_font("Figtree", "B", FONT_FILE, variations={"wght": 700.0})
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(False)
    pdf.add_page()
    _frame(pdf, school.color)
    _line(pdf, 34, 12, school.name.upper(), color=MUTED)
    _line(pdf, 46, 28, _("Certificate of internship hours"), bold=True)
    _line(pdf, 74, 13, _("This certifies that"), color=MUTED)
    _line(pdf, 84, 30, certificate.student_name, bold=True)
    _line(
        pdf,
        106,
        15,
        _("has completed %(hours)s as %(title)s at %(site)s")
        % {
            "hours": in_hours(certificate.minutes),
            "title": placement.title,
            "site": placement.site_name,
        },
    )
    _line(
        pdf,
        118,
        13,
        _("on %(days)d days from %(first)s to %(last)s, confirmed by the mentor or the school.")
        % {
            "days": certificate.days,
            "first": date_format(certificate.first_day, "DATE_FORMAT"),
            "last": date_format(certificate.last_day, "DATE_FORMAT"),
        },
        color=MUTED,
    )
    _line(
        pdf,
        158,
        12,
        _("Issued %(day)s") % {"day": date_format(certificate.issued_at, "DATE_FORMAT")},
    )
    _line(pdf, 166, 16, certificate.code, bold=True)
    _line(
        pdf,
        176,
        11,
        _("Check it at %(address)s") % {"address": f"{host}/verify/{certificate.code}/"},
        color=MUTED,
    )
    return bytes(pdf.output())


def _frame(pdf: FPDF, color: str) -> None:
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    pdf.set_draw_color(red, green, blue)
    pdf.set_line_width(1.2)
    pdf.rect(12, 12, WIDTH - 24, 215.9 - 24)


def _line(
    pdf: FPDF,
    y: float,
    size: int,
    text: str,
    *,
    bold: bool = False,
    color: tuple[int, int, int] = INK,
) -> None:
    """One centered line at *y*, made smaller until it fits the page."""
    pdf.set_text_color(*color)
    room = WIDTH - 2 * MARGIN
    for fitting in range(size, 6, -1):
        pdf.set_font("Figtree", "B" if bold else "", fitting)
        if pdf.get_string_width(text) <= room:
            break
    pdf.set_xy(MARGIN, y)
    pdf.cell(room, size * 0.5, text, align="C")
