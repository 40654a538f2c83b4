"""From a table of reports to signals: what is unusual this week, where, how sure, and by what it was told.

``read_config`` and ``read_reports`` read the two files, ``listen`` judges, ``write`` puts the answer in a folder.
"""

from qualipolis.lake.signals.config import Config, read_config
from qualipolis.lake.signals.listening import Heard, listen
from qualipolis.lake.signals.places import Places, read_places
from qualipolis.lake.signals.reports import Reports, read_reports
from qualipolis.lake.signals.writing import write

__all__ = ["Config", "Heard", "Places", "Reports", "listen", "read_config", "read_places", "read_reports", "write"]
