"""Drawing the term report: key numbers, fields as paired bars, weeks as columns.

Each bar has its number beside it, so that the page reads without colour.
"""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF

from catalog.fields import Field
from portico.attendance.certificate_pdf import FONT_FILE, INK, MUTED
from portico.reports.scales import nice_scale
from portico.reports.small_groups import MINIMUM
from portico.reports.term_report import TermReport, term_label
from tenants.models import Tenant

MARGIN, WIDTH = 18, 215.9 - 36  # letter paper, in millimeters
TRACK, AMBER = (233, 231, 226), (222, 164, 58)
Number = int | None


class Report(FPDF):
    """A page's foot: whose report, which page."""

    def __init__(self, *, name: str, color: str) -> None:
        super().__init__(format="letter")
        self.name = name
        self.color = tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
        self.add_font("Figtree", "", FONT_FILE, variations={"wght": 400.0})
        self.add_font("Figtree", "B", FONT_FILE, variations={"wght": 700.0})
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, 20)

    def footer(self) -> None:
        self.set_y(-14)
        self.write_line(8, f"{self.name} · Portico", color=MUTED, move=False)
        self.set_x(MARGIN)
        self.cell(WIDTH, 4, str(self.page_no()), align="R")

    def write_line(
        self,
        size: float,
        text: str,
        *,
        bold: bool = False,
        color: tuple[int, int, int] = INK,
        move: bool = True,
    ) -> None:
        self.set_font("Figtree", "B" if bold else "", size)
        self.set_text_color(*color)
        if move:
            self.multi_cell(WIDTH, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        else:
            self.cell(WIDTH, size * 0.5, text)


def report_pdf(report: TermReport, *, tenant: Tenant) -> bytes:
    """The report as a file."""
    pdf = Report(name=tenant.name, color=tenant.color)
    pdf.set_title(f"{tenant.name}, {term_label(report.term)}")
    pdf.set_creator("Portico")
    pdf.set_creation_date(timezone.now())
    pdf.add_page()
    pdf.write_line(11, term_label(report.term), color=MUTED)
    pdf.write_line(24, tenant.name, bold=True)
    pdf.write_line(
        10,
        _("Internships as of %(day)s.") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")},
        color=MUTED,
    )
    pdf.ln(4)
    _key_numbers(pdf, report)
    _by_field(
        pdf,
        _("Supply and demand by field"),
        (_("open slots"), _("students who wish for it")),
        [(one.field, one.open_slots, one.wishing) for one in report.fields],
    )
    pdf.add_page()
    _by_week(pdf, report)
    _by_field(
        pdf,
        _("Offered and begun by field"),
        (_("opportunities"), _("internships begun so far")),
        [(one.field, one.offered, one.started) for one in report.fields],
    )
    if tenant.kind == "region":
        pdf.ln(3)
        note = _("“few”: fewer than %(minimum)d, and of one school alone.")
        pdf.write_line(9, note % {"minimum": MINIMUM}, color=MUTED)
    return bytes(pdf.output())


def _words(number: Number) -> str:
    return _("few") if number is None else str(number)


def _key_numbers(pdf: Report, report: TermReport) -> None:
    placed = _("few")
    if report.students and report.placed is not None:
        placed = f"{round(100 * report.placed / report.students)}%"
    numbers = [
        (_words(report.requested), _("requests this term")),
        (_words(report.started), _("begun this term")),
        (_words(report.interning), _("interning now")),
        (placed, _("of students ever placed")),
        (str(report.opportunities), _("opportunities")),
        (str(report.open_slots), _("open slots")),
        (str(report.released), _("in the pool")),
        (_words(report.students), _("students")),
    ]
    room, top = WIDTH / 4, pdf.get_y()
    for number, (value, label) in enumerate(numbers):
        x, y = MARGIN + number % 4 * room, top + number // 4 * 18
        pdf.set_xy(x, y)
        pdf.set_font("Figtree", "B", 18)
        pdf.set_text_color(*INK)
        pdf.cell(room, 8, value)
        pdf.set_xy(x, y + 8)
        pdf.set_font("Figtree", "", 9)
        pdf.set_text_color(*MUTED)
        pdf.cell(room, 5, label)
    pdf.set_xy(MARGIN, top + 40)


def _by_field(
    pdf: Report,
    title: str,
    names: tuple[str, str],
    rows: Sequence[tuple[str, Number, Number]],
) -> None:
    pdf.write_line(14, title, bold=True)
    pdf.write_line(
        9, " · ".join((_("above: %s") % names[0], _("below: %s") % names[1])), color=MUTED
    )
    pdf.ln(2)
    largest = max((value or 0 for _field, *values in rows for value in values), default=0) or 1
    label_width, bar_width = 62, WIDTH - 62 - 12
    for field, *values in rows:
        top = pdf.get_y()
        pdf.set_font("Figtree", "", 9)
        pdf.set_text_color(*INK)
        pdf.cell(label_width, 8, str(Field(field).label))
        for number, (value, color) in enumerate(zip(values, (pdf.color, AMBER), strict=True)):
            y = top + 0.6 + number * 3.7
            _bar(pdf, MARGIN + label_width, y, bar_width, 3, TRACK)
            _bar(pdf, MARGIN + label_width, y, bar_width * (value or 0) / largest, 3, color)
            pdf.set_xy(MARGIN + label_width + bar_width + 1, y - 0.6)
            pdf.set_font("Figtree", "", 7.5)
            pdf.cell(11, 4, _words(value))
        pdf.set_xy(MARGIN, top + 9.4)
    pdf.ln(3)


def _by_week(pdf: Report, report: TermReport) -> None:
    pdf.write_line(14, _("By week"), bold=True)
    pdf.write_line(9, _("left: internships begun · right: requests"), color=MUTED)
    height, top = 48, pdf.get_y() + 4
    values = [(one.started or 0, one.requested or 0) for one in report.weeks]
    highest, step = nice_scale(max((max(pair) for pair in values), default=0))
    bottom, left = top + height, MARGIN + 8
    for tick in range(0, highest + 1, step):
        y = bottom - tick / highest * height
        pdf.set_draw_color(*TRACK)
        pdf.line(left, y, MARGIN + WIDTH, y)
        pdf.set_xy(MARGIN, y - 2)
        pdf.set_font("Figtree", "", 7.5)
        pdf.set_text_color(*MUTED)
        pdf.cell(7, 4, str(tick), align="R")
    room = (WIDTH - 8) / max(len(values), 1)
    every = max(1, len(values) // 8)
    for number, (week, pair) in enumerate(zip(report.weeks, values, strict=True)):
        x = left + number * room
        for side, (value, color) in enumerate(zip(pair, (pdf.color, AMBER), strict=True)):
            tall = value / highest * height
            _bar(pdf, x + room * (0.15 + 0.36 * side), bottom - tall, room * 0.33, tall, color)
        if number % every == 0:
            pdf.set_xy(x, bottom + 1)
            pdf.cell(room * every, 4, date_format(week.monday, "M j"))
    pdf.set_xy(MARGIN, bottom + 12)


def _bar(
    pdf: FPDF, x: float, y: float, width: float, height: float, color: tuple[int, ...]
) -> None:
    if width > 0 and height > 0:
        pdf.set_fill_color(*color)
        pdf.rect(x, y, width, height, style="F")
