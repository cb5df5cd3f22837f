"""Who has a node open. umockdev 0.17.16 tells when a client comes, never when it goes: each is asked whether it is still connected."""
from gi.repository import GLib

from turn import in_turn

LOOK_EVERY = 50  # ms


class Clients:
    def __init__(self, handler, on_vanished):
        self.open = []
        self.on_vanished = on_vanished
        self.handler = handler
        self.signal = handler.connect('client-connected', self._on_connected)

    @in_turn
    def _on_connected(self, _handler, client):
        self.open.append(client)

    def look(self):
        """Forgets those that closed the node, or died; how many are left."""
        for client in [client for client in self.open if not client.get_connected()]:
            self.open.remove(client)
            self.on_vanished(client)
        return len(self.open)

    def when_none(self, act):
        """Calls `act`, from the main thread, once nobody has the node open any more."""

        @in_turn
        def left():
            return self.look()

        def check():
            if left() > 0:
                return True
            # Not in turn: umockdev may wait for its own thread here.
            self.handler.disconnect(self.signal)
            act()
            return False

        GLib.timeout_add(LOOK_EVERY, check)
