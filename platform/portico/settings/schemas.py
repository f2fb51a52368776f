"""Which app lives in which kind of schema, and who may do what with each table.

An app lives in one kind of schema; the few that live in two are listed in
IN_TWO_KINDS, and a test keeps the list honest. GRANTS is the wall: a table that
is missing here is a table nobody may touch, and a test says so.
"""

PUBLIC_APPS = [
    "tenants",
    "django.contrib.contenttypes",
]
REGION_APPS = [
    "portico.accounts",
    "portico.due",
    "portico.audit",
    "portico.notices",
    "portico.webhooks",
    "portico.trust",
    "portico.signin",
    "allauth.account",
    "allauth.mfa",
    "sharing",
]
SCHOOL_APPS = [
    "portico.accounts",
    "portico.audit",
    "portico.notices",
    "portico.webhooks",
    "portico.signin",
    "allauth.mfa",
    "catalog",
    "portico.internships",
    "portico.attendance",
    "portico.documents",
    "portico.privacy",
]
IN_TWO_KINDS = {
    "portico.accounts",
    "portico.audit",
    "portico.notices",
    "portico.webhooks",
    "portico.signin",
    "allauth.mfa",
}

ALL = "SELECT, INSERT, UPDATE, DELETE"
READ = "SELECT"
APPEND = "SELECT, INSERT"
# E-mails of allauth: Person has them. Deleting a person looks here; in a school, in its region's.
NEVER_FILLED = "SELECT, DELETE"

# Rights of the site's own login on the registry; everything else there is read only.
PUBLIC_GRANTS = {
    "tenants_tenant": "SELECT, UPDATE (color, language, pursuit_days, short_name)",
    "tenants_domain": READ,
    "tenants_registryversion": READ,
    "django_content_type": READ,
    "django_migrations": READ,
}

# Rights of a tenant's role on the tables of its own schema.
SCHOOL_GRANTS = {
    "accounts_person": ALL,
    "accounts_linktoken": ALL,
    "accounts_apitoken": ALL,
    "accounts_idempotentrequest": ALL,
    "audit_entry": APPEND,
    "notices_notice": ALL,
    "webhooks_subscription": ALL,
    "webhooks_delivery": ALL,
    "signin_identity": ALL,
    "signin_session": ALL,
    "mfa_authenticator": ALL,
    "django_migrations": READ,
    "catalog_term": ALL,
    "catalog_site": ALL,
    "catalog_mentor": ALL,
    "catalog_opportunity": ALL,
    "catalog_favorite": ALL,
    "catalog_wishlistitem": ALL,
    "catalog_savedsearch": ALL,
    "catalog_suggestion": ALL,
    "catalog_lead": ALL,
    "catalog_missedsearch": ALL,
    "internships_placement": ALL,
    "attendance_attendance": ALL,
    "attendance_tap": ALL,
    "attendance_attendancepolicy": ALL,
    "attendance_studentchoice": ALL,
    "attendance_mentorreach": ALL,
    "attendance_mentorlink": ALL,
    "attendance_timelineentry": ALL,
    "attendance_certificate": ALL,
    "documents_requirement": ALL,
    "documents_document": ALL,
    "documents_documentlink": ALL,
    "documents_studentrecord": ALL,
    "privacy_retentionchoice": ALL,
}
REGION_GRANTS = {
    "accounts_person": ALL,
    "accounts_linktoken": ALL,
    "accounts_apitoken": ALL,
    "accounts_idempotentrequest": ALL,
    "audit_entry": APPEND,
    "notices_notice": ALL,
    "webhooks_subscription": ALL,
    "webhooks_delivery": ALL,
    "signin_identity": ALL,
    "signin_session": ALL,
    "mfa_authenticator": ALL,
    "account_emailaddress": NEVER_FILLED,
    "account_emailconfirmation": NEVER_FILLED,
    "django_migrations": READ,
    "sharing_partner": ALL,
    "sharing_synonym": ALL,
    "sharing_poollisting": ALL,
    "sharing_mentorcontact": ALL,
    "sharing_hold": READ,
    "sharing_ownerquestion": READ,
    "due_duework": ALL,
    "trust_provider": ALL,
    "trust_demand": ALL,
    "sharing_rollup": ALL,
    "sharing_visible_listing": READ,
    "sharing_own_listing": READ,
}

# Rights every school of a region has on the region's schema, through the group role.
# Rows are narrowed further: by the views' own conditions and by row-level security.
# The listings' table itself is not here: see docs/adr/0002.
SHARED_GRANTS = {
    "sharing_partner": READ,
    "sharing_synonym": READ,
    "sharing_visible_listing": READ,
    "sharing_own_listing": READ,
    "sharing_mentorcontact": READ,
    "sharing_hold": READ,
    "sharing_ownerquestion": READ,
    "sharing_rollup": ALL,
    "due_duework": ALL,
    "trust_provider": ALL,
    "trust_demand": ALL,
    "account_emailaddress": READ,
    "account_emailconfirmation": READ,
}

# Functions of the region's schema a school may call: the only way it changes the pool.
SHARED_FUNCTIONS = [
    "pool_release(jsonb, jsonb)",
    "pool_recall(uuid, integer)",
    "pool_close(uuid)",
    "pool_claim(uuid, uuid, timestamptz)",
    "pool_set_hold(uuid, uuid, text, timestamptz)",
    "pool_free(uuid, uuid)",
    "pool_ask_owner(uuid, uuid, text, smallint, text, smallint)",
    "pool_answer(uuid, boolean, text)",
    "pool_drop_question(uuid)",
    "pool_origins(uuid[])",
    "pool_tell(text, uuid, uuid)",
]
# Those of them the region itself calls too.
REGION_FUNCTIONS = ["pool_tell(text, uuid, uuid)"]
