"""Where sealed files live: a folder, or a bucket.

A store holds whole files under names with slashes. It never appends and never overwrites.
"""

from archiver.storage.local import LocalStore
from archiver.storage.store import Store, open_store

__all__ = ["LocalStore", "Store", "open_store"]
