from __future__ import annotations

from app.engine.restart_policy import Deaths, Patience


def test_the_delay_doubles_up_to_its_limit_and_the_fifth_death_in_a_row_is_the_last() -> None:
    deaths = Deaths(Patience(longest_delay=3.0))
    assert [deaths.died() for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, None]


def test_ten_finished_items_bring_the_delay_back_to_its_start() -> None:
    deaths = Deaths(Patience())
    assert [deaths.died(), deaths.died()] == [0.5, 1.0]
    for _ in range(10):
        deaths.finished_one()
    assert deaths.died() == 0.5


def test_nine_finished_items_are_not_enough() -> None:
    deaths = Deaths(Patience())
    for _ in range(4):
        assert deaths.died() is not None
    for _ in range(9):
        deaths.finished_one()
    assert deaths.died() is None


def test_a_worker_that_dies_every_ten_items_goes_on_for_ever() -> None:
    deaths = Deaths(Patience())
    for _ in range(50):
        for _ in range(10):
            deaths.finished_one()
        assert deaths.died() == 0.5


def test_silence_is_allowed_longer_for_a_longer_call() -> None:
    patience = Patience(answer=30, per_token=1)
    assert patience.silence(512) == 542


def test_a_large_file_may_take_longer_to_load() -> None:
    patience = Patience(load=120, per_gigabyte=30)
    assert patience.loading(0) == 120
    assert patience.loading(40 * 10**9) == 1320
