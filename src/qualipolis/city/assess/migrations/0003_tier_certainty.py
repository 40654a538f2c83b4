from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assess", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="scorecard",
            name="tier_certainty",
            field=models.FloatField(blank=True, null=True, verbose_name="probability of the own tier"),
        ),
    ]
