"""A camera or phone on the bus: descriptors, strings, plugging and pulling."""
import struct

from bus import Node, NoNode, escaped
from phone import Android, Iphone
from ptp import Responder
from usbdevfs import UsbDevice
from vendors import Canon, Nikon

# kind: (vendor id, product id)
IDENTITIES = {'camera': (0x04A9, 0x31C0), 'canon': (0x04A9, 0x32EA), 'nikon': (0x04B0, 0x0440), 'android': (0x18D1, 0x4EE1), 'iphone': (0x05AC, 0x12A8)}


def responder_class(given):
    if given['kind'] == 'android':
        return Android
    if given['kind'] == 'iphone':
        return Iphone
    return {'canon': Canon, 'nikon': Nikon}.get(given.get('events'), Responder)


class PtpDevice:
    """Lives as long as the rig: unplugged and plugged in again it is the same body with the same card."""

    def __init__(self, bus, given, port):
        self.bus = bus
        self.given = given
        self.port = port
        self.usb = None
        kind = given.get('events') if given['kind'] == 'camera' and given.get('events') in IDENTITIES else given['kind']
        self.vendor = given.get('vendorId', IDENTITIES[kind][0])
        self.product = given.get('productId', IDENTITIES[kind][1])
        self.responder = responder_class(given)(given, self)
        self.path = f'/sys/devices/pci0000:00/0000:00:14.0/usb1/1-{port}'
        self.plugs = 0

    def descriptors(self):
        device = struct.pack('<BBHBBBBHHHBBBB', 18, 1, 0x200, 0, 0, 0, 64, self.vendor, self.product, 0x100, 1, 2, 3, 1)
        kind = (0xFF, 0xFF, 0x00) if self.given['kind'] == 'android' else (6, 1, 1)
        body = struct.pack('<BBBBBBBBB', 9, 4, 0, 0, 3, *kind, 4)
        body += struct.pack('<BBBBHB', 7, 5, 0x02, 2, 512, 0) + struct.pack('<BBBBHB', 7, 5, 0x81, 2, 512, 0) + struct.pack('<BBBBHB', 7, 5, 0x83, 3, 64, 6)
        return device + struct.pack('<BBHBBBBB', 9, 2, 9 + len(body), 1, 1, 0, 0xC0, 50) + body

    def plug(self):
        if self.usb is not None:
            raise ValueError('already plugged in')
        number = self.bus.number()
        name = f'bus/usb/001/{number:03d}'
        descriptors = self.descriptors().hex().upper()
        kind = self.descriptors()[18 + 9 + 5 :][:3]
        self.responder.plugged()
        # Whoever hears of it opens it at once: umockdev ends a client that finds nobody behind the node.
        self.usb = UsbDevice(NoNode(), number, self)
        self.bus.testbed.attach_ioctl('/dev/' + name, self.usb.handler)
        self.bus.testbed.add_from_string(
            f'P: {self.path[4:]}\nN: {name}={descriptors}\n'
            f'E: BUSNUM=001\nE: DEVNUM={number:03d}\nE: DEVNAME=/dev/{name}\nE: DEVTYPE=usb_device\nE: DRIVER=usb\nE: ID_VENDOR_ID={self.vendor:04x}\n'
            f'E: ID_MODEL_ID={self.product:04x}\nE: MAJOR=189\nE: MINOR={number - 1}\nE: SUBSYSTEM=usb\n'
            f'E: PRODUCT={self.vendor:x}/{self.product:x}/100\nE: TYPE=0/0/0\nE: INTERFACE={kind[0]}/{kind[1]}/{kind[2]}\n'
            f'A: bConfigurationValue=1\\n\nA: bNumConfigurations=1\\n\nA: busnum=1\\n\nA: devnum={number}\\n\nA: idVendor={self.vendor:04x}\\n\n'
            f'A: idProduct={self.product:04x}\\n\nA: speed=480\\n\nA: bDeviceClass=00\\n\nA: bDeviceSubClass=00\\n\nA: bDeviceProtocol=00\\n\n'
            f'A: bcdDevice=0100\\n\nA: version= 2.00\\n\nA: maxchild=0\\n\nA: manufacturer={escaped(self.responder.maker)}\\n\n'
            f'A: product={escaped(self.responder.model)}\\n\nA: serial={escaped(self.responder.serial)}\\n\nH: descriptors={descriptors}\n'
        )
        self.usb.node = Node(self.bus, name)
        self.usb.node.ready(False)
        self.plugs += 1

    def pull(self):
        """The cable comes out, whatever is going on."""
        if self.usb is None:
            return
        usb, self.usb = self.usb, None
        usb.unplug()
        self.responder.plugged()
        self.bus.testbed.uevent(self.path, 'remove')
        self.bus.testbed.remove_device(self.path)
        usb.bury()

    # what the responder needs

    def send(self, length, read, **how):
        if self.usb is not None:
            self.usb.send(length, read, **how)

    def send_event(self, packet):
        if self.usb is not None:
            self.usb.send_event(packet)

    def flush(self):
        if self.usb is not None:
            self.usb.flush()

    # what the bus asks

    def received(self, packet):
        self.responder.received(packet)

    def reset(self):
        self.responder.reset()

    def unplug(self):
        self.pull()

    def buried(self, usb):
        self.bus.testbed.detach_ioctl(f'/dev/bus/usb/001/{usb.number:03d}')
        self.bus.free(usb.number)

    def control(self, kind, request, value, index, data):
        if kind == 0x80 and request == 6:  # GET_DESCRIPTOR
            return self._descriptor(value >> 8, value & 0xFF)
        if kind == 0x80 and request == 8:  # GET_CONFIGURATION
            return b'\1'
        if kind & 0x9F == 0x80 and request == 0:  # GET_STATUS
            return b'\0\0'
        return self.responder.control(kind, request, value, index, data)

    def _descriptor(self, kind, index):
        if kind == 1:
            return self.descriptors()[:18]
        if kind == 2:
            return self.descriptors()[18:]
        texts = [None, self.responder.maker, self.responder.model, self.responder.serial, 'MTP' if self.given['kind'] == 'android' else 'PTP']
        if kind != 3 or index >= len(texts):
            return None
        body = b'\x09\x04' if index == 0 else texts[index].encode('utf-16-le')[:252]
        return bytes([len(body) + 2, 3]) + body
