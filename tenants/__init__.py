"""Who: regions, schools, their hosts, and the walls between them.

Everything that makes "one database, many tenants" true lives here: the registry
in the public schema, the database backend that ties a tenant to a transaction,
the middleware, and provisioning with its roles and grants.
"""
