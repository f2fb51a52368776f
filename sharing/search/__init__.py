"""One list: own opportunities and pool listings, searched together from a school.

    results = search_listings(criteria=Criteria(words="animals", days=(4,)), school_position=…)

Two branches, each ordered and limited by itself, own school first: one sorted UNION of
50,000 pool listings costs a hundred times as much. Runs inside a school's tenant.
"""

from sharing.search.criteria import SORTS, Criteria, Facets, Listing, Results
from sharing.search.find import get_listing, search_listings

__all__ = [
    "SORTS",
    "Criteria",
    "Facets",
    "Listing",
    "Results",
    "get_listing",
    "search_listings",
]
