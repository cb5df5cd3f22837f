"""How Canon EOS and Nikon bodies announce new pictures: by being asked (devices.md 1.4)."""
import struct

from datasets import u16, u32
from ptp import OK, STANDARD_OPERATIONS, Answer, Responder

# Standard property: (Canon's own, value)
CANON_PROPERTIES = {0x5007: 0xD101, 0x500D: 0xD102, 0x500F: 0xD103}


class Canon(Responder):
    """9114 SetRemoteMode, 9115 SetEventMode, then 9116 GetEvent answers records `u32 size, u32 type, ...`, ended by one of size 8 and type 0."""

    maker, model = 'Canon Inc.', 'Canon EOS 90D'
    extension = 0x0000000B
    operations = [*STANDARD_OPERATIONS, 0x9114, 0x9115, 0x9116, 0x9117, 0x911A, 0x911D]
    events = []

    def end_session(self):
        super().end_session()
        self.remote = self.event_mode = False
        self.records = []

    def _op_9114(self, p, data):
        self.remote = p[0] != 0
        return Answer()

    def _op_9115(self, p, data):
        self.event_mode = p[0] != 0
        return Answer()

    def _op_9116(self, p, data):
        records, self.records = self.records, []
        if not self.event_mode:
            records = []
        return Answer(data=b''.join(records) + struct.pack('<II', 8, 0))

    def _op_9117(self, p, data):
        return Answer(OK)

    _op_911a = _op_911d = _op_9117

    def _record(self, kind, body):
        self.records.append(struct.pack('<II', 8 + len(body), kind) + body)

    def announce(self, code, parameter):
        if not self.event_mode:
            return
        if code == 0x4002:
            thing = self._thing(parameter)
            if thing is None:
                self._record(0xC181, u32(parameter) + u32(0) + bytes(0x30))
                return
            # ObjectAddedEx: handle, storage, format at 16, size at 28, parent at 32, handle at 36, name at 40 (all from the start of the record).
            name = thing.name.encode()[:15].ljust(16, b'\0')
            body = u32(parameter) + u32(thing.storage.id) + u32(thing.format) + bytes(8) + u32(thing.content.size)
            self._record(0xC181, body + u32(self.parent_of(thing)) + u32(parameter) + name + bytes(4))
        elif code == 0x4003:
            self._record(0xC182, u32(parameter))
        elif code == 0x4006:
            self._record(0xC189, u32(CANON_PROPERTIES.get(parameter, parameter)) + u32(self.values[parameter]))


class Nikon(Responder):
    """90C7 GetEvent answers `u16 count, (u16 code, u32 parameter)*` and forgets them."""

    maker, model = 'Nikon Corporation', 'NIKON D7500'
    extension = 0x0000000A
    operations = [*STANDARD_OPERATIONS, 0x90C2, 0x90C7, 0x90C8]

    def end_session(self):
        super().end_session()
        self.queue = []

    def announce(self, code, parameter):
        if self.session is not None:
            self.queue.append((code, parameter))

    def _op_90c7(self, p, data):
        queue, self.queue = self.queue, []
        return Answer(data=u16(len(queue)) + b''.join(u16(code) + u32(parameter) for code, parameter in queue))

    def _op_90c2(self, p, data):
        return Answer()

    _op_90c8 = _op_90c2
