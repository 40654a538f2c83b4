"""Addresses of early-warning signals with arguments of the demo city: one signal in each state, one proposal of each kind."""

from __future__ import annotations

SIGNALS = {
    "desk:listen_signal": "SELECT MIN(id) AS pk FROM listen_signal GROUP BY status, kind",
    "desk:listen_proposal": "SELECT MIN(id) AS pk FROM listen_proposal GROUP BY status, kind",
}
