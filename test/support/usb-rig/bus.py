"""The emulated bus: which device nodes exist, and how they come and go.

umockdev keeps a folder with /sys and /dev (UMOCKDEV_DIR); a program that has libumockdev-preload loaded sees that folder instead of the real ones. A node of this
rig is a FIFO, because its readiness can be told: libusb polls its node for "writable" and asks for finished transfers when it is. umockdev's own nodes are always
writable, so libusb would spin. Here a *full* FIFO means "nothing to fetch" and an *empty* one "come and fetch".
"""
import fcntl
import os

import gi

gi.require_version('UMockdev', '1.0')
from gi.repository import UMockdev  # noqa: E402

F_SETPIPE_SZ = 1031


def escaped(text):
    """A value of an `A:` line of umockdev: backslash and newline are escaped."""
    return text.replace('\\', '\\\\').replace('\n', '\\n')


class Bus:
    """The testbed, and the numbers given out on it."""

    def __init__(self):
        self.testbed = UMockdev.Testbed.new()
        self.root = self.testbed.get_root_dir()
        self._next = 11
        self._used = set()
        # The root hub: libusb wants a parent that it knows.
        self.testbed.add_from_string(
            'P: /devices/pci0000:00/0000:00:14.0/usb1\nN: bus/usb/001/001\n'
            'E: BUSNUM=001\nE: DEVNUM=001\nE: DEVNAME=/dev/bus/usb/001/001\nE: DEVTYPE=usb_device\nE: DRIVER=usb\nE: MAJOR=189\nE: MINOR=0\nE: SUBSYSTEM=usb\n'
            'E: PRODUCT=1d6b/2/601\nE: TYPE=9/0/1\n'
            'A: bConfigurationValue=1\\n\nA: bNumConfigurations=1\\n\nA: busnum=1\\n\nA: devnum=1\\n\nA: idVendor=1d6b\\n\nA: idProduct=0002\\n\nA: speed=480\\n\n'
            'A: bDeviceClass=09\\n\nA: bDeviceSubClass=00\\n\nA: bDeviceProtocol=01\\n\nA: bcdDevice=0601\\n\nA: version= 2.00\\n\nA: maxchild=16\\n\n'
            'H: descriptors=12010002090001406B1D020001060302010109021900010100E0000904000001090000000705810304000C\n'
        )

    def number(self):
        """The next device number that is free, as the kernel counts them (up to 127, then again from the start)."""
        for _ in range(127):
            number = self._next
            self._next = number + 1 if number < 127 else 11
            if number not in self._used:
                self._used.add(number)
                return number
        raise ValueError('all numbers are in use: clients hold devices open that were pulled')

    def free(self, number):
        self._used.discard(number)


class Node:
    """The FIFO in the place of a device node."""

    def __init__(self, bus, name, packets=False):
        self.path = os.path.join(bus.root, 'dev', name)
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        if os.path.lexists(self.path):
            os.unlink(self.path)
        os.mkfifo(self.path, 0o666)
        os.chmod(self.path, 0o666)
        self.fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        if packets:
            # open() refuses O_DIRECT for a FIFO, fcntl() takes it: each write is one packet (pipe(7)).
            fcntl.fcntl(self.fd, fcntl.F_SETFL, os.O_NONBLOCK | os.O_DIRECT)
        fcntl.fcntl(self.fd, F_SETPIPE_SZ, 65536 if packets else 4096)
        self._ready = True

    def ready(self, ready):
        """Says whether a poll for "writable" comes back."""
        if ready == self._ready or self.fd is None:
            return
        self._ready = ready
        try:
            if ready:
                while os.read(self.fd, 65536):
                    pass
            else:
                while os.write(self.fd, bytes(4096)):
                    pass
        except BlockingIOError:
            pass

    def send(self, packet):
        """One report: a packet that one read gets whole (O_DIRECT pipe)."""
        os.write(self.fd, packet)

    def close(self):
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None
        if os.path.lexists(self.path):
            os.unlink(self.path)


class NoNode:
    """In the place of a node that is not made yet."""

    def ready(self, ready):
        pass

    def close(self):
        pass
