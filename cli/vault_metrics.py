"""Figures of Vault for Prometheus, written by the thread that keeps what a process holds."""

from __future__ import annotations

from typing import Final

from prometheus_client import Gauge

from countersign.config.vault.standing import Standing, State

_UP: Final = Gauge(
    "countersign_vault_up",
    "Whether Vault does what it is asked for (1) or not (0)",
    multiprocess_mode="livemin",
)
_LEFT: Final = Gauge(
    "countersign_vault_left_seconds",
    "How long what a process holds of Vault lives, at the least of all processes",
    ["held"],
    multiprocess_mode="livemin",
)


def show(standing: Standing) -> None:
    """Set the figures of this process."""
    _UP.set(standing.state is State.OK)
    _LEFT.labels("token").set(standing.token_left_s)
    _LEFT.labels("database").set(standing.database_left_s)
    _LEFT.labels("keys").set(standing.keys_left_s)
