"""One thing at a time: umockdev calls the handlers of ioctls and reads from a thread of its own, commands and timers come from the main one."""
import functools
import threading

from gi.repository import GLib

_lock = threading.RLock()


def in_turn(act):
    """Decorates what is called from either side."""

    @functools.wraps(act)
    def locked(*arguments, **more):
        with _lock:
            return act(*arguments, **more)

    return locked


def later(milliseconds, act):
    """Calls `act` once, from the main thread."""

    def once():
        with _lock:
            act()
        return False

    GLib.timeout_add(milliseconds, once)
