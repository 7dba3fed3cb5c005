"""What is kept: one immutable bundle a run, chained by hashes, from which everything else can be made again."""

from auditor.store.bundle import BadBundle
from auditor.store.store import NoSuchRun, Store, default_folder

__all__ = ["BadBundle", "NoSuchRun", "Store", "default_folder"]
