from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HospitalConfig(AppConfig):
    name = "qualipolis.city.hospital"
    label = "hospital"
    verbose_name = _("Product hospital")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, rules of visibility and words of the ledger are known as soon as the room stands."""
        from qualipolis.city.hospital import queries, sentences, service  # noqa: F401
        from qualipolis.city.hospital.learning import signals  # noqa: F401
