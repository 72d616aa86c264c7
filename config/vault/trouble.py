"""What can go wrong with Vault, told without a word of what Vault or a secret said."""

from __future__ import annotations


class VaultTrouble(Exception):
    """Vault did not do what it was asked to; the message says what that was and what to do, and no secret."""


class VaultAway(VaultTrouble):
    """Vault cannot be reached or does not work; trying again later may help."""


class VaultSealed(VaultAway):
    """Vault runs but is sealed: somebody has to unseal it."""


class VaultRefused(VaultTrouble):
    """Vault does not let this service do that: a log-in, a token or a policy is wrong or over."""


class NotInVault(VaultTrouble):
    """There is nothing at this place in Vault."""
