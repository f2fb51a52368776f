"""A school's people: who is here with which roles, who stands in for whom, seeing as a student.

No tables of its own: people are rows of `portico.accounts`.
"""
