"""A release to come, with a migration that one school's data stand in the way of."""
