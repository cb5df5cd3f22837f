"""Writers of PTP datasets (ISO 15740 chapter 5), little endian."""
import struct


def u8(value):
    return struct.pack('<B', value)


def u16(value):
    return struct.pack('<H', value & 0xFFFF)


def u32(value):
    return struct.pack('<I', value & 0xFFFFFFFF)


def u64(value):
    return struct.pack('<Q', value & 0xFFFFFFFFFFFFFFFF)


def string(text):
    """Counted UTF-16 with its end; at most 254 characters fit."""
    if not text:
        return b'\0'
    encoded = text.encode('utf-16-le')[: 254 * 2]
    return u8(len(encoded) // 2 + 1) + encoded + b'\0\0'


def array16(values):
    return u32(len(values)) + b''.join(u16(value) for value in values)


def array32(values):
    return u32(len(values)) + b''.join(u32(value) for value in values)


def device_info(info):
    return (
        u16(100) + u32(info['extension']) + u16(100) + string(info['extension_text']) + u16(0)
        + array16(info['operations']) + array16(info['events']) + array16(info['properties']) + array16([0x3801]) + array16(info['formats'])
        + string(info['maker']) + string(info['model']) + string(info['version']) + string(info['serial'])
    )


def storage_info(storage, used):
    kind = 4 if storage.removable else 3
    return (
        u16(kind) + u16(3) + u16(storage.access) + u64(storage.capacity) + u64(max(0, storage.capacity - used)) + u32(0xFFFFFFFF)
        + string(storage.description) + string(storage.label)
    )


def object_info(thing, size, parent, thumb_size):
    return (
        u32(thing.storage.id) + u16(thing.format) + u16(1 if thing.protected else 0) + u32(min(size, 0xFFFFFFFF))
        + u16(0x3808 if thumb_size else 0) + u32(thumb_size) + u32(160 if thumb_size else 0) + u32(120 if thumb_size else 0)
        + u32(thing.width) + u32(thing.height) + u32(24 if thing.width else 0) + u32(parent) + u16(1 if thing.folder else 0) + u32(0) + u32(0)
        + string(thing.name) + string(thing.captured) + string(thing.modified) + string('')
    )
