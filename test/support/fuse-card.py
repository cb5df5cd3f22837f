#!/usr/bin/python3
"""A card that misbehaves: FUSE over a plain folder.

usage: fuse-card.py BACKING MOUNTPOINT RULES.json [ro]
The rules are read again whenever the file changes; the counts of failures begin anew then; NAME is a path as "/DCIM/A.JPG".
  eio           [NAME...] or {NAME: {"from": OFFSET, "times": COUNT}}: reading (from there on, so many times) fails
  other-bytes   [NAME...]: every read of the beginning after the first gives another first byte
  first-other   [NAME...]: the first read of the beginning gives another first byte, later ones the right one
  short         {NAME: BYTES}: no read gives more
  slow          seconds that each read takes
  ghosts        [NAME...]: is listed and has attributes, and is gone when it is opened
  grows         {NAME: BYTES}: longer by so much after each read
  endless       [NAME...]: reading never comes to an end, whatever size it says
  shrinks       [NAME...]: half as long once its beginning was read
  touched       [NAME...]: another time of change after each read
  mtime         {NAME: SECONDS}: its time of change
  lstat-fails   {NAME: COUNT}: its attributes cannot be had, so many times
  statfs-fails  COUNT: nor the card's size
  list-fails    {FOLDER: {"after": ENTRIES, "times": COUNT}}: the listing breaks off with EIO after so many entries
  list-twice    [FOLDER...]: each name is listed twice
  list-also     {FOLDER: [NAME...]}: names that are listed and do not exist
  keeps         [NAME...]: unlink answers success and the file stays
  refuses       {NAME: ERRNO-NAME}: unlink fails with this error
  erases-other  {NAME: OTHER}: unlink removes another file
  hides         [NAME...]: unlink answers success, the file is gone and comes back when the rules change
  backing       PATH: from now on another folder lies behind it
  dies-at       {"op": "read" | "list" | "unlink", "count": N}: the card is gone in the middle of the N-th such operation
"""
import errno
import json
import os
import sys
import time

from fusepy import FUSE, FuseOSError, Operations  # Debian's python3-fusepy

# Names are bytes: FUSE hands them over as Latin-1 text, the rules as UTF-8.
ATTRIBUTES = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime", "st_ino")


def folded(value):
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    if isinstance(value, list):
        return [folded(one) for one in value]
    if isinstance(value, dict):
        return {folded(key): folded(one) for key, one in value.items()}
    return value


class Card(Operations):
    def __init__(self, backing, rules):
        self.own_backing = backing
        self.rules_file = rules
        self.version = None
        self.begun, self.reads = {}, {}
        self.look()

    def look(self):
        """Reads the rules again if they changed; every count begins anew."""
        stat = os.stat(self.rules_file)
        version = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if version == self.version:
            return
        with open(self.rules_file, encoding="utf-8") as file:
            raw = json.load(file)
        self.version, self.rules = version, folded(raw)
        self.backing = os.fsencode(raw.get("backing") or self.own_backing)
        self.count = {}
        self.hidden = set()
        self.folders = {}

    def has(self, rule, path):
        return path in self.rules.get(rule, ())

    def left(self, rule, path, times):
        """True while this rule has not yet happened so many times."""
        key = (rule, path)
        self.count[key] = self.count.get(key, 0) + 1
        return self.count[key] <= times

    def maybe_die(self, op):
        plan = self.rules.get("dies-at")
        if plan and plan["op"] == op and not self.left("dies-at", op, plan["count"] - 1):
            os._exit(0)

    def real(self, path):
        if path in self.hidden:
            raise FuseOSError(errno.ENOENT)
        return self.backing + path.encode("latin-1")

    def size_of(self, path, size):
        if path in self.rules.get("grows", {}):
            size += self.rules["grows"][path] * self.reads.get(path, 0)
        if self.has("shrinks", path) and self.begun.get(path, 0) > 0:
            size //= 2
        return size

    def getattr(self, path, fh=None):
        self.look()
        fails = self.rules.get("lstat-fails", {})
        if path in fails and self.left("lstat-fails", path, fails[path]):
            raise FuseOSError(errno.EIO)
        try:
            stat = os.lstat(self.real(path))
        except OSError as error:
            raise FuseOSError(error.errno)
        attributes = {name: getattr(stat, name) for name in ATTRIBUTES}
        attributes["st_size"] = self.size_of(path, attributes["st_size"])
        if path in self.rules.get("mtime", {}):
            attributes["st_mtime"] = self.rules["mtime"][path]
        if self.has("touched", path):
            attributes["st_mtime"] += 10 * self.reads.get(path, 0)
        return attributes

    def opendir(self, path):
        self.look()
        handle = len(self.folders) + 1
        self.folders[handle] = {"at": 0, "names": None}
        return handle

    def releasedir(self, path, fh):
        self.folders.pop(fh, None)
        return 0

    def readdir(self, path, fh):
        self.maybe_die("list")
        folder = self.folders.setdefault(fh, {"at": 0, "names": None})
        if folder["names"] is None:
            prefix = path if path.endswith("/") else path + "/"
            names = [name.decode("latin-1") for name in sorted(os.listdir(self.real(path)))]
            names = [name for name in names if prefix + name not in self.hidden]
            if self.has("list-twice", path):
                names = [name for name in names for _ in (0, 1)]
            folder["names"] = [".", ".."] + names + self.rules.get("list-also", {}).get(path, [])
        plan = self.rules.get("list-fails", {}).get(path)
        stop = None
        if plan and ("fails" in folder or self.left("list-fails", path, plan["times"])):
            folder["fails"] = True
            stop = 2 + plan["after"]
            if folder["at"] >= stop:
                raise FuseOSError(errno.EIO)
        while folder["at"] < len(folder["names"]) and folder["at"] != stop:
            # What comes after the yield happens only when the entry found place in the kernel's buffer.
            yield folder["names"][folder["at"]], None, folder["at"] + 1
            folder["at"] += 1

    def readlink(self, path):
        return os.readlink(self.real(path)).decode("latin-1")

    def open(self, path, flags):
        self.look()
        if self.has("ghosts", path):
            raise FuseOSError(errno.ENOENT)
        try:
            return os.open(self.real(path), os.O_RDONLY)
        except OSError as error:
            raise FuseOSError(error.errno)

    def read(self, path, size, offset, fh):
        self.look()
        self.maybe_die("read")
        if self.has("eio", path):
            plan = self.rules["eio"]
            plan = plan[path] if isinstance(plan, dict) else {}
            if offset + size > plan.get("from", 0) and self.left("eio", path, plan.get("times", 1 << 60)):
                raise FuseOSError(errno.EIO)
        time.sleep(self.rules.get("slow", 0))
        size = min(size, self.rules.get("short", {}).get(path, size))
        length = os.fstat(fh).st_size
        data = os.pread(fh, min(size, max(0, self.size_of(path, length) - offset)), offset)
        grown = max(0, min(offset + size, self.size_of(path, length)) - max(offset, length))
        data += bytes(size - len(data) if self.has("endless", path) else grown)
        self.reads[path] = self.reads.get(path, 0) + 1
        if offset == 0:
            self.begun[path] = self.begun.get(path, 0) + 1
            first = self.begun[path] == 1
            if self.has("first-other" if first else "other-bytes", path):
                data = bytes([data[0] ^ 1]) + data[1:]
        return data

    def release(self, path, fh):
        os.close(fh)
        return 0

    def unlink(self, path):
        self.look()
        if self.has("keeps", path):
            return 0
        if self.has("hides", path):
            self.hidden.add(path)
            return 0
        refusal = self.rules.get("refuses", {}).get(path)
        if refusal:
            raise FuseOSError(getattr(errno, refusal))
        os.unlink(self.real(self.rules.get("erases-other", {}).get(path, path)))
        self.maybe_die("unlink")
        return 0

    def statfs(self, path):
        if "statfs-fails" in self.rules and self.left("statfs-fails", path, self.rules["statfs-fails"]):
            raise FuseOSError(errno.EIO)
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 100000, "f_bfree": 50000, "f_bavail": 50000, "f_namemax": 255}


if __name__ == "__main__":
    backing, mountpoint, rules = sys.argv[1:4]
    # No cache of names or attributes: every fault is seen when it happens. Big enough for one sector at least by direct_io.
    FUSE(
        Card(os.path.abspath(backing), rules),
        mountpoint,
        encoding="latin-1",
        foreground=True,
        nothreads=True,
        direct_io=True,
        hard_remove=True,
        use_ino=True,
        attr_timeout=0,
        entry_timeout=0,
        ro="ro" in sys.argv[4:],
        fsname="fuse-card",
    )
