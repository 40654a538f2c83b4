"""What the text suggests of an alert, and which decision linked it to a firm."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listen", "0007_recall_english"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="linked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="linked",
                to="listen.entitypair",
                verbose_name="linked by",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="suggested",
            field=models.JSONField(default=dict, verbose_name="what the text suggests"),
        ),
    ]
