"""Making, granting and migrating schemas. Runs on the owner's connection."""
