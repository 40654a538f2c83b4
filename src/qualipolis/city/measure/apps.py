from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeasureConfig(AppConfig):
    name = "qualipolis.city.measure"
    label = "measure"
    verbose_name = _("Measure")
    default_auto_field = "django.db.models.BigAutoField"
