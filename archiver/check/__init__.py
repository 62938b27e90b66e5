"""Prove a WARC, a WACZ or a collection sound, or say exactly where it is not.

From the bottom: a `fault` is what a check has to say; `payload` and `digests` read a block
once; `fields` holds the rules for a record's header, `revisits` those for what refers to the
payload of another, and `ours` those among our records; `index`, `pages` and `texts`, together
`companions`, are compared with a `warc` in one pass; `sealed` adds the manifest, `collection`
the folder. Of a WACZ, `waczpackage`, `waczindex`, `waczblocks` and `waczpages` judge what lies
beside its WARCs, `waczmembers` reads each file once, `wacz` adds the ZIP and `waczlist` those
that belong together. `run` is the command.
"""

from archiver.check.fault import Fault
from archiver.check.run import check_path, run_check

__all__ = ["Fault", "check_path", "run_check"]
