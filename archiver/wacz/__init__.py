"""WACZ 1.1.1: archives and what belongs to them in one ZIP that anybody's replayer opens.

From the bottom: `package` words what a WACZ says of itself, `blocks` and `pagelist` make its
index and its pages, `layout` puts them beside the WARCs, `signing` vouches for it, `draft` is
the ZIP in the making, `split` lists several and `export` writes them. `proof` is the way back:
it finds what a WACZ holds otherwise than it says.
"""

from archiver.wacz.export import write_wacz
from archiver.wacz.proof import lies

__all__ = ["lies", "write_wacz"]
