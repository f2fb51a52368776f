"""A school, a region or everything, kept elsewhere and brought back.

A school's whole data is its schema, so a backup is a dump a schema, all of one moment, with
the rows of the registry, the files that belong to it and a manifest that says what is there.
Rights are not in it: they are made again as portico.settings.schemas declares them.
"""
