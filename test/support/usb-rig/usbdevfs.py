"""A USB device as the kernel shows it: the ioctls of /dev/bus/usb/BBB/DDD (linux/usbdevice_fs.h), endpoints, halts, claims.

Kept as real hardware behaves, since that is what clients get wrong:
- An IN transfer ends when its buffer is full or a packet shorter than the endpoint's packet size came. A container whose length is a multiple of the packet size ends
  with an empty packet, or, on devices that never send one, runs straight into the next container.
- A buffer that is no multiple of the packet size overflows (EOVERFLOW) when a packet does not fit.
- A stalled endpoint stays halted until CLEAR_HALT.
- An interface belongs to whoever claimed it: EBUSY for everybody else.
- A pulled cable ends all transfers with ESHUTDOWN, and every later call with ENODEV.
"""
import errno
import struct
import sys
import traceback
from collections import deque

import gi

gi.require_version('UMockdev', '1.0')
from gi.repository import UMockdev  # noqa: E402

from clients import Clients  # noqa: E402
from turn import in_turn, later  # noqa: E402

CONTROL, BULK_OUT, BULK_IN, INTERRUPT_IN = 0x00, 0x02, 0x81, 0x83
URB_CONTROL = 2
REQUESTS = {
    0x8038550A: 'submit', 0x4008550D: 'reap', 0x4008550C: 'reap', 0x8004551A: 'capabilities', 0x550B: 'discard',
    0x8004550F: 'claim', 0x80045510: 'release', 0x80045515: 'clear-halt', 0x80045503: 'clear-halt', 0x5514: 'reset',
    0x80085504: 'accept', 0x80045505: 'accept', 0x41045508: 'driver', 0xC0105512: 'no-driver', 0x8108551B: 'disconnect-claim',
    0x551F: 'speed', 0xC0185500: 'control', 0xC0185502: 'bulk',
}
CLAIM_LOOKS, CLAIM_LOOK_EVERY = 20, 10  # times, ms
# zero packets, continuation, no size limit, scatter gather, reap after disconnect
CAPABILITIES = 0x01 | 0x02 | 0x04 | 0x08 | 0x10


class Urb:
    def __init__(self, client, data, raw):
        self.client = client
        self.data = data
        self.kind, self.endpoint = raw[0], raw[1]
        self.length = struct.unpack_from('<i', raw, 24)[0]
        self.address = data.client_addr
        self.buffer = data.resolve(16, self.length) if self.length else None
        self.filled = 0
        self.status = 0

    def put(self, piece):
        if piece:
            self.buffer.update(self.filled, piece)
            self.filled += len(piece)


class Stream:
    """Bytes on their way to the host: one container, or a part of one that ends in a short packet of its own."""

    def __init__(self, length, pieces, zero_packet=True, unplug_after=None, stall_after=None):
        self.left = length
        self.pieces = pieces  # read(n) -> exactly min(n, left) bytes
        self.zero_packet = zero_packet and length % 512 == 0
        self.unplug_after = unplug_after
        self.stall_after = stall_after
        self.short_end = length % 512 != 0


class UsbDevice:
    """`behaviour` answers: received(bytes), control(setup, data) -> bytes | None, reset(), unplug(), buried(device)."""

    def __init__(self, node, number, behaviour):
        self.node = node
        self.number = number
        self.behaviour = behaviour
        self.gone = False
        self.pending = []
        self.done = deque()
        self.halted = set()
        self.owners = {}
        self.incoming = deque()
        self.events = deque()
        self.handler = UMockdev.IoctlBase()
        self.signal = self.handler.connect('handle-ioctl', self._on_ioctl)
        self.clients = Clients(self.handler, self._vanished)
        node.ready(False)

    # the device's side

    def send(self, length, read, **how):
        self.incoming.append(Stream(length, read, **how))
        self.pump()

    def send_event(self, packet):
        self.events.append(packet)
        self.pump()

    def halt(self, endpoint):
        self.halted.add(endpoint)
        self.pump()

    def flush(self):
        """Forgets what waits to be sent (cancel, reset)."""
        self.incoming.clear()

    def unplug(self):
        self.gone = True
        self.incoming.clear()
        for urb in self.pending:
            self._finish(urb, -errno.ESHUTDOWN)
        self.pending = []
        self.node.ready(True)

    def bury(self):
        """A pulled device goes on failing for those that still have it open; after the last of them nothing is left."""

        def buried():
            self.handler.disconnect(self.signal)
            self.node.close()
            self.behaviour.buried(self)

        self.clients.when_none(buried)

    def pump(self):
        """Moves what can be moved; called after every change."""
        progress = True
        while progress and not self.gone:
            progress = False
            for urb in list(self.pending):
                if urb not in self.pending:
                    continue
                if urb.endpoint in self.halted and urb.kind != URB_CONTROL:
                    self._end(urb, -errno.EPIPE)
                elif urb.endpoint == INTERRUPT_IN and self.events:
                    urb.put(self.events.popleft()[: urb.length])
                    self._end(urb, 0)
                    progress = True
                elif urb.endpoint == BULK_IN and self._first(urb) and self.incoming:
                    progress = self._fill(urb) or progress

    def _first(self, urb):
        return next(other for other in self.pending if other.endpoint == urb.endpoint) is urb

    def _fill(self, urb):
        """True when the transfer ended."""
        while self.incoming:
            stream = self.incoming[0]
            if stream.stall_after is not None and stream.stall_after <= 0:
                self.incoming.popleft()
                self.halted.add(BULK_IN)
                self._end(urb, -errno.EPIPE)
                return True
            if stream.unplug_after is not None and stream.unplug_after <= 0:
                self.behaviour.unplug()
                return True
            room = urb.length - urb.filled
            count = min(room, stream.left)
            for limit in (stream.stall_after, stream.unplug_after):
                if limit is not None:
                    count = min(count, max(512, limit // 512 * 512))
            if room < 512 and stream.left > room:
                # The packet does not fit: hardware calls it babble.
                urb.put(stream.pieces(room))
                stream.left -= room
                self._end(urb, -errno.EOVERFLOW)
                return True
            if count < stream.left:
                count -= count % 512
            urb.put(stream.pieces(count) if count else b'')
            stream.left -= count
            if stream.stall_after is not None:
                stream.stall_after -= count
            if stream.unplug_after is not None:
                stream.unplug_after -= count
            if stream.left == 0 and (stream.stall_after is None and stream.unplug_after is None):
                if stream.short_end:
                    self.incoming.popleft()
                    self._end(urb, 0)
                    return True
                if not stream.zero_packet:
                    self.incoming.popleft()
                elif urb.filled < urb.length or count == 0:
                    self.incoming.popleft()
                    self._end(urb, 0)
                    return True
            if urb.filled == urb.length:
                self._end(urb, 0)
                return True
        return False

    def _end(self, urb, status):
        self.pending.remove(urb)
        self._finish(urb, status)

    def _finish(self, urb, status):
        urb.status = status
        self.done.append(urb)
        self.node.ready(True)

    # the host's side

    def _vanished(self, client):
        self.pending = [urb for urb in self.pending if urb.client != client]
        self.done = deque(urb for urb in self.done if urb.client != client)
        self.owners = {interface: owner for interface, owner in self.owners.items() if owner != client}
        if not self.done:
            self.node.ready(False)

    @in_turn
    def _on_ioctl(self, _handler, client):
        request = REQUESTS.get(client.get_property('request') & 0xFFFFFFFF)
        argument = client.get_property('arg')
        if request in ('claim', 'disconnect-claim'):
            interface = struct.unpack('<I', bytes(argument.resolve(0, 4 if request == 'claim' else 264).retrieve())[:4])[0]
            self._claim(client, interface, CLAIM_LOOKS)
            return True
        try:
            result, error = self._answer(request, client, argument)
        except Exception:  # a mistake of the rig must not look like a device
            traceback.print_exc(file=sys.stderr)
            result, error = -1, errno.EIO
        client.complete(result, error)
        return True

    def _claim(self, client, interface, looks):
        """Busy only when the owner still lives a moment later: that a client closed the node is heard with delay."""
        self.clients.look()
        if self.gone:
            client.complete(-1, errno.ENODEV)
        elif self.owners.get(interface, client) == client:
            self.owners[interface] = client
            client.complete(0, 0)
        elif looks == 0:
            client.complete(-1, errno.EBUSY)
        else:
            later(CLAIM_LOOK_EVERY, lambda: self._claim(client, interface, looks - 1))

    def _answer(self, name, client, argument):
        if name == 'reap':
            return self._reap(client, argument)
        if self.gone:
            return -1, errno.ENODEV
        if name == 'capabilities':
            argument.resolve(0, 4).update(0, struct.pack('<I', CAPABILITIES))
            return 0, 0
        if name == 'submit':
            return self._submit(client, argument.resolve(0, 56))
        if name == 'discard':
            return self._discard(client, struct.unpack('<Q', bytes(argument.retrieve())[:8])[0])
        if name == 'release':
            self.owners.pop(struct.unpack('<I', bytes(argument.resolve(0, 4).retrieve()))[0], None)
            return 0, 0
        if name == 'clear-halt':
            self.halted.discard(struct.unpack('<I', bytes(argument.resolve(0, 4).retrieve()))[0] & 0xFF)
            self.pump()
            return 0, 0
        if name == 'reset':
            self.halted.clear()
            self.flush()
            self.behaviour.reset()
            return 0, 0
        if name == 'accept':
            return 0, 0
        if name in ('driver', 'no-driver'):
            return -1, errno.ENODATA
        if name == 'speed':
            return 3, 0  # high speed
        if name == 'control':
            return self._control_now(argument.resolve(0, 24))
        if name == 'bulk':
            # Only old clients use it; all of ours submit.
            return -1, errno.ENOTTY
        return -1, errno.ENOTTY

    def _submit(self, client, data):
        urb = Urb(client, data, bytes(data.retrieve()))
        if urb.kind == URB_CONTROL:
            self._control(urb)
            return 0, 0
        self.clients.look()
        if self.owners.get(0) != client:
            return -1, errno.EBUSY if 0 in self.owners else errno.EINVAL
        if urb.endpoint == BULK_OUT and BULK_OUT not in self.halted:
            packet = bytes(urb.buffer.retrieve()) if urb.buffer else b''
            urb.filled = urb.length
            self._finish(urb, 0)
            self.behaviour.received(packet)
        else:
            self.pending.append(urb)
        self.pump()
        return 0, 0

    def _control(self, urb):
        raw = bytes(urb.buffer.retrieve())
        answer = self._setup(raw[:8], raw[8:])
        if answer is None:
            self._finish(urb, -errno.EPIPE)
            return
        if answer:
            urb.buffer.update(8, answer)
        urb.filled = len(answer) if raw[0] & 0x80 else len(raw) - 8
        self._finish(urb, 0)

    def _control_now(self, data):
        raw = bytes(data.retrieve())
        length = struct.unpack_from('<H', raw, 6)[0]
        buffer = data.resolve(16, length) if length else None
        answer = self._setup(raw[:8], bytes(buffer.retrieve()) if buffer and not raw[0] & 0x80 else b'')
        if answer is None:
            return -1, errno.EPIPE
        if answer:
            buffer.update(0, answer)
        return (len(answer) if raw[0] & 0x80 else length), 0

    def _setup(self, setup, data):
        kind, request, value, index, length = struct.unpack('<BBHHH', setup)
        if kind == 0x02 and request == 1 and value == 0:  # CLEAR_FEATURE(ENDPOINT_HALT)
            self.halted.discard(index & 0xFF)
            return b''
        answer = self.behaviour.control(kind, request, value, index, data)
        return None if answer is None else answer[:length]

    def _discard(self, client, address):
        for urb in self.pending:
            if urb.client == client and urb.address == address:
                self._end(urb, -errno.ENOENT)
                return 0, 0
        return -1, errno.EINVAL

    def _reap(self, client, argument):
        urb = next((urb for urb in self.done if urb.client == client), None)
        if urb is None:
            if self.gone:
                if not self.done:
                    self.node.ready(False)
                return -1, errno.ENODEV
            if not self.done:
                self.node.ready(False)
            return -1, errno.EAGAIN
        self.done.remove(urb)
        urb.data.update(4, struct.pack('<i', urb.status))
        urb.data.update(28, struct.pack('<i', urb.filled))
        argument.resolve(0, 8).set_ptr(0, urb.data)
        if not self.done:
            self.node.ready(False)
        return 0, 0
