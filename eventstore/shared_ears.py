"""One connection for all threads of a process that listen to the same channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread

from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.wakeups import Listener, ListenerBase

_SLICE_S = 0.2
_READY_S = 10.0


class SharedEars:
    """Gives out listeners that cost no connection; `connect` makes the one that hears for all of them."""

    def __init__(self, connect: Callable[[Sequence[str]], Listener]) -> None:
        self._own = PerProcess(lambda: _Ears(connect))

    def listen(self, channels: Sequence[str]) -> Listener:
        """Listen from now on."""
        return self._own.get().to(tuple(channels)).listener()

    def close(self) -> None:
        """Disconnect."""
        ears = self._own.existing()
        if ears:
            ears.close()


class _Ears:
    def __init__(self, connect: Callable[[Sequence[str]], Listener]) -> None:
        self._connect = connect
        self._lock = Lock()
        self._ears: dict[tuple[str, ...], _Ear] = {}

    def to(self, channels: tuple[str, ...]) -> _Ear:
        with self._lock:
            if channels not in self._ears:
                self._ears[channels] = _Ear(lambda: self._connect(channels))
            return self._ears[channels]

    def close(self) -> None:
        with self._lock:
            closing = [self._ears.pop(channels) for channels in tuple(self._ears)]
        for ear in closing:
            ear.close()


class _Ear:
    def __init__(self, connect: Callable[[], Listener]) -> None:
        self._connect = connect
        self._listeners: frozenset[_Woken] = frozenset()
        self._lock = Lock()
        self._ready = Event()
        self.hears = False
        self._closed = Event()
        self._thread = Thread(target=self._run, name="ear", daemon=True)
        self._thread.start()

    def listener(self) -> Listener:
        listener = _Woken(self)
        with self._lock:
            self._listeners |= {listener}
        self._ready.wait(_READY_S)
        return listener

    def close(self) -> None:
        self._closed.set()
        self._thread.join(10 * _SLICE_S)

    def remove(self, listener: _Woken) -> None:
        with self._lock:
            self._listeners -= {listener}

    def _run(self) -> None:
        with self._connect() as hearing:
            self.hears = hearing.hears
            self._ready.set()
            while not self._closed.is_set():
                woken = hearing.wait(_SLICE_S)
                heard, self.hears = self.hears, hearing.hears
                if woken or (heard and not self.hears):  # their waits are too long for one that is deaf
                    for listener in self._listeners:
                        listener.wake()


class _Woken(ListenerBase):
    def __init__(self, ear: _Ear) -> None:
        super().__init__()
        self._ear = ear
        self._news = Event()

    @property
    def hears(self) -> bool:
        """See `Listener.hears`."""
        return self._ear.hears

    def wake(self) -> None:
        self._news.set()

    def wait(self, timeout_s: float) -> bool:
        """See `Listener.wait`."""
        if not self._news.wait(timeout_s):
            return False  # and nothing is cleared: a signal may come at this very moment
        self._news.clear()
        return True

    def close(self) -> None:
        super().close()
        self._ear.remove(self)
