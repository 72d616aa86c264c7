"""Every command about kept searches, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.search.delete_search import DeleteSearch, delete_search
from countersign.commands.search.save_search import SaveSearch, save_search
from countersign.commands.search.share_search import ShareSearch, share_search


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        SaveSearch: save_search,
        ShareSearch: share_search,
        DeleteSearch: delete_search,
    }
