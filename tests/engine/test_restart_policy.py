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


def test_before_anything_was_measured_silence_is_allowed_by_the_tokens_and_the_size_of_the_model() -> None:
    patience = Patience(answer=30, per_token=1)
    assert patience.silence(512, 5 * 10**6) == 30 + 512 * 0.005
    assert patience.silence(512, 10**9) == 542
    assert patience.silence(512, 10**12) == patience.longest


def test_silence_is_allowed_for_twenty_times_what_a_call_was_measured_to_take() -> None:
    patience = Patience()
    assert patience.silence(512, 10**9, expected=0.5) == 30 + 20 * 0.5
    assert patience.silence(1, 10**9, expected=1e9) == patience.longest


def test_loading_is_given_time_by_the_size_of_the_file_and_the_speed_of_the_disk() -> None:
    patience = Patience(load=60, per_gigabyte=30)
    assert patience.loading(0) == 60
    assert patience.loading(4 * 10**9) == 180
    assert patience.loading(4 * 10**9, disk=1e9) == 60 + 20 * 4
    assert patience.loading(4 * 10**9, disk=1e6) == patience.longest
