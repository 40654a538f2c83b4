"""Addresses of early-warning signals: the board, all of them, one, what they propose, how good they are."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.listen import signal, signal_board, signal_list, signal_proposals, signal_quality

urlpatterns = [
    path("signals/", signal_board.signals, name="listen_signals"),
    path("signals/all/", signal_list.all_signals, name="listen_signal_list"),
    path("signals/quality/", signal_quality.signal_quality, name="listen_signal_quality"),
    path("signals/proposals/", signal_proposals.proposals, name="listen_proposals"),
    path("signals/proposals/<int:pk>/", signal_proposals.proposal, name="listen_proposal"),
    path("signals/<int:pk>/", signal.signal, name="listen_signal"),
]
