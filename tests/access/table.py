"""Who gets in where: every address of a school's and of a region's host, every API operation.

S student, T teacher, C coordinator, D district admin, P partner staff; `open` is for anybody,
signed in or not; `link` is for whoever has the secret in the address. An address that is not
here fails tests/access/test_access.py.
"""

OPEN, LINK = "open", "link"
SCHOOL_ROLES, REGION_ROLES = "STC", "DP"

BOTH_PAGES = {
    "sign-in": OPEN,
    "sign-out": OPEN,
    "forgotten": OPEN,
    "invitation": LINK,
    "set_language": OPEN,
    "theme-css": OPEN,
    "outbox": LINK,  # the demo's mailbox; 404 everywhere else
    "outbox-mail": LINK,
    "api-reference": OPEN,
    "api-schema": OPEN,
    "": OPEN,  # an address the API does not have: its 404
}

SCHOOL_PAGES = BOTH_PAGES | {
    "notices": SCHOOL_ROLES,
    "undelivered": "C",
    "undelivered-again": "C",
    # a student's
    "find": "STC",  # leads staff to their own pages
    "listing": "S",
    "request-listing": "S",
    "save-listing": "S",
    "forget-listing": "S",
    "journey": "S",
    "placement": "S",
    "start-request": "S",
    "withdraw": "S",
    "saved": "S",
    "wishes": "S",
    "remove-wish": "S",
    "suggestions": "S",
    "check-in": "S",
    "check-in-events": "S",
    "check-in-location": "S",
    "hours": "S",
    "calendar-link": "S",
    # a coordinator's
    "board": "C",
    "board-map": "C",
    "requests": "C",
    "request": "C",
    "questions": "C",
    "question": "C",
    "placements": "C",
    "placement-staff": "C",
    "placement-act": "C",
    "opportunities": "C",
    "opportunity-add": "C",
    "release-unwanted": "C",
    "opportunity": "C",
    "opportunity-edit": "C",
    "opportunity-state": "C",
    "release": "C",
    "recall": "C",
    "sites": "C",
    "site-add": "C",
    "site": "C",
    "site-edit": "C",
    "mentor-add": "C",
    "mentor-edit": "C",
    "suggestions-staff": "C",
    "suggestion-staff": "C",
    "pool": "C",
    "school-settings": "C",
    "today": "C",
    "worry-seen": "C",
    "attendance-policy": "C",
    "remove-holiday": "C",
    # a teacher's
    "advisees": "T",
    "starts": "T",
    "placement-teacher": "T",
    "placement-teacher-act": "T",
    "teacher-today": "T",
    # several roles': a student's own, a teacher's advisees', a coordinator's school
    "hours-of": "STC",
    "enter-day": "TC",
    "placement-terms": "TC",
    "certify": "STC",
    "timeline-of": "STC",
    "timeline-say": "STC",
    "correct-day": "TC",
    "certificate": "STC",
    # by a link, or for anybody
    "check-in-state": OPEN,  # says who is signed in: nobody, where it is no student
    "start-link": LINK,
    "mentor-page": LINK,
    "calendar": LINK,
    "verify": OPEN,
    "verify-code": OPEN,
    "service-worker": OPEN,
    "manifest": OPEN,
    "offline": OPEN,
    "check-in-shell": OPEN,  # an empty page: what fills it is asked for, signed in
}

REGION_PAGES = BOTH_PAGES | {
    "notices": REGION_ROLES,
    "undelivered": "D",
    "undelivered-again": "D",
    "region": "DP",  # leads partner staff to their own pages
    "schools": "D",
    "school-new": "D",
    "school-request": "D",
    "school": "D",
    "partners": "D",
    "partner-new": "D",
    "partner": "D",
    "partner-edit": "D",
    "partner-invite": "D",
    "partner-staff-active": "D",
    "region-pool": "D",
    "postings": "P",
    "posting-new": "P",
    "posting": "P",
    "posting-edit": "P",
    "posting-state": "P",
}

# Name → method → who.
SCHOOL_API = {
    "api-me": {"get": "STC"},
    "api-listings-list": {"get": "STC"},
    "api-listings-detail": {"get": "STC"},
    "api-favorites-list": {"get": "S"},
    "api-favorites-detail": {"get": "S", "put": "S", "delete": "S"},
    "api-wishlist-list": {"get": "S", "post": "S"},
    "api-wishlist-detail": {"delete": "S"},
    "api-opportunities-list": {"get": "TC", "post": "C"},
    "api-opportunities-detail": {"get": "TC", "patch": "C"},
    "api-opportunities-archive": {"post": "C"},
    "api-opportunities-pause": {"post": "C"},
    "api-opportunities-publish": {"post": "C"},
    "api-opportunities-recall": {"post": "C"},
    "api-opportunities-release": {"post": "C"},
    "api-sites-list": {"get": "TC", "post": "C"},
    "api-sites-detail": {"get": "TC", "patch": "C"},
    "api-mentors-list": {"get": "TC", "post": "C"},
    "api-mentors-detail": {"get": "TC", "patch": "C"},
    "api-terms-list": {"get": "STC"},
    "api-suggestions-list": {"get": "SC", "post": "S"},
    "api-suggestions-detail": {"get": "SC"},
    "api-suggestions-decline": {"post": "C"},
    "api-suggestions-take-over": {"post": "C"},
    "api-placements-list": {"get": "STC", "post": "S"},
    "api-placements-detail": {"get": "STC"},
    "api-placements-approve": {"post": "C"},
    "api-placements-approve-start": {"post": "TC"},
    "api-placements-complete": {"post": "TC"},
    "api-placements-decline": {"post": "C"},
    "api-placements-decline-start": {"post": "TC"},
    "api-placements-end-early": {"post": "TC"},
    "api-placements-extend": {"post": "C"},
    "api-placements-request-start": {"post": "S"},
    "api-placements-withdraw": {"post": "S"},
    "api-releases-list": {"get": "C"},
    "api-questions-list": {"get": "C"},
    "api-questions-answer": {"post": "C"},
    "api-partners-list": {"get": "STC"},
    "api-schools-list": {"get": "STC"},
    "api-tokens-list": {"get": "STC", "post": "STC"},
    "api-tokens-detail": {"delete": "STC"},
}
REGION_API = {
    "api-me": {"get": "DP"},
    "api-partners-list": {"get": "DP"},
    "api-schools-list": {"get": "DP"},
    "api-tokens-list": {"get": "DP", "post": "DP"},
    "api-tokens-detail": {"delete": "DP"},
    "api-pool-list": {"get": "D"},
    "api-pool-detail": {"get": "D"},
    "api-postings-list": {"get": "P", "post": "P"},
    "api-postings-detail": {"get": "P", "patch": "P"},
}

# What a request needs besides its address to get as far as the thing it names.
BODIES = {
    "opportunity-state": {"action": "pause"},
    "api-opportunities-release": {"slots": 1},
    "api-suggestions-decline": {"answer": "Not now."},
}
# Taking away what is not there is the same as having taken it away: no 404, and no telling
# whether another tenant has it.
TAKES_AWAY = {
    ("forget-listing", "post"),
    ("remove-wish", "post"),
    ("api-favorites-detail", "delete"),
}
