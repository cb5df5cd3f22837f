"""What lies on a device: folders and objects, their bytes made as they are asked for (a 4 GB film is never in memory)."""
import base64
import hashlib
import os
import re
import time

BLOCK = 1 << 20
FORMATS = {
    'JPG': 0x3801, 'JPEG': 0x3801, 'TIF': 0x380D, 'TIFF': 0x380D, 'PNG': 0x380B, 'BMP': 0x3804, 'GIF': 0x3807,
    'MOV': 0x300D, 'MP4': 0xB982, 'AVI': 0x300A, 'WAV': 0x3008, 'MP3': 0x3009,
}
FOLDER = 0x3001
UNDEFINED = 0x3000
MOST_HASHED = 64 << 20


class Bytes:
    """The content of an object: given bytes, then a file, then made bytes up to `size` (rig.ts makes the same ones to compare)."""

    def __init__(self, given):
        self.head = base64.b64decode(given['base64']) if 'base64' in given else b''
        self.file = given.get('file')
        if self.file:
            self.head_size = os.path.getsize(self.file)
        else:
            self.head_size = len(self.head)
        self.size = given.get('size', self.head_size)
        self.seed = str(given.get('seed', ''))
        self._block = None

    def read(self, offset, count):
        count = max(0, min(count, self.size - offset))
        parts = []
        while count > 0:
            if offset < self.head_size:
                take = min(count, self.head_size - offset)
                if self.file:
                    with open(self.file, 'rb') as file:
                        file.seek(offset)
                        part = file.read(take)
                else:
                    part = self.head[offset : offset + take]
            else:
                part = self._made(offset, count)
            parts.append(part)
            offset += len(part)
            count -= len(part)
        return parts[0] if len(parts) == 1 else b''.join(parts)

    def _made(self, offset, count):
        """Blocks of 1 MiB: SHAKE128 of the seed, the first 8 bytes replaced by the number of the block."""
        if self._block is None:
            self._block = hashlib.shake_128(self.seed.encode()).digest(BLOCK)
        number, start = divmod(offset, BLOCK)
        if start < 8:
            return number.to_bytes(8, 'little')[start : start + count]
        return self._block[start : start + count]


class Thing:
    """A folder or an object."""

    def __init__(self, storage, parent, name, given=None):
        given = given or {}
        self.storage = storage
        self.parent = parent
        self.name = name
        self.folder = given.get('folder', False)
        self.content = Bytes({} if self.folder else given)
        self.modified = given.get('time') or time.strftime('%Y%m%dT%H%M%S')
        self.captured = given.get('captured', self.modified)
        self.protected = given.get('protected', False)
        extension = name.rsplit('.', 1)[-1].upper() if '.' in name else ''
        self.format = given.get('format', FOLDER if self.folder else FORMATS.get(extension, UNDEFINED))
        self.thumb = Bytes(given['thumb']) if 'thumb' in given else None
        self.width, self.height = given.get('width', 0), given.get('height', 0)
        self.reads = 0
        self.removed = False
        self._hash = None

    @property
    def sha256(self):
        """Of what really lies here, whatever is delivered. Too large ones are known by size and seed: nobody reads them whole."""
        if self._hash is None:
            content = self.content
            hashed = hashlib.sha256()
            if content.size > MOST_HASHED:
                hashed.update(f'{content.size} {content.seed}'.encode())
            else:
                for at in range(0, content.size, BLOCK):
                    hashed.update(content.read(at, BLOCK))
            self._hash = hashed.hexdigest()
        return self._hash

    @property
    def names(self):
        names = [self.name]
        at = self.parent
        while at is not None:
            names.insert(0, at.name)
            at = at.parent
        return names

    @property
    def path(self):
        return '/'.join(self.names)


class Storage:
    def __init__(self, given, number):
        self.id = given.get('id', (number << 16) + 1)
        self.description = given.get('description', '')
        self.label = given.get('label', '')
        self.capacity = given.get('capacity', 32 << 30)
        self.access = given.get('access', 0)
        self.removable = given.get('removable', True)


class Objects:
    """All of one device, in the order in which they were put there."""

    def __init__(self, storages, objects):
        self.storages = [Storage(given, index + 1) for index, given in enumerate(storages or [{}])]
        self.things = []
        for given in objects:
            self.add(given)

    def add(self, given):
        """`path` is split at '/'; a name that holds one itself is given as `names`."""
        names = given.get('names') or given['path'].split('/')
        storage = self.storages[given.get('storage', 0)]
        parent = None
        for name in names[:-1]:
            parent = self._folder(storage, parent, name)
        thing = Thing(storage, parent, names[-1], given)
        self.things.append(thing)
        return thing

    def _folder(self, storage, parent, name):
        for thing in self.things:
            if thing.folder and thing.storage is storage and thing.parent is parent and thing.name == name:
                return thing
        thing = Thing(storage, parent, name, {'folder': True, 'time': '20250101T120000'})
        self.things.append(thing)
        return thing

    def below(self, folder):
        return [thing for thing in self.things if thing.parent is folder]

    def find(self, path):
        return [thing for thing in self.things if thing.path == path]

    def remove(self, thing):
        for child in self.below(thing) if thing.folder else []:
            self.remove(child)
        self.things.remove(thing)
        thing.removed = True

    def restore(self, thing):
        self.things.append(thing)
        thing.removed = False

    def hashes(self):
        return [
            {'path': thing.path, 'names': thing.names, 'storage': self.storages.index(thing.storage), 'sha256': thing.sha256}
            for thing in self.things
            if not thing.folder
        ]

    def listing(self):
        return [
            {'path': thing.path, 'size': thing.content.size, 'reads': thing.reads, 'storage': self.storages.index(thing.storage)}
            for thing in self.things
            if not thing.folder
        ]


def matches(pattern, path):
    """A fault names its objects by path, with * for anything."""
    return re.fullmatch(re.escape(pattern).replace(r'\*', '.*'), path, re.DOTALL) is not None
