"""Every case of the golden test; those of one kind stand in a file of their own."""

from __future__ import annotations

from tests.wire.bodies import BODIES
from tests.wire.case import Case
from tests.wire.endings import ENDINGS
from tests.wire.framing import FRAMING
from tests.wire.heads import HEADS
from tests.wire.lengths import LENGTHS
from tests.wire.routes import ROUTES
from tests.wire.visits import VISITS

CASES: tuple[Case, ...] = HEADS + BODIES + FRAMING + LENGTHS + ENDINGS + VISITS + ROUTES
BY_NAME = {case.name: case for case in CASES}
