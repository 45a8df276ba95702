from __future__ import annotations

from math import comb

import numpy as np
import pytest

from app.method.certificate import NEARLY_RIGHT, Bound, Population, bound

POPULATIONS = 2000


def verdicts(drawn: int, wrong: int = 0) -> list[bool]:
    """Return this many verdicts, the wrong ones first."""
    return [False] * wrong + [True] * (drawn - wrong)


def first_reaching(rows: int, wrong: int, prior: tuple[float, float] = NEARLY_RIGHT) -> int:
    """Return how many draws it takes until 95% of all rows are right at least."""
    bounds = Population(rows, prior).bounds(verdicts(400, wrong))
    return next(one.drawn for one in bounds if one.drawn >= wrong and one.least >= 0.95 * rows)


@pytest.mark.parametrize(
    ("wrong", "prior", "draws"),
    [(0, (20, 1), 89), (1, (20, 1), 135), (2, (20, 1), 174), (4, (20, 1), 242), (0, (1, 1), 149)],
)
def test_so_many_draws_show_that_nineteen_of_twenty_of_2000_rows_are_right(
    wrong: int, prior: tuple[float, float], draws: int
) -> None:
    assert first_reaching(2000, wrong, prior) == draws


def test_the_band_covers_the_truth_at_every_step_in_95_percent_of_2000_populations() -> None:
    """The truth is inside while its ratio is below the limit: the ends are those of that set."""
    random = np.random.default_rng(4)
    missed = 0
    for _ in range(POPULATIONS):
        rows = int(np.exp(random.uniform(np.log(20), np.log(100_000))))
        truth = round(rows * random.uniform(0.5, 1))
        right = np.zeros(rows + 1, dtype=np.int64)
        np.cumsum(random.permutation(np.arange(rows) < truth), out=right[1:])
        population = Population(rows)
        ratio = population.log_ratio(right, np.arange(rows + 1), truth)
        missed += bool((ratio >= population.limit).any())
    assert missed <= 0.05 * POPULATIONS


def test_the_ends_cover_the_truth_wherever_one_stops() -> None:
    random = np.random.default_rng(5)
    missed = 0
    for _ in range(200):
        rows = int(random.integers(20, 400))
        truth = round(rows * random.uniform(0.5, 1))
        bounds = Population(rows).bounds(random.permutation(np.arange(rows) < truth).tolist())
        missed += any(not one.least <= truth <= one.most for one in bounds)
        assert bounds[-1].least == bounds[-1].most == truth
    assert missed <= 0.05 * 200


@pytest.mark.parametrize(("rows", "drawn", "right"), [(30, 12, 11), (30, 12, 3), (57, 20, 20), (9, 1, 0)])
def test_the_ends_are_those_of_the_set_as_it_is_defined(rows: int, drawn: int, right: int) -> None:
    a, b = 3, 2

    def beta_binomial(n: int, k: int, a: int, b: int) -> float:
        from math import exp, lgamma

        def log_beta(x: float, y: float) -> float:
            return lgamma(x) + lgamma(y) - lgamma(x + y)

        return comb(n, k) * exp(log_beta(a + k, b + n - k) - log_beta(a, b))

    inside = [
        truth
        for truth in range(right, rows - drawn + right + 1)
        if beta_binomial(rows, truth, a, b)
        < 20 * beta_binomial(rows - drawn, truth - right, a + right, b + drawn - right)
    ]
    population = Population(rows, (a, b))
    [least], [most] = population._ends(np.array([right]), np.array([drawn]))
    assert (least, most) == (inside[0], inside[-1])


def test_what_was_found_wrong_is_taken_out_of_the_share() -> None:
    found = bound(2000, verdicts(174, 2))
    assert (found.drawn, found.right, found.remaining) == (174, 172, 1998)
    assert found.share_least == found.least / 1998 >= 0.95
    assert found.share_most == found.most / 1998


def test_a_bound_never_widens_while_it_does_not_contradict_itself() -> None:
    bounds = Population(500).bounds([*verdicts(60), False, *verdicts(40)])
    least, most = [one.least for one in bounds], [one.most for one in bounds]
    assert least == sorted(least) and most == sorted(most, reverse=True)


def test_verdicts_that_turn_against_an_earlier_bound_replace_it() -> None:
    found = bound(500, [True] * 100 + [False] * 200)
    assert found.least <= found.most <= 300


def test_nothing_is_known_before_the_first_draw_and_all_after_the_last() -> None:
    assert bound(2000, []) == Bound(2000, 0, 0, 0, 2000)
    assert bound(3, [True, False, True]) == Bound(3, 2, 1, 2, 2)
    assert bound(0, []) == Bound(0, 0, 0, 0, 0)
    assert bound(0, []).share_least == bound(2, [False, False]).share_least == 1


@pytest.mark.parametrize("rows", [40, 2000, 100_000])
@pytest.mark.parametrize("target", [0.8, 0.95, 0.99])
def test_the_draws_that_are_expected_reach_the_target_and_one_fewer_do_not(rows: int, target: float) -> None:
    population = Population(rows)
    so_far = verdicts(5)
    more = population.more_for(target, population.bounds(so_far)[-1])
    assert population.bounds(so_far + verdicts(more))[-1].share_least >= target
    assert population.bounds(so_far + verdicts(max(0, more - 1)))[-1].share_least < target


def test_more_draws_are_expected_once_a_wrong_one_was_found() -> None:
    population = Population(2000)
    assert population.more_for(0.95, population.bounds([])[-1]) == 89
    assert population.more_for(0.95, population.bounds(verdicts(40))[-1]) == 49
    one_in_forty = population.bounds(verdicts(40, 1))[-1]
    assert population.more_for(0.95, one_in_forty) > 200
    assert population.more_for(0.95, population.bounds(verdicts(89))[-1]) == 0


def test_where_too_much_is_wrong_every_row_is_expected_to_be_looked_at() -> None:
    population = Population(60)
    found = population.bounds([True, False] * 10)[-1]
    assert population.more_for(0.99, found) == 40
