"""Bringing real files in: schools and opportunities from CSV and XLSX.

reading.py and spreadsheets.py turn a file into numbered rows of text; columns.py finds
ours among theirs; values.py makes dates and numbers of text; schools.py and
opportunities.py know what a row means; plan.py holds what would change. Nothing is
written before every row has been read and found good.
"""
