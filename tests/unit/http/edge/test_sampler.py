"""Few are told one by one, and nothing is left out of the sums."""

from __future__ import annotations

from countersign.http.security_events.sampler import CALM_S, EACH, FLOODED_S, NETWORKS, SINGLES, Sampler


def flood(sampler: Sampler, count: int, networks: int, now_s: float = 0.0) -> int:
    """How many of them were told."""
    return sum(sampler.take("kind", f"network {n % networks}", now_s) for n in range(count))


def test_a_few_are_told_one_by_one() -> None:
    sampler = Sampler()

    assert flood(sampler, EACH, networks=1) == EACH
    assert sampler.due(CALM_S) == []


def test_what_is_more_than_a_few_of_one_network_is_one_sum() -> None:
    sampler = Sampler()
    assert flood(sampler, 50, networks=1, now_s=7) == EACH

    assert sampler.due(7 + CALM_S - 1) == []
    (summary,) = sampler.due(7 + CALM_S)
    assert (summary.network, summary.count, summary.began_s) == ("network 0", 50 - EACH, 7)
    assert sampler.due(7 + CALM_S) == []


def test_ten_thousand_from_a_thousand_networks_are_some_dozens() -> None:
    sampler = Sampler()
    told = flood(sampler, 10_000, networks=1_000)
    sums = sampler.due(CALM_S)

    assert told == SINGLES
    assert len(sums) == NETWORKS + 1
    assert told + sum(summary.count for summary in sums) == 10_000


def test_a_flood_that_goes_on_is_only_summed_up() -> None:
    sampler = Sampler()
    flood(sampler, 1_000, networks=1)
    sampler.due(CALM_S)

    assert flood(sampler, 1_000, networks=1, now_s=CALM_S + 1) == 0
    assert sampler.due(CALM_S * 3) == []
    (summary,) = sampler.due(CALM_S + 1 + FLOODED_S)
    assert summary.count == 1_000
    assert flood(sampler, 1, networks=1, now_s=CALM_S * 20) == 1


def test_a_window_that_nobody_asked_about_is_summed_up_when_the_next_begins() -> None:
    sampler = Sampler()
    flood(sampler, 5, networks=1)

    assert sampler.take("kind", "network 0", CALM_S * 2)
    assert [summary.count for summary in sampler.due(CALM_S * 2)] == [5 - EACH]


def test_what_was_lost_is_in_the_sum() -> None:
    sampler = Sampler()
    assert sampler.take("kind", "network", 0)
    sampler.lost("kind", "network", 0)
    sampler.lost("kind", "network", 0, count=41)

    assert [summary.count for summary in sampler.due(0, closing=True)] == [42]


def test_one_kind_does_not_hide_another() -> None:
    sampler = Sampler()
    flood(sampler, 1_000, networks=100)

    assert sampler.take("another kind", "network 0", 0)
