from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("internships", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="latitude",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="placement",
            name="longitude",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="placement",
            name="radius_m",
            field=models.PositiveSmallIntegerField(
                null=True, verbose_name="radius of the site (meters)"
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="required_hours",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="hours required"),
        ),
        # what was requested before this column was; a pool listing's position comes with the next
        migrations.RunSQL(
            "UPDATE internships_placement SET latitude = o.latitude, longitude = o.longitude"
            " FROM catalog_opportunity o WHERE o.id = opportunity_id",
            migrations.RunSQL.noop,
        ),
    ]
