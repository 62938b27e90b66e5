"""A spider module that has no spider: with it, minutes pass like fractions of a second."""

from __future__ import annotations

import archiver.backoff

archiver.backoff.FIRST_PARKING = 0.2
archiver.backoff.LONGEST_PARKING = 0.4
