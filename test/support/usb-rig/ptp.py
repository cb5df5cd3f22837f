"""A PTP/MTP responder (ISO 15740): sessions, operations, datasets; which faults strike is asked at each step."""
import struct
import time
from collections import deque

import datasets
from datasets import array32, string, u8, u16, u32
from faults import Faults
from objects import Bytes, Objects
from turn import later

OK = 0x2001
ALL = 0xFFFFFFFF
COMMAND, DATA, RESPONSE, EVENT = 1, 2, 3, 4
WITH_DATA_OUT = {0x1016, 0x100C, 0x100D, 0x9110, 0x9804}
# property: (datatype, read and write, value)
PROPERTIES = {
    0x5001: ('B', False, 80),  # battery level
    0x5005: ('H', True, 2),  # white balance: automatic
    0x5007: ('H', True, 800),  # f-number, hundredths
    0x500D: ('I', True, 80),  # exposure time, 1/10000 s
    0x500F: ('H', True, 200),  # exposure index (ISO)
    0x5010: ('h', True, 0),  # exposure bias, 1/1000
}
DATATYPES = {'B': 2, 'h': 3, 'H': 4, 'I': 6}
CLOCK = 0x5011
STANDARD_OPERATIONS = [0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x1007, 0x1008, 0x1009, 0x100A, 0x100B, 0x1014, 0x1015, 0x1016, 0x101B]


class Answer:
    """A response and, before it, maybe a data phase (`read(offset, count)` of `size` bytes)."""

    def __init__(self, code=OK, parameters=(), data=None, size=None, read=None, thing=None):
        self.code = code
        self.parameters = parameters
        self.thing = thing
        self.size = len(data) if data is not None else size
        self.read = (lambda offset, count: data[offset : offset + count]) if data is not None else read


class Responder:
    """One device. `given` is the RigDevice of rig.ts; `link` has send, send_event, halt, flush, pull."""

    maker, model = 'Fake', 'FakeCam'
    extension, extension_text = 0, ''
    events = [0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x400D]
    operations = STANDARD_OPERATIONS

    def __init__(self, given, link):
        self.given = given
        self.link = link
        self.maker = given.get('maker', self.maker)
        self.model = given.get('model', self.model)
        self.serial = given.get('serial', 'SN1234')
        self.objects = Objects(given.get('storages'), given['objects'])
        self.faults = Faults()
        for fault in given.get('faults', []):
            self.faults.set(fault)
        self.locked = given.get('locked', False)
        self.announces = given.get('events', 'interrupt')
        self.clock_offset = given.get('clockOffsetSeconds', 0)
        self.values = {code: value for code, (_, _, value) in PROPERTIES.items()}
        self.log = deque(maxlen=100_000)
        self.violations = []
        self.bytes_sent = 0
        self.numbers = 0
        self.graves = []
        self.captures = list(given.get('captures', []))
        self.plugged()

    # the cable

    def end_session(self):
        self.session = None
        self.handles = {}
        self.handle_by_thing = {}

    def plugged(self):
        """A device that was plugged in knows no session."""
        self.end_session()
        self.collected = b''
        self.waiting = None
        self.busy_until_cancel = False

    def received(self, packet):
        """Bytes from the host: a command, or data that belongs to one."""
        self.collected += packet
        while len(self.collected) >= 12:
            length, kind, code, transaction = struct.unpack('<IHHI', self.collected[:12])
            if length < 12 or length > 1 << 20 or kind not in (COMMAND, DATA):
                self.violations.append('malformed-container')
                self.collected = b''
                return
            if len(self.collected) < length:
                return
            body, self.collected = self.collected[12:length], self.collected[length:]
            if kind == DATA:
                if self.waiting is not None:
                    (code, transaction, parameters), self.waiting = self.waiting, None
                    self._begin(code, transaction, parameters, body)
                continue
            parameters = list(struct.unpack(f'<{len(body) // 4}I', body[: len(body) // 4 * 4]))
            if code in WITH_DATA_OUT:
                self.waiting = (code, transaction, parameters)
            else:
                self._begin(code, transaction, parameters, b'')

    def control(self, kind, request, value, index, data):
        """Class requests of a still image device (USB SICD 1.0, 5.2)."""
        if kind == 0x21 and request == 0x64:  # Cancel
            self.log.append({'cancel': True})
            self.link.flush()
            self.collected, self.waiting, self.busy_until_cancel = b'', None, False
            return b''
        if kind == 0x21 and request == 0x66:  # Device Reset
            self.log.append({'reset': True})
            self.reset()
            return b''
        if kind == 0xA1 and request == 0x67:  # Get Device Status
            return struct.pack('<HH', 4, 0x2019 if self.faults.take('device-busy', 0x67) else OK)
        return None

    def reset(self):
        self.link.flush()
        self.plugged()

    # one transaction

    def _begin(self, code, transaction, parameters, data):
        self.log.append({'operation': code, 'parameters': parameters})
        if self.busy_until_cancel:
            return
        thing = self._thing_of(code, parameters)
        path = thing.path if thing else None
        take = lambda name: self.faults.take(name, code, path)  # noqa: E731
        if take('unplug-at'):
            self.link.pull()
            return
        if take('silence'):
            self.busy_until_cancel = True
            return
        if take('forgets-storages'):
            self.set_locked(True)
        slow = take('slow')
        run = lambda: self._run(code, transaction, parameters, data, path)  # noqa: E731
        if slow:
            later(slow.get('milliseconds', 100), run)
        else:
            run()

    def _run(self, code, transaction, parameters, data, path):
        take = lambda name: self.faults.take(name, code, path)  # noqa: E731
        refused = take('refuse')
        if take('device-busy'):
            answer = Answer(0x2019)
        elif refused:
            answer = Answer(refused['code'])
        else:
            answer = self._perform(code, parameters, data, transaction)
        if answer.read is not None and not self._send_data(code, transaction, answer, take):
            return
        other = take('other-response')
        if take('unplug-before-response'):
            self.link.pull()
            return
        if take('no-response'):
            self.busy_until_cancel = True
            return
        if take('stall-at-response'):
            self.link.send(0, None, stall_after=0)
            return
        if take('wrong-transaction-response'):
            transaction ^= 0x55
        body = b''.join(u32(value) for value in answer.parameters)
        container = struct.pack('<IHHI', 12 + len(body), RESPONSE, other['code'] if other else answer.code, transaction) + body
        self._send_bytes(container)
        self.answered(code, answer)

    def answered(self, code, answer):
        """For what follows an operation; vendors use it."""

    def _send_bytes(self, data, **how):
        at = 0

        def read(count):
            nonlocal at
            piece = data[at : at + count]
            at += len(piece)
            return piece

        self.link.send(len(data), read, **how)

    def _send_data(self, code, transaction, answer, take):
        """False when no response follows."""
        size, read = answer.size, answer.read
        other = take('other-data')
        if other:
            content = Bytes(other)
            size, read = content.size, content.read
        announced = size + 12
        cut = None
        sent = size
        stray = take('wrong-length')
        if stray:
            announced += stray['bytes']
        if take('huge-length') or announced >= ALL:
            announced = ALL
        short, long = take('short-data'), take('long-data')
        if short:
            sent = max(0, size - short.get('bytes', 1))
        if long:
            sent = size + long.get('bytes', 1)
        header = struct.pack('<IHHI', announced & ALL, DATA, code, transaction ^ 0x55 if take('wrong-transaction') else transaction)
        if take('garbage-header'):
            header = bytes.fromhex('deadbeef0bad0bad00ff00ff')
        how = {'zero_packet': not take('no-zero-packet')}
        stall, hang, pull = take('stall-at-data'), take('hang-in-data'), take('unplug-in-data')
        if stall:
            how['stall_after'] = stall.get('bytes', 0)
        if pull:
            how['unplug_after'] = pull.get('bytes', 0)
        if hang:
            cut = hang.get('bytes', 0) // 512 * 512
        prefix = header
        if take('split-header'):
            self._send_bytes(header)
            prefix = b''
        at = 0

        def pieces(count):
            nonlocal at
            piece = prefix[at : at + count]
            at += len(piece)
            if len(piece) < count:
                offset = at - len(prefix)
                part = read(offset, min(count - len(piece), max(0, size - offset)))
                part += bytes(count - len(piece) - len(part))
                at += len(part)
                piece += part
            self.bytes_sent += len(piece)
            return piece

        total = len(prefix) + sent
        if cut is not None:
            self.busy_until_cancel = True
            if cut > 0:
                self.link.send(min(cut, total // 512 * 512), pieces, zero_packet=False)
            return False
        if pull:
            how['unplug_after'] = min(how['unplug_after'], total)
        if stall:
            how['stall_after'] = min(how['stall_after'], total)
        self.link.send(total, pieces, **how)
        return not stall and not pull

    # what it can do

    def _perform(self, code, parameters, data, transaction):
        p = (parameters + [0] * 5)[:5]
        if code == 0x1001:
            if self.session is None and self.faults.take('info-needs-session', code):
                return Answer(0x2003)
            return Answer(data=self._device_info())
        if code == 0x1002:
            return self._open(p[0])
        if code not in self.operations and not (code == 0x100E and self.given.get('canCapture')):
            if code == 0x100F:
                self.violations.append('FormatStore')
            return Answer(0x2005)
        if self.session is None:
            return Answer(0x2003)
        operation = getattr(self, f'_op_{code:04x}', None)
        return Answer(0x2005) if operation is None else operation(p, data)

    def _open(self, session):
        if session == 0:
            return Answer(0x201D)
        if self.session is not None or self.faults.take('session-already-open', 0x1002):
            self.session = self.session or session
            self._number()
            return Answer(0x201E, [self.session])
        self.session = session
        for thing in self.graves:
            self.objects.restore(thing)
        self.graves = []
        self._number()
        return Answer()

    def _number(self):
        """Handles are good for one session: each session counts from somewhere else."""
        if self.handles:
            return
        self.numbers += 0x10000
        for thing in self.objects.things:
            self.handle_of(thing)

    def handle_of(self, thing):
        handle = self.handle_by_thing.get(thing)
        if handle is None:
            handle = self.numbers + len(self.handles) + 1
            self.handles[handle] = thing
            self.handle_by_thing[thing] = handle
        return handle

    def _thing(self, handle):
        thing = self.handles.get(handle)
        return thing if thing is not None and not thing.removed and not self.locked else None

    def _thing_of(self, code, parameters):
        if code in (0x1008, 0x1009, 0x100A, 0x100B, 0x101B, 0x95C1, 0x9802, 0x9803, 0x9805, 0x9107, 0x9431) and parameters:
            return self._thing(parameters[0])
        return None

    def _device_info(self):
        formats = sorted({thing.format for thing in self.objects.things} | {0x3001, 0x3801})
        return datasets.device_info({
            'extension': self.extension, 'extension_text': self.extension_text,
            'operations': self.operations + ([0x100E] if self.given.get('canCapture') else []), 'events': self.events,
            'properties': [*PROPERTIES, CLOCK], 'formats': formats,
            'maker': self.maker, 'model': self.model, 'version': '1.0', 'serial': self.serial,
        })

    def _op_1003(self, p, data):
        self.end_session()
        return Answer()

    def _op_1004(self, p, data):
        return Answer(data=array32([] if self.locked else [storage.id for storage in self.objects.storages]))

    def _storage(self, number):
        return next((storage for storage in self.objects.storages if storage.id == number and not self.locked), None)

    def _op_1005(self, p, data):
        storage = self._storage(p[0])
        if storage is None:
            return Answer(0x2008)
        return Answer(data=datasets.storage_info(storage, sum(t.content.size for t in self.objects.things if t.storage is storage)))

    def listed(self, storage, form, parent):
        """Handles for GetObjectHandles."""
        things = [] if self.locked else self.objects.things
        if storage != ALL:
            things = [thing for thing in things if thing.storage.id == storage]
        if form:
            things = [thing for thing in things if thing.format == form]
        cyclic = next((fault for fault in self.faults.active if fault['name'] == 'cyclic-folders'), None)
        if parent == ALL or (parent == 0 and self.faults.take('parent-zero-is-root')):
            return [thing for thing in things if thing.parent is None]
        if parent != 0:
            folder = self._thing(parent)
            below = [thing for thing in things if thing.parent is folder]
            return below + [folder] if cyclic and folder and folder.path == cyclic['path'] else below
        return things

    def _op_1007(self, p, data):
        storage, form, parent = p[:3]
        if storage == ALL:
            fault = self.faults.take('all-storages-unsupported', 0x1007)
            if fault:
                return Answer(fault.get('code', 0x2008))
        elif self._storage(storage) is None:
            return Answer(0x2008)
        if parent not in (0, ALL) and self._thing(parent) is None:
            return Answer(0x201A)
        handles = [self.handle_of(thing) for thing in self.listed(storage, form, parent)]
        ghost = self.faults.take('ghost-handles')
        if ghost:
            handles += [0xEE0000 + number for number in range(ghost.get('count', 1))]
        if self.faults.take('handles-twice'):
            handles += handles
        return Answer(data=array32(handles))

    def _op_1006(self, p, data):
        return Answer(parameters=[len(self.listed(p[0], p[1], p[2]))])

    def parent_of(self, thing):
        for fault in self.faults.active:
            if fault['name'] == 'cyclic-folders' and fault['path'] == thing.path:
                return self.handle_of(thing)
            if fault['name'] == 'orphan-parents' and thing.parent is None:
                return 1
        return self.handle_of(thing.parent) if thing.parent else 0

    def told_size(self, thing):
        fault = self.faults.take('wrong-size', path=thing.path)
        return thing.content.size + (fault['bytes'] if fault else 0)

    def _op_1008(self, p, data):
        thing = self._thing(p[0])
        if thing is None:
            return Answer(0x2009)
        thumb = self._thumb(thing)
        return Answer(data=datasets.object_info(thing, self.told_size(thing), self.parent_of(thing), thumb.size if thumb else 0))

    def _thumb(self, thing):
        return None if thing.folder else thing.thumb

    def _unreadable(self, thing):
        if self.faults.take('cloud-only', path=thing.path):
            return Answer(0x2002)
        fault = self.faults.take('unreadable', path=thing.path)
        return Answer(fault.get('code', 0x200F)) if fault else None

    def _content(self, thing):
        """(size, read) as the device delivers it now."""
        other = self.faults.take('transcoding', path=thing.path)
        content = Bytes(other) if other else thing.content
        if thing.reads >= 1 and (changed := next((f for f in self.faults.active if f['name'] == 'other-bytes'), None)):
            if thing.reads + 1 >= changed.get('from', 2) and (changed := self.faults.take('other-bytes', path=thing.path)):
                where = changed.get('at', 0)

                def read(offset, count):
                    piece = bytearray(content.read(offset, count))
                    if offset <= where < offset + len(piece):
                        piece[where - offset] ^= 0xFF
                    return bytes(piece)

                return content.size, read
        return content.size, content.read

    def _op_1009(self, p, data):
        thing = self._thing(p[0])
        if thing is None or thing.folder:
            return Answer(0x2009)
        unreadable = self._unreadable(thing)
        if unreadable:
            return unreadable
        size, read = self._content(thing)
        thing.reads += 1
        return Answer(size=size, read=read, thing=thing)

    def _op_100a(self, p, data):
        thing = self._thing(p[0])
        if thing is None:
            return Answer(0x2009)
        thumb = self._thumb(thing)
        return Answer(0x2010) if thumb is None else Answer(size=thumb.size, read=thumb.read)

    def _op_100b(self, p, data):
        if p[0] == ALL:
            # The whole card would be gone. The rig keeps it and remembers who asked.
            self.violations.append('DeleteObject of everything')
            return Answer(0x2001)
        thing = self._thing(p[0])
        if thing is None:
            return Answer(0x2009)
        path = thing.path
        if thing.storage.access == 1:
            return Answer(0x200E)
        if thing.protected:
            return Answer(0x200D)
        refused = self.faults.take('delete-refused', path=path)
        if refused:
            return Answer(refused.get('code', 0x200D))
        if self.faults.take('partial-delete', path=path):
            return Answer(0x2012)
        if self.faults.take('lying-delete', path=path):
            return Answer()
        if self.faults.take('returns-after-delete', path=path):
            self.graves.append(thing)
        self.objects.remove(thing)
        return Answer()

    def partial(self, handle, offset, count):
        thing = self._thing(handle)
        if thing is None or thing.folder:
            return Answer(0x2009)
        if self.faults.take('no-partial-reads'):
            return Answer(0x2005)
        unreadable = self._unreadable(thing)
        if unreadable:
            return unreadable
        size, read = self._content(thing)
        if offset > size:
            return Answer(0x201D)
        if offset == 0:
            thing.reads += 1
        count = min(count, size - offset)
        if self.faults.take('short-partial', path=thing.path):
            count = (count + 1) // 2
        return Answer(parameters=[count], size=count, read=lambda at, n: read(offset + at, min(n, count - at)), thing=thing)

    def _op_101b(self, p, data):
        return self.partial(p[0], p[1], p[2])

    # properties

    def _clock(self):
        return time.strftime('%Y%m%dT%H%M%S', time.localtime(time.time() + self.clock_offset))

    def _op_1014(self, p, data):
        if p[0] == CLOCK:
            return Answer(data=u16(CLOCK) + u16(0xFFFF) + u8(1) + string(self._clock()) + string(self._clock()) + u8(0))
        if p[0] not in PROPERTIES:
            return Answer(0x200A)
        kind, writable, default = PROPERTIES[p[0]]
        pack = lambda value: struct.pack('<' + kind, value)  # noqa: E731
        return Answer(data=u16(p[0]) + u16(DATATYPES[kind]) + u8(1 if writable else 0) + pack(default) + pack(self.values[p[0]]) + u8(0))

    def _op_1015(self, p, data):
        if p[0] == CLOCK:
            return Answer(data=string(self._clock()))
        if p[0] not in PROPERTIES:
            return Answer(0x200A)
        return Answer(data=struct.pack('<' + PROPERTIES[p[0]][0], self.values[p[0]]))

    def _op_1016(self, p, data):
        if p[0] not in PROPERTIES:
            return Answer(0x200A)
        kind, writable, _ = PROPERTIES[p[0]]
        if not writable:
            return Answer(0x200F)
        self.values[p[0]] = struct.unpack_from('<' + kind, data)[0]
        return Answer()

    # what happens on the device

    def event(self, code, *parameters):
        """To the interrupt endpoint, when a session is open."""
        if self.session is not None:
            body = b''.join(u32(value) for value in parameters)
            self.link.send_event(struct.pack('<IHHI', 12 + len(body), EVENT, code, ALL) + body)

    def announce(self, code, parameter):
        """How this body tells what happened."""
        if code in self.events and self.announces == 'interrupt':
            self.event(code, parameter)

    def added(self, thing):
        if self.session is None:
            return
        handle = self.handle_of(thing)
        if self.faults.take('ghost-events', path=thing.path):
            self.announce(0x4002, 0xDD0001)
        if not self.faults.take('events-lost', path=thing.path):
            self.announce(0x4002, handle)

    def add(self, given):
        thing = self.objects.add(given)
        self.added(thing)
        return thing

    def remove(self, path):
        for thing in self.objects.find(path):
            handle = self.handle_of(thing) if self.session is not None else 0
            self.objects.remove(thing)
            self.announce(0x4003, handle)

    def set_locked(self, locked):
        self.locked = locked
        for storage in self.objects.storages:
            self.announce(0x4005 if locked else 0x4004, storage.id)

    def set_property(self, code, value):
        self.values[code] = value
        self.announce(0x4006, code)

    def _op_100e(self, p, data):
        """InitiateCapture: the next of `captures`, announced after the response as real bodies do."""
        if not self.captures:
            return Answer(0x2019)
        given = self.captures.pop(0)

        def shoot():
            self.add(given)
            self.announce(0x400D, 0)

        later(given.get('afterMilliseconds', 20), shoot)
        return Answer()

    def flood(self, count):
        """Events of objects that do not exist, as many as asked for."""
        for number in range(count):
            self.event(0x4002, 0xCC0000 + number)
