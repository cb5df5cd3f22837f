"""Pedals, buttons and scanners: a hidraw node that gives a report when a test presses, and a camera's button as an evdev node.

The node is a FIFO in packet mode: one report is one read, and polling works by itself. Reads pass by the bus first, so that a pulled device fails them.
"""
import errno
import struct
import time

import gi

gi.require_version('UMockdev', '1.0')
from gi.repository import UMockdev  # noqa: E402

from bus import Node, escaped  # noqa: E402
from clients import Clients  # noqa: E402
from turn import in_turn  # noqa: E402

HIDIOCGRDESCSIZE, HIDIOCGRDESC, HIDIOCGRAWINFO = 0x80044801, 0x90044802, 0x80084803

# Three buttons in one byte of bits, on the consumer page: usage 3, programmable buttons. As the VEC "Infinity" pedals.
PEDAL = bytes.fromhex('050C0903A1010509190129031500250195037501810295017505810175089501810' + '1C0')
# One button on a vendor's own page, report id 1: as dermatoscopes have it.
BUTTON = bytes.fromhex('0600FF0901A1018501090115002501750195018102950775018101C0')
# HID POS bar code scanner (usage page 8C, usage 2), report id 2: count, 3 bytes of symbology, 56 of data, 2 reserved, 1 "more follows".
SCANNER = bytes.fromhex('058C0902A1018502150026FF0075089501' '0501093B8102' '058C950309FB09FC09FD8102' '953809FE82020195028101' '7501950109FF810275079501' '8101C0')
KINDS = {
    # kind: (vendor, product, maker, model, report descriptor, idle report)
    'pedal': (0x05F3, 0x00FF, 'VEC', 'Footpedal', PEDAL, b'\0\0'),
    'button': (0x1D50, 0x61A0, 'Fake', 'Dermatoscope', BUTTON, b'\1\0'),
    'scanner': (0x0C2E, 0x0B61, 'Honeywell', 'Scanner', SCANNER, None),
}


class HidDevice:
    def __init__(self, bus, given, port):
        vendor, product, maker, model, report, _ = KINDS[given['kind']]
        self.bus = bus
        self.kind = given['kind']
        self.port = port
        self.vendor, self.product = given.get('vendorId', vendor), given.get('productId', product)
        self.maker, self.model, self.serial = given.get('maker', maker), given.get('model', model), given.get('serial', f'HID{port}')
        self.report_descriptor = bytes.fromhex(given['reportDescriptor']) if 'reportDescriptor' in given else report
        self.usb_path = f'/sys/devices/pci0000:00/0000:00:14.0/usb1/1-{port}'
        self.node = None
        self.plugs = 0

    def plug(self):
        self.number = number = self.bus.number()
        minor = number
        hid = f'0003:{self.vendor:04X}:{self.product:04X}.{number:04X}'
        usb = self.usb_path[4:]
        interface = f'{usb}/1-{self.port}:1.0'
        raw = f'{interface}/{hid}/hidraw/hidraw{minor}'
        self.raw_path = '/sys' + raw
        # umockdev forgets the links of one device at a time: the innermost first.
        self.paths = ['/sys' + path for path in (raw, f'{interface}/{hid}', interface, usb)]
        usb_node = f'bus/usb/001/{number:03d}'
        descriptors = (
            struct.pack('<BBHBBBBHHHBBBB', 18, 1, 0x200, 0, 0, 0, 8, self.vendor, self.product, 0x100, 1, 2, 3, 1)
            + bytes.fromhex('09022200010100A032' '090400000103000000' '0921110100012200' + '00' + '07058103400010')
        ).hex().upper()
        product = f'{self.vendor:x}/{self.product:x}/100'
        add = self.bus.testbed.add_from_string
        add(
            f'P: {usb}\nN: {usb_node}={descriptors}\n'
            f'E: BUSNUM=001\nE: DEVNUM={number:03d}\nE: DEVNAME=/dev/{usb_node}\nE: DEVTYPE=usb_device\nE: DRIVER=usb\nE: MAJOR=189\nE: MINOR={number - 1}\n'
            f'E: SUBSYSTEM=usb\nE: PRODUCT={product}\nE: TYPE=0/0/0\n'
            f'A: bConfigurationValue=1\\n\nA: bNumConfigurations=1\\n\nA: busnum=1\\n\nA: devnum={number}\\n\nA: idVendor={self.vendor:04x}\\n\n'
            f'A: idProduct={self.product:04x}\\n\nA: speed=12\\n\nA: bDeviceClass=00\\n\nA: bDeviceSubClass=00\\n\nA: bDeviceProtocol=00\\n\nA: bcdDevice=0100\\n\n'
            f'A: version= 2.00\\n\nA: maxchild=0\\n\nA: manufacturer={escaped(self.maker)}\\n\nA: product={escaped(self.model)}\\n\n'
            f'A: serial={escaped(self.serial)}\\n\nH: descriptors={descriptors}\n\n'
            f'P: {interface}\nE: DEVTYPE=usb_interface\nE: DRIVER=usbhid\nE: SUBSYSTEM=usb\nE: PRODUCT={product}\nE: INTERFACE=3/0/0\n'
            f'A: bInterfaceNumber=00\\n\nA: bInterfaceClass=03\\n\nA: bInterfaceSubClass=00\\n\nA: bInterfaceProtocol=00\\n\n\n'
            f'P: {interface}/{hid}\nE: DRIVER=hid-generic\nE: SUBSYSTEM=hid\nE: HID_ID=0003:{self.vendor:08X}:{self.product:08X}\n'
            f'E: HID_NAME={self.maker} {self.model}\nE: HID_PHYS=usb-0000:00:14.0-{self.port}/input0\nE: HID_UNIQ={self.serial}\n'
            f'H: report_descriptor={self.report_descriptor.hex().upper()}\n\n'
            f'P: {raw}\nN: hidraw{minor}=00\nE: DEVNAME=/dev/hidraw{minor}\nE: MAJOR=244\nE: MINOR={minor}\nE: SUBSYSTEM=hidraw\nL: device=../../../{hid}\n'
        )
        # Of this plug: whoever holds the node of an earlier one open goes on failing.
        self.cable = {'in': True}
        self.node = Node(self.bus, f'hidraw{minor}', packets=True)
        self.handler = UMockdev.IoctlBase()
        self.clients = Clients(self.handler, lambda _client: None)
        self.handler.connect('handle-ioctl', self._on_ioctl, self.cable)
        self.handler.connect('handle-read', self._on_read, self.cable)
        self.bus.testbed.attach_ioctl(f'/dev/hidraw{minor}', self.handler)
        self.plugs += 1

    def pull(self):
        if self.node is None:
            return
        self.cable['in'] = False
        node, self.node = self.node, None
        node.send(b'\0')  # wakes those who poll; their read fails
        self.bus.testbed.uevent(self.raw_path, 'remove')
        self.bus.testbed.uevent(self.usb_path, 'remove')
        for path in self.paths:
            self.bus.testbed.remove_device(path)
        number = self.number

        def buried():
            node.close()
            self.bus.testbed.detach_ioctl(f'/dev/hidraw{number}')
            self.bus.free(number)

        self.clients.when_none(buried)

    @in_turn
    def _on_read(self, _handler, client, cable):
        if cable['in']:
            return False
        client.complete(-1, errno.EIO)
        return True

    @in_turn
    def _on_ioctl(self, _handler, client, cable):
        request = client.get_property('request') & 0xFFFFFFFF
        argument = client.get_property('arg')
        if not cable['in']:
            client.complete(-1, errno.ENODEV)
        elif request == HIDIOCGRDESCSIZE:
            argument.resolve(0, 4).update(0, struct.pack('<I', len(self.report_descriptor)))
            client.complete(0, 0)
        elif request == HIDIOCGRDESC:
            argument.resolve(0, 4100).update(0, struct.pack('<I', len(self.report_descriptor)) + self.report_descriptor)
            client.complete(0, 0)
        elif request == HIDIOCGRAWINFO:
            argument.resolve(0, 8).update(0, struct.pack('<IHH', 3, self.vendor, self.product))
            client.complete(0, 0)
        elif request & 0xC000FF00 == 0xC0004800:  # feature and input reports: taken, and empty
            client.complete((request >> 16) & 0x3FFF, 0)
        else:
            client.complete(-1, errno.ENOTTY)
        return True

    # fingers and feet

    def press(self, button):
        self.report(b'\1\1' if self.kind == 'button' else bytes([1 << (button - 1), 0]))

    def release(self):
        self.report(KINDS[self.kind][5])

    def scan(self, text):
        """As many reports as the text needs; each but the last says that more follows."""
        data = text.encode()
        parts = [data[at : at + 56] for at in range(0, len(data), 56)] or [b'']
        for number, part in enumerate(parts):
            more = 1 if number < len(parts) - 1 else 0
            self.report(bytes([2, len(part)]) + b']C1' + part.ljust(56, b'\0') + b'\0\0' + bytes([more]))

    def report(self, data):
        if self.node is None:
            raise ValueError('not plugged in')
        self.node.send(data)


class CameraButton:
    """The button of a UVC camera, as uvcvideo shows it: an input device with KEY_CAMERA (212)."""

    def __init__(self, bus, given, port):
        self.bus = bus
        self.name = given.get('model', 'Fake Dermatoscope')
        self.vendor, self.product = given.get('vendorId', 0x1D50), given.get('productId', 0x61A1)
        self.port = port
        self.plugs = 0
        self.node = None

    def plug(self):
        self.number = number = self.bus.number()
        base = f'/devices/pci0000:00/0000:00:14.0/usb1/1-{self.port}/1-{self.port}:1.0/input/input{number}'
        self.path = '/sys' + base
        # Bit 212 in words of 64 bits, the highest word first.
        key = '100000 0 0 0'
        self.bus.testbed.add_from_string(
            f'P: {base}\nE: SUBSYSTEM=input\nE: PRODUCT=3/{self.vendor:x}/{self.product:x}/100\nE: NAME="{self.name}"\nE: EV=3\nE: KEY={key}\n'
            f'A: name={escaped(self.name)}\\n\nA: phys=usb-0000:00:14.0-{self.port}/button\\n\nA: uniq=\\n\nA: capabilities/ev=3\\n\nA: capabilities/key={key}\\n\n'
            f'A: id/bustype=0003\\n\nA: id/vendor={self.vendor:04x}\\n\nA: id/product={self.product:04x}\\n\nA: id/version=0100\\n\n\n'
            f'P: {base}/event{number}\nN: input/event{number}=00\nE: DEVNAME=/dev/input/event{number}\nE: MAJOR=13\nE: MINOR={64 + number}\nE: SUBSYSTEM=input\n'
            f'L: device=../../input{number}\n'
        )
        self.event_path = f'{self.path}/event{number}'
        self.node = Node(self.bus, f'input/event{number}', packets=True)
        self.plugs += 1

    def pull(self):
        if self.node is None:
            return
        self.bus.testbed.uevent(self.event_path, 'remove')
        self.bus.testbed.remove_device(self.event_path)
        self.bus.testbed.remove_device(self.path)
        self.bus.free(self.number)
        self.node.close()
        self.node = None

    def _key(self, value):
        now = time.time()
        when = struct.pack('<qq', int(now), int(now % 1 * 1_000_000))
        self.node.send(when + struct.pack('<HHi', 1, 212, value) + when + struct.pack('<HHi', 0, 0, 0))

    def press(self, _button):
        self._key(1)

    def release(self):
        self._key(0)
