"""The table of faults: what a device does wrong, one row each. faults.ts holds the same table with the types; a test compares them."""
from objects import matches

# name: (where it strikes, what happens)
TABLE = {
    # the operation as it arrives
    'device-busy': ('request', 'answers 2019 DeviceBusy'),
    'refuse': ('request', 'answers `code`'),
    'silence': ('request', 'never answers, until it is cancelled or reset'),
    'slow': ('request', 'answers after `milliseconds`'),
    'unplug-at': ('request', 'the cable is pulled as the operation arrives: it is not done'),
    'forgets-storages': ('request', 'locks itself as the operation arrives: no storages, no objects'),
    'session-already-open': ('request', 'OpenSession answers 201E, as after a client that died'),
    'info-needs-session': ('request', 'GetDeviceInfo outside a session answers 2003'),
    'all-storages-unsupported': ('request', 'GetObjectHandles for storage FFFFFFFF answers `code` (2008)'),
    # its data phase
    'short-data': ('data', 'ends `bytes` before the announced length'),
    'long-data': ('data', 'sends `bytes` more than announced'),
    'stall-at-data': ('data', 'the endpoint halts after `bytes` (0)'),
    'hang-in-data': ('data', 'nothing comes any more after `bytes`'),
    'unplug-in-data': ('data', 'the cable is pulled after `bytes`'),
    'wrong-transaction': ('data', 'the container carries another transaction id'),
    'garbage-header': ('data', 'the container begins with 12 bytes of noise'),
    'wrong-length': ('data', 'the header announces `bytes` more than come (negative: fewer)'),
    'huge-length': ('data', 'the header announces 0xFFFFFFFF for a small dataset'),
    'split-header': ('data', 'the header comes in a packet of its own'),
    'no-zero-packet': ('data', 'no empty packet ends data of a multiple of 512'),
    'other-data': ('data', 'the dataset is `base64` instead'),
    # its response
    'stall-at-response': ('response', 'the endpoint halts instead of the response'),
    'no-response': ('response', 'the response never comes'),
    'wrong-transaction-response': ('response', 'the response carries another transaction id'),
    'other-response': ('response', 'done, but the response says `code`'),
    'unplug-before-response': ('response', 'done, but the cable is pulled before the response'),
    # objects
    'wrong-size': ('object', 'ObjectInfo says `bytes` more than there are (negative: fewer)'),
    'unreadable': ('object', 'GetObject and partial reads answer `code` (200F)'),
    'cloud-only': ('object', 'the original is in the cloud: GetObject answers 2002'),
    'other-bytes': ('object', 'from the `from`th whole read on (2) the byte at `at` (0) differs'),
    'transcoding': ('object', 'delivers `file` or `base64` instead of what ObjectInfo told'),
    'lying-delete': ('object', 'DeleteObject answers 2001, the object stays'),
    'delete-refused': ('object', 'DeleteObject answers `code` (200D)'),
    'partial-delete': ('object', 'DeleteObject answers 2012 and the object stays'),
    'returns-after-delete': ('object', 'deleted, but it is there again in the next session'),
    'short-partial': ('object', 'a partial read gives half of what was asked for'),
    'no-partial-reads': ('object', 'partial reads are offered and answer 2005'),
    # listings
    'orphan-parents': ('listing', 'folders of the root name parent 1, which does not exist'),
    'cyclic-folders': ('listing', 'the folder `path` is listed in itself, and is its own parent'),
    'parent-zero-is-root': ('listing', 'GetObjectHandles with parent 0 means the root only'),
    'ghost-handles': ('listing', 'GetObjectHandles also lists `count` (1) handles that answer 2009'),
    'handles-twice': ('listing', 'GetObjectHandles lists every handle twice'),
    # events
    'events-lost': ('event', 'new objects are not announced'),
    'ghost-events': ('event', 'an ObjectAdded for a handle that does not exist comes before each real one'),
}


class Faults:
    """Those that are set, with how often they may still strike."""

    def __init__(self):
        self.active = []

    def set(self, fault):
        if fault['name'] not in TABLE:
            raise ValueError('no such fault: ' + fault['name'])
        self.active.append({**fault, 'skip': fault.get('after', 0), 'left': fault.get('times')})

    def clear(self):
        self.active = []

    def take(self, name, operation=None, path=None):
        """The fault, when it strikes now; counts it."""
        for fault in self.active:
            if fault['name'] != name or fault['left'] == 0:
                continue
            if 'operation' in fault and operation is not None and fault['operation'] != operation:
                continue
            if 'path' in fault and (path is None or not matches(fault['path'], path)):
                continue
            if fault['skip'] > 0:
                fault['skip'] -= 1
                continue
            if fault['left'] is not None:
                fault['left'] -= 1
            fault['struck'] = fault.get('struck', 0) + 1
            return fault
        return None

    def struck(self):
        return [{'name': fault['name'], 'struck': fault.get('struck', 0)} for fault in self.active]
