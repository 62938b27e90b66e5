"""Slots that are parked, and the order in which they leave."""

from __future__ import annotations

from spiders.parking import Parking


def parked(*slots: tuple[str, float]) -> Parking:
    parking = Parking()
    for slot, until in slots:
        parking.park(slot, until)
    return parking


def test_nobody_is_parked_at_first() -> None:
    parking = Parking()

    assert (list(parking.leave(9.0)), parking.first(), "a" in parking) == ([], None, False)


def test_slots_leave_in_the_order_of_their_times() -> None:
    parking = parked(("c", 3.0), ("a", 1.0), ("b", 2.0))

    assert parking.first() == 1.0
    assert list(parking.leave(2.0)) == ["a", "b"]
    assert (parking.first(), "b" in parking, "c" in parking) == (3.0, False, True)


def test_a_slot_leaves_when_its_time_is_over_and_no_earlier() -> None:
    parking = parked(("a", 1.0))

    assert list(parking.leave(0.999)) == []
    assert list(parking.leave(1.0)) == ["a"]
    assert list(parking.leave(1.0)) == []


def test_a_time_is_made_longer_and_never_shorter() -> None:
    parking = parked(("a", 5.0), ("a", 2.0), ("a", 7.0))

    assert parking.first() == 7.0
    assert list(parking.leave(6.0)) == []
    assert list(parking.leave(7.0)) == ["a"]


def test_a_slot_that_has_left_may_be_parked_again() -> None:
    parking = parked(("a", 5.0))
    assert list(parking.leave(5.0)) == ["a"]
    parking.park("a", 3.0)

    assert list(parking.leave(3.0)) == ["a"]
