#!/usr/bin/python3
"""A card that misbehaves: FUSE over a plain folder.

usage: fuse-card.py BACKING MOUNTPOINT RULES.json
The rules are read again at every operation: {"other-bytes": [NAME...], "eio": [NAME...], "keeps": [NAME...],
"refuses": {NAME: ERRNO-NAME}, "slow": SECONDS} where NAME is a path as "/DCIM/A.JPG".
  other-bytes  every read of the beginning after the first gives another first byte
  eio          reading fails
  keeps        unlink answers success and the file stays
  slow         seconds that each read takes
  refuses      unlink fails with this error
"""
import errno
import json
import os
import sys
import time

from fusepy import FUSE, FuseOSError, Operations  # Debian's python3-fusepy


class Card(Operations):
    def __init__(self, backing, rules):
        self.backing = backing
        self.rules_file = rules
        self.begun = {}

    def rules(self, kind):
        try:
            with open(self.rules_file, encoding="utf-8") as file:
                return json.load(file).get(kind, [])
        except (OSError, ValueError):
            return []

    def real(self, path):
        return self.backing + path

    def getattr(self, path, fh=None):
        try:
            stat = os.lstat(self.real(path))
        except OSError as error:
            raise FuseOSError(error.errno)
        names = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime")
        return {name: getattr(stat, name) for name in names}

    def readdir(self, path, fh):
        return [".", ".."] + os.listdir(self.real(path))

    def readlink(self, path):
        return os.readlink(self.real(path))

    def open(self, path, flags):
        try:
            return os.open(self.real(path), os.O_RDONLY)
        except OSError as error:
            raise FuseOSError(error.errno)

    def read(self, path, size, offset, fh):
        if path in self.rules("eio"):
            raise FuseOSError(errno.EIO)
        time.sleep(self.rules("slow") or 0)
        data = os.pread(fh, size, offset)
        if offset == 0:
            self.begun[path] = self.begun.get(path, 0) + 1
            if self.begun[path] > 1 and path in self.rules("other-bytes"):
                data = bytes([data[0] ^ 1]) + data[1:]
        return data

    def release(self, path, fh):
        os.close(fh)
        return 0

    def unlink(self, path):
        if path in self.rules("keeps"):
            return 0
        refusal = dict(self.rules("refuses") or {}).get(path)
        if refusal:
            raise FuseOSError(getattr(errno, refusal))
        os.unlink(self.real(path))
        return 0

    def statfs(self, path):
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 100000, "f_bfree": 50000, "f_bavail": 50000, "f_namemax": 255}


if __name__ == "__main__":
    backing, mountpoint, rules = sys.argv[1:4]
    FUSE(Card(os.path.abspath(backing), rules), mountpoint, foreground=True, nothreads=True, direct_io=True, fsname="fuse-card")
