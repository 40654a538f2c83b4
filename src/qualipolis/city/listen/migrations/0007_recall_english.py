"""A recall has words in English for its announcement."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0006_signal_trials")]

    operations = [
        migrations.AddField(
            model_name="recall",
            name="body_en",
            field=models.TextField(blank=True, max_length=4000, verbose_name="text in English"),
        ),
    ]
