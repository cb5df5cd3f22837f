"""The rig: one process that is a USB bus and everything on it.

Commands come as JSON lines on stdin (`{"id":1,"do":"plug","device":{...}}`), answers go as JSON lines to stdout (`{"id":1,"ok":true,"value":...}`). It ends with its
stdin, so never outlives the test. Run by the system's Python (gir1.2-umockdev-1.0): /usr/bin/python3 main.py. The client is rig.ts.
"""
import json
import os
import shutil
import sys
import traceback

from gi.repository import GLib

from bus import Bus
from device import PtpDevice
from faults import TABLE
from hid import CameraButton, HidDevice
from turn import in_turn


class Rig:
    def __init__(self):
        self.bus = Bus()
        self.devices = {}

    def do_faults(self, _command):
        return {name: where for name, (where, _) in TABLE.items()}

    def do_plug(self, command):
        given = command['device']
        number = len(self.devices) + 1
        kinds = {'pedal': HidDevice, 'button': HidDevice, 'scanner': HidDevice, 'evdev': CameraButton}
        device = kinds.get(given['kind'], PtpDevice)(self.bus, given, number)
        self.devices[number] = device
        device.plug()
        return {'device': number}

    def _device(self, command):
        return self.devices[command['device']]

    def do_unplug(self, command):
        self._device(command).pull()

    def do_replug(self, command):
        device = self._device(command)
        device.pull()
        device.plug()

    def do_add(self, command):
        responder = self._device(command).responder
        for given in command['objects']:
            responder.add(given)

    def do_remove(self, command):
        self._device(command).responder.remove(command['path'])

    def do_lock(self, command):
        self._device(command).responder.set_locked(command['locked'])

    def do_fault(self, command):
        self._device(command).responder.faults.set(command['fault'])

    def do_clear(self, command):
        self._device(command).responder.faults.clear()

    def do_flood(self, command):
        self._device(command).responder.flood(command['count'])

    def do_property(self, command):
        self._device(command).responder.set_property(command['code'], command['value'])

    def do_press(self, command):
        self._device(command).press(command.get('button', 1))

    def do_release(self, command):
        self._device(command).release()

    def do_scan(self, command):
        self._device(command).scan(command['text'])

    def do_report(self, command):
        self._device(command).report(bytes.fromhex(command['hex']))

    def do_objects(self, command):
        return self._device(command).responder.objects.listing()

    def do_hashes(self, command):
        return self._device(command).responder.objects.hashes()

    def do_state(self, command):
        device = self._device(command)
        responder = device.responder
        return {
            'plugged': device.usb is not None, 'plugs': device.plugs, 'session': responder.session is not None, 'locked': responder.locked,
            'operations': len(responder.log), 'bytesSent': responder.bytes_sent, 'violations': responder.violations,
            'faults': responder.faults.struck(), 'properties': responder.values, 'claimed': bool(device.usb and device.usb.owners),
        }

    def do_log(self, command):
        return list(self._device(command).responder.log)

    @in_turn
    def answer(self, line):
        command = json.loads(line)
        try:
            value = getattr(self, 'do_' + command['do'])(command)
            return {'id': command['id'], 'ok': True, 'value': value}
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return {'id': command['id'], 'ok': False, 'error': f'{type(error).__name__}: {error}'}


def say(message):
    sys.stdout.write(json.dumps(message) + '\n')
    sys.stdout.flush()


def main():
    rig = Rig()
    loop = GLib.MainLoop()
    buffered = b''

    def on_input(_fd, _condition):
        nonlocal buffered
        piece = os.read(0, 1 << 16)
        if not piece:
            loop.quit()
            return False
        buffered += piece
        while b'\n' in buffered:
            line, buffered = buffered.split(b'\n', 1)
            say(rig.answer(line))
        return True

    GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, 0, GLib.IOCondition.IN | GLib.IOCondition.HUP, on_input)
    say({'ready': True, 'root': rig.bus.root})
    loop.run()
    # What clients bound there (their netlink sockets) umockdev leaves behind.
    shutil.rmtree(rig.bus.root, ignore_errors=True)
    # Without the farewells of GObject: threads of umockdev may be in the middle of something.
    os._exit(0)


main()
