"""The form of every page that takes a table in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qualipolis.lake.encodings import Limits


class TableUpload(forms.Form):
    """A file, and what to do with its rows that have errors."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx or csv (UTF-8 or GB18030), at most 50 MB. The first row holds the column names."),
    )
    skip_bad_rows = forms.BooleanField(label=_("Leave rows with errors out and take the others"), required=False)

    def clean_file(self) -> Any:
        """Refuse a file over the limit before it is read."""
        file = self.cleaned_data["file"]
        if file.size > Limits().bytes:
            raise forms.ValidationError(_("The file is over 50 MB. Split it and import the parts."))
        return file
