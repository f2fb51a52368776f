"""Addresses of attendance, at a school's host."""

from django.urls import path

from portico.web.attendance import (
    calendar,
    check_in,
    evaluation_forms,
    expectations,
    hours,
    mentor_page,
    phone,
    timeline,
    today,
)

urlpatterns = [
    path("check-in/", check_in.check_in, name="check-in"),
    path("check-in/state.json", phone.state, name="check-in-state"),
    path("check-in/events/", phone.events, name="check-in-events"),
    path("check-in/location/", check_in.location, name="check-in-location"),
    path("mentor/<str:secret>/", mentor_page.mentor_page, name="mentor-page"),
    path("coordinator/today/", today.coordinator_today, name="today"),
    path("teacher/today/", today.teacher_today, name="teacher-today"),
    path("today/worries/<uuid:attendance_id>/seen/", today.worry_seen, name="worry-seen"),
    path("coordinator/attendance/", expectations.expectations, name="attendance-policy"),
    path("coordinator/holidays/remove/", expectations.forget_holiday, name="remove-holiday"),
    path(
        "coordinator/evaluation-forms/<str:form_id>/",
        evaluation_forms.edit,
        name="evaluation-form",
    ),
    path(
        "coordinator/evaluation-forms/<str:form_id>/remove/",
        evaluation_forms.remove,
        name="evaluation-form-remove",
    ),
    path("hours/", hours.my_hours, name="hours"),
    path("hours/<uuid:placement_id>/", hours.hours, name="hours-of"),
    path("hours/<uuid:placement_id>/enter/", hours.enter, name="enter-day"),
    path("hours/<uuid:placement_id>/terms/", hours.terms, name="placement-terms"),
    path("hours/<uuid:placement_id>/certificate/", hours.certify, name="certify"),
    path("hours/<uuid:placement_id>/timeline/", timeline.timeline, name="timeline-of"),
    path("hours/<uuid:placement_id>/say/<str:what>/", timeline.say, name="timeline-say"),
    path("days/<uuid:attendance_id>/correct/", hours.correct, name="correct-day"),
    path("certificates/<str:code>.pdf", hours.certificate, name="certificate"),
    path("verify/", hours.verify, name="verify"),
    path("verify/<str:code>/", hours.verify, name="verify-code"),
    path("calendar/", calendar.calendar_link, name="calendar-link"),
    path("calendar/<str:secret>.ics", calendar.calendar, name="calendar"),
]
