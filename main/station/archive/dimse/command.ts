import { MalformedDatasetError } from './errors.ts';

/** Command Field values, PS3.7 E.1-1. A response is its request with the top bit set. */
export const COMMAND = {
  store: 0x0001,
  get: 0x0010,
  find: 0x0020,
  move: 0x0021,
  echo: 0x0030,
  eventReport: 0x0100,
  action: 0x0130,
  cancel: 0x0fff,
} as const;

export const RESPONSE_BIT = 0x8000;

/** A command set in words. Only what this station reads or writes. */
export interface Command {
  field: number;
  affectedSopClassUid?: string;
  requestedSopClassUid?: string;
  messageId?: number;
  respondedToMessageId?: number;
  moveDestination?: string;
  priority?: number;
  hasDataset?: boolean;
  status?: number;
  affectedSopInstanceUid?: string;
  requestedSopInstanceUid?: string;
  eventTypeId?: number;
  actionTypeId?: number;
  remaining?: number;
  completed?: number;
  failed?: number;
  warning?: number;
}

type Key = Exclude<keyof Command, 'hasDataset'>;
const TABLE: readonly (readonly [element: number, key: Key, type: 'UI' | 'US' | 'AE'])[] = [
  [0x0002, 'affectedSopClassUid', 'UI'],
  [0x0003, 'requestedSopClassUid', 'UI'],
  [0x0100, 'field', 'US'],
  [0x0110, 'messageId', 'US'],
  [0x0120, 'respondedToMessageId', 'US'],
  [0x0600, 'moveDestination', 'AE'],
  [0x0700, 'priority', 'US'],
  [0x0900, 'status', 'US'],
  [0x1000, 'affectedSopInstanceUid', 'UI'],
  [0x1001, 'requestedSopInstanceUid', 'UI'],
  [0x1002, 'eventTypeId', 'US'],
  [0x1008, 'actionTypeId', 'US'],
  [0x1020, 'remaining', 'US'],
  [0x1021, 'completed', 'US'],
  [0x1022, 'failed', 'US'],
  [0x1023, 'warning', 'US'],
];
const DATASET_TYPE = 0x0800;
const NO_DATASET = 0x0101;

/** Bytes of a command set: implicit VR little endian, group length first (PS3.7 6.3). */
export function encodeCommand(command: Command): Buffer {
  const parts: [number, Buffer][] = TABLE.flatMap(([element, key, type]) => {
    const value = command[key];
    if (value === undefined) return [];
    return [[element, type === 'US' ? uint16(Number(value)) : text(String(value), type)]];
  });
  parts.push([DATASET_TYPE, uint16(command.hasDataset ? 0x0102 : NO_DATASET)]);
  parts.sort((a, b) => a[0] - b[0]);
  const body = Buffer.concat(parts.flatMap(([element, value]) => [head(element, value.length), value]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([head(0, 4), length, body]);
}

/** Reads a command set. Unknown elements are skipped. */
export function decodeCommand(bytes: Buffer): Command & { hasDataset: boolean } {
  const byElement = new Map(TABLE.map(([element, key, type]) => [element, { key, type }]));
  const command: Record<string, number | string | boolean> = { field: -1, hasDataset: false };
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw new MalformedDatasetError('command set is cut off');
    const group = bytes.readUInt16LE(at);
    const element = bytes.readUInt16LE(at + 2);
    const length = bytes.readUInt32LE(at + 4);
    at += 8;
    if (group !== 0 || at + length > bytes.length) throw new MalformedDatasetError('command set');
    const value = bytes.subarray(at, at + length);
    at += length;
    if (element === DATASET_TYPE && length >= 2) command['hasDataset'] = value.readUInt16LE() !== NO_DATASET;
    const known = byElement.get(element);
    if (!known) continue;
    if (known.type !== 'US') command[known.key] = value.toString('latin1').replace(/[\0 ]+$/, '');
    else if (length >= 2) command[known.key] = value.readUInt16LE();
  }
  if (command['field'] === -1) throw new MalformedDatasetError('command set without a command');
  return command as unknown as Command & { hasDataset: boolean };
}

/** The answer to a request, ready to send. */
export function answerTo(request: Command, status: number): Command {
  const sopClassUid = request.affectedSopClassUid ?? request.requestedSopClassUid;
  const sopInstanceUid = request.affectedSopInstanceUid ?? request.requestedSopInstanceUid;
  return {
    field: request.field | RESPONSE_BIT,
    respondedToMessageId: request.messageId ?? 0,
    status,
    ...(sopClassUid === undefined ? {} : { affectedSopClassUid: sopClassUid }),
    ...(sopInstanceUid === undefined ? {} : { affectedSopInstanceUid: sopInstanceUid }),
    ...(request.eventTypeId === undefined ? {} : { eventTypeId: request.eventTypeId }),
  };
}

function head(element: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(element, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function text(value: string, type: 'UI' | 'AE'): Buffer {
  return Buffer.from(value.length % 2 === 0 ? value : value + (type === 'UI' ? '\0' : ' '), 'latin1');
}
