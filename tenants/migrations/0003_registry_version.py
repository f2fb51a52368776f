"""A number that is another after every change of the registry, however it was made.

The trigger is deferred to the end of the transaction: provisioning a school takes a tenth of a
second, and the one row is locked only while that commits, so schools are made beside each
other. A transaction counts once, however many rows it has changed.
"""

from django.db import migrations, models

COUNTING = """
INSERT INTO tenants_registryversion (id, version) VALUES (1, 1);

-- Whoever changes a tenant changes the number, whatever else they may do.
CREATE FUNCTION registry_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    UPDATE public.tenants_registryversion SET version = version + 1
    WHERE xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION registry_changed() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER registry_changed
    AFTER INSERT OR UPDATE OR DELETE ON tenants_tenant
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION registry_changed();
CREATE CONSTRAINT TRIGGER registry_changed
    AFTER INSERT OR UPDATE OR DELETE ON tenants_domain
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION registry_changed();
"""
NOT_COUNTING = """
DROP TRIGGER registry_changed ON tenants_domain;
DROP TRIGGER registry_changed ON tenants_tenant;
DROP FUNCTION registry_changed();
DELETE FROM tenants_registryversion;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_roster_id")]

    operations = [
        migrations.CreateModel(
            name="RegistryVersion",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("version", models.BigIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one_registry_version"
                    )
                ],
            },
        ),
        migrations.RunSQL(COUNTING, NOT_COUNTING),
    ]
