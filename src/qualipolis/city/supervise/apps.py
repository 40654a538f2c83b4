from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuperviseConfig(AppConfig):
    name = "qualipolis.city.supervise"
    label = "supervise"
    verbose_name = _("Supervise")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, rules of visibility and words of the ledger are known as soon as the room stands."""
        from qualipolis.city.supervise import queries, sentences, service  # noqa: F401
