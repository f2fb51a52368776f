"""A student's pages, one file a place of the navigation."""
