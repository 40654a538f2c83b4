"""The form of every page that takes a table in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qualipolis.lake.encodings import Limits


class Bounded:
    """A form whose field ``file`` takes a file of at most ``MOST`` bytes; ``TOO_LARGE`` is said of a larger one."""

    MOST: ClassVar[int] = Limits().bytes
    TOO_LARGE: ClassVar[Any] = _("The file is over 50 MB. Split it and import the parts.")
    cleaned_data: dict[str, Any]

    def clean_file(self) -> Any:
        """Refuse a file over the limit before it is read."""
        file = self.cleaned_data["file"]
        if file.size > self.MOST:
            raise forms.ValidationError(self.TOO_LARGE)
        return file


class TableUpload(Bounded, forms.Form):
    """A file, and what to do with its rows that have errors."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx or csv (UTF-8 or GB18030), at most 50 MB. The first row holds the column names."),
    )
    skip_bad_rows = forms.BooleanField(label=_("Leave rows with errors out and take the others"), required=False)
