"""Phones: Android as MTP responder, iPhone as the PTP camera that it pretends to be (devices.md 2.5, 2.6)."""
import struct

from datasets import string, u16, u32, u64
from ptp import ALL, OK, STANDARD_OPERATIONS, Answer, Responder

STORAGE, FORMAT, PROTECTION, SIZE, FILE_NAME, MODIFIED, PARENT, UNIQUE, NAME = 0xDC01, 0xDC02, 0xDC03, 0xDC04, 0xDC07, 0xDC09, 0xDC0B, 0xDC41, 0xDC44
PROPERTIES = [STORAGE, FORMAT, PROTECTION, SIZE, FILE_NAME, MODIFIED, PARENT, UNIQUE, NAME]


class Mtp(Responder):
    """The MTP object properties 9801-9805; sizes of 64 bits by DC04."""

    def values_of(self, thing):
        """property: (datatype, packed value)"""
        return {
            STORAGE: (6, u32(thing.storage.id)),
            FORMAT: (4, u16(thing.format)),
            PROTECTION: (4, u16(1 if thing.protected else 0)),
            SIZE: (8, u64(self.told_size(thing))),
            FILE_NAME: (0xFFFF, string(thing.name)),
            MODIFIED: (0xFFFF, string(thing.modified)),
            PARENT: (6, u32(self.parent_of(thing))),
            UNIQUE: (10, struct.pack('<QQ', self.handle_of(thing), thing.storage.id)),
            NAME: (0xFFFF, string(thing.name)),
        }

    def _op_9801(self, p, data):
        return Answer(data=u32(len(PROPERTIES)) + b''.join(u16(code) for code in PROPERTIES))

    def _op_9802(self, p, data):
        kinds = {STORAGE: (6, u32(0)), FORMAT: (4, u16(0)), PROTECTION: (4, u16(0)), SIZE: (8, u64(0)), PARENT: (6, u32(0)), UNIQUE: (10, bytes(16))}
        kind, default = kinds.get(p[0], (0xFFFF, string('')))
        return Answer(data=u16(p[0]) + u16(kind) + b'\0' + default + u32(0) + b'\0')

    def _op_9803(self, p, data):
        thing = self._thing(p[0])
        if thing is None:
            return Answer(0x2009)
        values = self.values_of(thing)
        return Answer(data=values[p[1]][1]) if p[1] in values else Answer(0xA801)

    def _op_9805(self, p, data):
        """handle, format, property (ALL: every one), group, depth (0: itself, 1: what is right below)."""
        handle, form, code, _, depth = p
        if depth not in (0, 1) or (handle in (0, ALL) and depth == 0 and handle == 0):
            return Answer(0xA808)
        if handle == ALL:
            things = [] if self.locked else list(self.objects.things)
        elif depth == 1:
            folder = self._thing(handle)
            if handle != 0 and folder is None:
                return Answer(0x2009)
            things = [] if self.locked else self.objects.below(folder)
        else:
            thing = self._thing(handle)
            if thing is None:
                return Answer(0x2009)
            things = [thing]
        elements = []
        for thing in things:
            if form and thing.format != form:
                continue
            for property_code, (kind, value) in self.values_of(thing).items():
                if code in (ALL, property_code):
                    elements.append(u32(self.handle_of(thing)) + u16(property_code) + u16(kind) + value)
        return Answer(data=u32(len(elements)) + b''.join(elements))


class Android(Mtp):
    """Class FF/FF/00, found by the interface's string "MTP". Locked or not in "file transfer": no storages."""

    maker, model = 'Google', 'Pixel 8'
    extension, extension_text = 6, 'microsoft.com: 1.0; android.com: 1.0;'
    operations = [*STANDARD_OPERATIONS, 0x9801, 0x9802, 0x9803, 0x9805, 0x95C1]

    def _op_95c1(self, p, data):
        return self.partial(p[0], p[1] | p[2] << 32, p[3])


class Iphone(Mtp):
    """Announces nothing but changed properties; its folders of the root name a parent that does not exist."""

    maker, model = 'Apple Inc.', 'iPhone'
    operations = [*STANDARD_OPERATIONS, 0x1023, 0x9801, 0x9802, 0x9803, 0x9805, *range(0x9001, 0x900A)]
    events = [0x4006]

    def parent_of(self, thing):
        return 1 if thing.parent is None else super().parent_of(thing)

    def _op_9001(self, p, data):
        return Answer(OK)
