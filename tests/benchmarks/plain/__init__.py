"""The plain way: the portal under django-tenants' own settings, its API from DRF's shelf.

Equal to ours: schemas, rows, indexes, pages, templates, sign-in, sessions, the rest of the
middleware, the machine and the run. Different, as django-tenants' documentation and
`startproject` have it (settings.py): its backend, router and TenantMainMiddleware; the path
is said before each query (TENANT_LIMIT_SET_CALLS is False) and stays on the session; a
connection a request (CONN_MAX_AGE is 0) by a login that may do everything; no transaction
(ATOMIC_REQUESTS is False); a tenant looked up in each request, in the server's time zone.

The API's three busiest calls (api.py) are ModelSerializers, generic views and
PageNumberPagination with its count; a search is a sorted UNION of own school and pool. It has
what a careful programmer gives it: the stored tsvector with our index, select_related, one
GROUP BY a facet. Its facets are counted in full and it knows neither typos, synonyms nor
distance: less work than ours, not more.
"""
