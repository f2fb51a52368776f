"""A search in templates: its address, its name, whether it is worth keeping."""

from django import template

from portico.web.student.searching import write_address
from sharing.saved_searches import is_worth_keeping
from sharing.search import Criteria

register = template.Library()
register.filter("worth_keeping", is_worth_keeping)


@register.filter
def address(criteria: Criteria) -> str:
    """The query that asks the same again."""
    return write_address(criteria)
