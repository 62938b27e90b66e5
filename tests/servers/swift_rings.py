"""Write the rings of a Swift of one device: `python -m … FOLDER ACCOUNT CONTAINER OBJECT`.

The last three are the ports of its storage servers. A program, for Swift brings eventlet along,
which a test's own process is better without.
"""

from __future__ import annotations

import sys
from pathlib import Path

from swift.common.ring import RingBuilder


def main(folder: Path, ports: list[int]) -> None:
    """Write `account.ring.gz` and its like into *folder*."""
    for name, port in zip(("account", "container", "object"), ports, strict=True):
        builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
        here = {"ip": "127.0.0.1", "port": port, "device": "device"}
        builder.add_dev({"region": 1, "zone": 1, "weight": 1.0, **here})
        builder.rebalance()
        builder.get_ring().save(str(folder / f"{name}.ring.gz"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(port) for port in sys.argv[2:]])
