"""People come in from a roster: OneRoster files or service, or a school's spreadsheet.

archive.py opens a zip safely; oneroster.py, with sessions.py and teachers.py, and sheets.py
make a Roster (roster.py) of what they read; rest.py fetches one as a zip. schools.py finds
the school of each org. difference.py says what a roster would change in a school, actions.py
changes it, runs.py does both for all schools of a file, uploads.py and tasks.py for a page.
"""
