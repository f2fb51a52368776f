"""Every component on one page, with sample data: /styleguide/, where DEBUG is on.

For whoever writes a page: what there is, what it is called, how it looks on a phone.
"""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from portico.web import charts
from portico.web.paired_bars import lying_pairs


class SampleForm(forms.Form):
    title = forms.CharField(max_length=80, help_text="As a student would search for it.")
    site = forms.ChoiceField(choices=[("", "Choose a site"), ("1", "Fordham Paws")])
    capacity = forms.IntegerField(label="Capacity", min_value=1, max_value=20)
    start_time = forms.TimeField(
        label="From", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    days = forms.MultipleChoiceField(
        choices=[("mon", "Mon"), ("tue", "Tue"), ("wed", "Wed"), ("thu", "Thu"), ("fri", "Fri")],
        widget=forms.CheckboxSelectMultiple,
        help_text="The days a student is expected.",
    )
    pay = forms.ChoiceField(
        choices=[("paid", "Paid"), ("stipend", "Stipend"), ("credit", "Credit")],
        widget=forms.RadioSelect,
    )
    description = forms.CharField(widget=forms.Textarea, required=False)
    ask_first = forms.BooleanField(
        label="Ask us before another school's student is approved", required=False
    )


STEPS = [
    {"name": "Requested", "state": "done", "when": "Mar 3"},
    {"name": "Approved", "state": "done", "when": "Mar 5"},
    {"name": "Pursuing", "state": "now", "when": "9 days left"},
    {"name": "Start requested", "state": "next"},
    {"name": "Interning", "state": "next"},
]
STOPPED = [
    {"name": "Requested", "state": "done", "when": "Feb 3"},
    {"name": "Approved", "state": "done", "when": "Feb 5"},
    {"name": "Time ran out", "state": "stopped", "when": "Feb 19"},
]
LISTINGS = [
    {
        "title": "Physical Therapy Aide",
        "site": "Grand Concourse Rehab",
        "place": "Concourse",
        "origin": "own",
        "schedule": "Tue & Thu, 9:00–2:30",
        "travel": "0.6 mi from school",
        "pay": "Stipend · Scrubs provided",
        "open": 2,
        "total": 3,
        "is_new": True,
        "match": "On your wishlist",
    },
    {
        "title": "Podcast & Sound Assistant",
        "site": "Mott Haven Sound Lab",
        "place": "Mott Haven",
        "origin": "released",
        "origin_label": "Released by Harlem River Academy",
        "schedule": "Mon & Wed, 1:00–5:00",
        "travel": "1.8 mi from school",
        "pay": "Credit · Portfolio piece",
        "open": 1,
        "total": 2,
    },
    {
        "title": "Greenhouse & Nutrition Intern",
        "site": "Kelly Street Growers",
        "place": "Longwood",
        "origin": "partner",
        "origin_label": "Partner: Bridge Works",
        "schedule": "Tue & Thu, 9:30–3:00",
        "travel": "2.1 mi from school",
        "pay": "$16.50/h · Outdoors",
        "open": 4,
        "total": 6,
        "saved": True,
        "state": "requested",
        "state_label": "Requested",
    },
    {
        "title": "Web Intern",
        "site": "Tremont Digital",
        "place": "Tremont",
        "origin": "own",
        "schedule": "Fri, 10:00–4:00",
        "travel": "2.7 mi from school",
        "pay": "$18/h · Remote option",
        "open": 0,
        "total": 4,
    },
]
QUEUE = [
    {
        "id": 1,
        "name": "Amara Okafor",
        "about": "grade 11",
        "what": "Request: Physical Therapy Aide, Grand Concourse Rehab",
        "origin": "own",
        "flag": "Working papers missing",
        "age": "3 d",
    },
    {
        "id": 2,
        "name": "Luis Peralta",
        "about": "grade 12",
        "what": "Start: Web Intern, Tremont Digital",
        "origin": "partner",
        "origin_label": "Partner: Bridge Works",
        "age": "1 d",
    },
    {
        "id": 3,
        "name": "Mei-Lin Chandrasekharan",
        "about": "grade 11",
        "what": "Request: Podcast & Sound Assistant, Mott Haven Sound Lab",
        "origin": "released",
        "origin_label": "Released by Harlem River Academy",
        "age": "5 h",
    },
]
STATES = [
    ("requested", "Requested"),
    ("awaiting_owner", "Waiting for the owner"),
    ("pursuing", "Pursuing"),
    ("start_requested", "Start requested"),
    ("active", "Active"),
    ("completed", "Completed"),
    ("ended_early", "Ended early"),
    ("declined", "Declined"),
    ("expired", "Expired"),
    ("withdrawn", "Withdrawn"),
    ("draft", "Draft"),
    ("published", "Published"),
    ("estimated", "Estimated"),
]
WEEKS = ["Jan 20", "Jan 27", "Feb 3", "Feb 10", "Feb 17", "Feb 24", "Mar 3", "Mar 10"]


def _board() -> dict[str, Any]:
    return {
        "kpis": [
            ("Interning now", "31", "briefcase", "+4 this week", "good", [12, 14, 20, 22, 31]),
            ("Pursuing", "16", "hourglass", "3 expire in 2 days", "warn", [9, 13, 18, 15, 16]),
            ("Waiting for you", "7", "inbox", "oldest 3 days", "bad", [4, 2, 6, 4, 8, 3, 7]),
            ("Hours this month", "1,284", "clock", "92% confirmed", "good", [100, 390, 640, 1284]),
        ],
        "chart": charts.stacked_bars(
            labels=WEEKS,
            series=[
                charts.Series("Interning", [8, 11, 14, 17, 19, 24, 27, 31]),
                charts.Series("Pursuing", [10, 12, 14, 15, 12, 14, 17, 16]),
                charts.Series("Waiting for approval", [4, 4, 6, 3, 4, 5, 6, 7]),
            ],
            goal=[21, 26, 31, 36, 40, 45, 50, 55],
            goal_label="Goal",
        ),
        "meters": charts.meters(
            groups=[
                ("English learners", 21, 36),
                ("Students with IEPs", 19, 39),
                ("Girls", 55, 77),
                ("Boys", 53, 80),
                ("Migrant students", None, None),
            ],
            everyone=("All students", 108, 159),
        ),
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page."""
    board = _board()
    kpi_names = ("label", "value", "name", "note", "tone")
    return render(
        request,
        "styleguide.html",
        {
            "steps": STEPS,
            "stopped": STOPPED,
            "hero_lines": ["Grand Concourse Rehab", "Mentor: Rosa Diaz"],
            "listings": LISTINGS,
            "queue": QUEUE,
            "states": STATES,
            "form": SampleForm(),
            "wrong_form": SampleForm(
                {"title": "", "site": "1", "capacity": "40"}, auto_id="wrong_%s"
            ),
            "kpis": [
                {**dict(zip(kpi_names, row[:5], strict=True)), "spark": charts.spark(row[5])}
                for row in board["kpis"]
            ],
            "chart": board["chart"],
            "meters": board["meters"],
            "slots": {"capacity": 5, "taken": 2, "released": 2, "free": 1},
            "pairs": lying_pairs(
                labels=("Wanted", "Offered"),
                rows=[("Healthcare", 24, 7), ("Education", 6, 30), ("Arts", None, 5)],
            ),
            "origins": [
                {"value": "own", "label": "Your school", "count": 3, "icon": "school", "on": True},
                {"value": "released", "label": "Released", "count": 2, "icon": "share-2"},
                {"value": "partner", "label": "Partners", "count": 3, "icon": "handshake"},
                {"value": "paid", "label": "Paid", "icon": "wallet"},
            ],
            "fields": [
                {"value": "health", "label": "Healthcare & Human Services", "count": 2},
                {"value": "digital", "label": "Digital Technology", "count": 2},
                {"value": "arts", "label": "Arts, Entertainment & Design", "count": 1},
                {"value": "construction", "label": "Construction", "count": 1},
            ],
            "tabs": [
                {"key": "all", "label": "All", "url": "#all", "count": 12},
                {"key": "published", "label": "Published", "url": "#published", "count": 9},
                {"key": "drafts", "label": "Drafts", "url": "#drafts", "count": 2},
                {"key": "archived", "label": "Archived", "url": "#archived"},
            ],
            "entries": [
                {"who": "Amara Okafor", "text": "asked to start on March 18", "when": "Today, 9:12",
                 "icon": "send", "tone": "brand"},
                {"who": "Ms. Rivera", "text": "approved the request", "when": "March 5, 14:40",
                 "icon": "check", "tone": "good", "iso": "2025-03-05T14:40-05:00"},
                {"text": "The contact of Rosa Diaz was shown to Amara", "when": "March 5, 14:41",
                 "icon": "eye"},
                {"who": "Mr. Bell", "text": "declined an earlier request", "when": "February 11",
                 "icon": "x", "tone": "bad",
                 "quote": "You have a placement until March. Ask again then."},
            ],
            "page": Paginator(range(240), 20).page(3),
            "nav": "styleguide",
        },
    )  # fmt: skip


def styleguide_points(request: HttpRequest) -> JsonResponse:
    """Points of the sample map."""
    here = {"lat": 40.825, "lng": -73.918}
    spots = [
        ("Physical Therapy Aide", "Grand Concourse Rehab", 0.008, 0.004, "own", "Your school", 2),
        ("Web Intern", "Tremont Digital", 0.024, 0.018, "own", "Your school", 1),
        ("Podcast Intern", "Mott Haven Sound Lab", -0.012, -0.002, "released", "Released", 1),
        ("Greenhouse Intern", "Kelly Street Growers", -0.007, 0.02, "partner", "Bridge Works", 4),
        ("Pastry Intern", "Arthur Ave Dolci", 0.03, 0.03, "partner", "Bridge Works", 2),
        ("Pre-K Assistant", "Little Peninsula", -0.0125, -0.003, "own", "Your school", 2),
    ]
    listings = [
        {"title": title, "site": site, "lat": here["lat"] + north, "lng": here["lng"] + east,
         "origin": origin, "origin_label": label, "slots": slots, "distance": "1.2 mi", "url": "#"}
        for title, site, north, east, origin, label, slots in spots
    ]  # fmt: skip
    schools = [
        {"name": "The Met High School", **here, "mine": True},
        {"name": "Harlem River Academy", "lat": 40.84, "lng": -73.9},
        {"name": "Soundview Prep", "lat": 40.818, "lng": -73.872},
    ]
    return JsonResponse({"center": here, "schools": schools, "listings": listings})
