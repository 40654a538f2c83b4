from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NqiConfig(AppConfig):
    name = "qualipolis.city.nqi"
    label = "nqi"
    verbose_name = _("Quality infrastructure services")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, rules of visibility and words of the ledger are known as soon as the room stands."""
        from qualipolis.city.nqi import queries, sentences, service  # noqa: F401
