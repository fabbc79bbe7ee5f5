"""A token counts once, for its issuer, until it could not be accepted anyway."""

import threading

from cds_service.security.replay import MemoryReplay
from tests.security.building import NOW, Clock

END = NOW + 300


def test_the_first_use_is_the_only_one() -> None:
    replay = MemoryReplay(Clock())
    assert replay.first_use("a", "1", END)
    assert not replay.first_use("a", "1", END)
    assert not replay.first_use("a", "1", END + 1000)


def test_a_jti_of_another_issuer_is_another() -> None:
    replay = MemoryReplay(Clock())
    assert replay.first_use("a", "1", END)
    assert replay.first_use("b", "1", END)
    assert replay.first_use("a1", "", END)
    assert replay.first_use("a", "2", END)


def test_what_has_expired_is_forgotten() -> None:
    clock = Clock()
    replay = MemoryReplay(clock)
    for number in range(100):
        assert replay.first_use("a", str(number), NOW + number)
    clock.now = NOW + 50
    assert not replay.first_use("a", "50", END)
    assert len(replay) == 50
    clock.now = END
    assert replay.first_use("a", "50", END)
    assert len(replay) == 1


def test_of_many_at_once_one_is_first() -> None:
    replay, together, answers = MemoryReplay(Clock()), threading.Barrier(16), list[bool]()

    def use() -> None:
        together.wait()
        answers.append(replay.first_use("a", "1", END))

    threads = [threading.Thread(target=use) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 15 + [True]
