"""Pages of a day at the internship: the student's phone, the mentor's link, the school's view."""
