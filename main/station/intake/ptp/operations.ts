/**
 * Operations that the station uses (ISO 15740, 10.4; MTP 1.1, appendix D; vendors' from libgphoto2's ptp.h). FormatStore is not among
 * them, and must never be.
 */
export const OPERATION = {
  getDeviceInfo: 0x1001,
  openSession: 0x1002,
  closeSession: 0x1003,
  getStorageIds: 0x1004,
  getStorageInfo: 0x1005,
  getObjectHandles: 0x1007,
  getObjectInfo: 0x1008,
  getObject: 0x1009,
  getThumb: 0x100a,
  deleteObject: 0x100b,
  initiateCapture: 0x100e,
  getDevicePropDesc: 0x1014,
  getPartialObject: 0x101b,
  getObjectPropValue: 0x9803,
  getObjectPropList: 0x9805,
  androidGetPartialObject64: 0x95c1,
  nikonGetPartialObjectEx: 0x9431,
  nikonGetEvent: 0x90c7,
  canonSetRemoteMode: 0x9114,
  canonSetEventMode: 0x9115,
  canonGetEvent: 0x9116,
  canonGetPartialObject64: 0x9174,
} as const;

/** Responses that the station tells apart (ISO 15740, 11.3). */
export const RESPONSE = {
  ok: 0x2001,
  generalError: 0x2002,
  sessionNotOpen: 0x2003,
  notSupported: 0x2005,
  invalidStorage: 0x2008,
  invalidHandle: 0x2009,
  busy: 0x2019,
  invalidParameter: 0x201d,
  sessionAlreadyOpen: 0x201e,
} as const;

export const EVENT = {
  objectAdded: 0x4002,
  objectRemoved: 0x4003,
  storeAdded: 0x4004,
  storeRemoved: 0x4005,
  propertyChanged: 0x4006,
} as const;

/** All storages, all objects, the root: never a handle. */
export const ALL = 0xffff_ffff;
