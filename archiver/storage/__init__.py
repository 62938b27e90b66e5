"""Where sealed files live: a folder, or a bucket.

A store holds whole files under names with slashes. It never appends and never overwrites.
"""

from archiver.storage.access import Access, Secret, access_from
from archiver.storage.address import is_bucket
from archiver.storage.local import LocalStore
from archiver.storage.store import Bucket, Store, open_bucket, open_store

__all__ = [
    "Access",
    "Bucket",
    "LocalStore",
    "Secret",
    "Store",
    "access_from",
    "is_bucket",
    "open_bucket",
    "open_store",
]
