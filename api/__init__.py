"""The API, version 1: the pages' own actions and reads, for programs.

A resource is a view (`views/`) with its documents (`serializers/`); what all of them do
is in `resource.py`. No rule lives here, and no model.
"""
