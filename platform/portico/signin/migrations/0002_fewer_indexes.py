from django.db import migrations

# allauth's own e-mail addresses are never filled: Person has them. Its questions about them find
# the region's empty tables, so a school (its schema's name has "__") needs none. A region keeps its.
NO_EMAILS_OF_ALLAUTH = """
DO $$
BEGIN
    IF position('__' IN current_schema()) > 0 THEN
        EXECUTE format(
            'DROP TABLE IF EXISTS %1$I.account_emailconfirmation, %1$I.account_emailaddress',
            current_schema()
        );
    END IF;
END $$
"""


# Django makes a second index of a unique text for LIKE, which nobody asks of these.
class Migration(migrations.Migration):
    dependencies = [
        ("signin", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "DROP INDEX signin_session_session_key_96fc0616_like",
            "CREATE INDEX signin_session_session_key_96fc0616_like ON signin_session (session_key varchar_pattern_ops)",
        ),
        migrations.RunSQL(NO_EMAILS_OF_ALLAUTH, migrations.RunSQL.noop),
    ]
