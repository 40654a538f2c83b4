from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "qualipolis.city.core"
    label = "core"
    verbose_name = _("Core")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qualipolis.city.core import ledger_pages, queries, service, sign_in  # noqa: F401  (verbs, visibility, lists)
