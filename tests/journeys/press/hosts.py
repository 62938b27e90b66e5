"""All hosts of the press, in the order of their addresses."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.press import brigand, marrowby
from tests.journeys.press.brackwater_review import brackwater_review
from tests.journeys.press.harbour_times import harbour_times
from tests.journeys.press.host import Host
from tests.journeys.press.kelm_gazette import kelm_gazette
from tests.journeys.press.labyrinth import labyrinth
from tests.journeys.press.long_read import long_read
from tests.journeys.press.many_kinds import many_kinds
from tests.journeys.press.old_post import old_post
from tests.journeys.press.reserved_rights import reserved_rights
from tests.journeys.press.rush_hour import rush_hour
from tests.journeys.press.slow_lane import slow_lane
from tests.journeys.press.tessel_quay import tessel_quay

HOSTS: tuple[Callable[[int], Host], ...] = (
    harbour_times,
    kelm_gazette,
    brackwater_review,
    tessel_quay,
    old_post,
    marrowby.marrowby,
    marrowby.marrowby_mobile,
    slow_lane,
    rush_hour,
    labyrinth,
    brigand.brigand,
    brigand.two_faced,
    long_read,
    many_kinds,
    reserved_rights,
)
