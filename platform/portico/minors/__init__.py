"""Rules for those under 18: how many hours, when, by age, pay and state.

The rules are rows of a table (rules.toml and a file of the installation's own), compared
with a schedule. Portico warns and names the source; it never certifies that all is well.
"""
