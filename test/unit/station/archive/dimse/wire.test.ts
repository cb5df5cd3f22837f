import { describe, expect, it } from 'vitest';
import { answerTo, COMMAND, decodeCommand, encodeCommand } from '../../../../../main/station/archive/dimse/command.ts';
import {
  encodeElements,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  readElements,
} from '../../../../../main/station/archive/dimse/elements.ts';
import { createPduGuard, pduBlocks } from '../../../../../main/station/archive/dimse/network.ts';
import { checkAeTitle } from '../../../../../main/station/archive/dimse/peer.ts';
import { datasetOf } from '../../../../../main/station/archive/dimse/store.ts';
import { instanceFile } from '../../../../support/instance-file.ts';

describe('command sets', () => {
  it('survive the wire', () => {
    const command = {
      field: COMMAND.store,
      messageId: 7,
      affectedSopClassUid: '1.2.3',
      affectedSopInstanceUid: '1.2.34',
      priority: 0,
    };
    expect(decodeCommand(encodeCommand({ ...command, hasDataset: true }))).toEqual({ ...command, hasDataset: true });
  });

  it('answer the request they belong to', () => {
    const request = decodeCommand(
      encodeCommand({ field: COMMAND.eventReport, messageId: 9, affectedSopClassUid: '1.2', eventTypeId: 1 }),
    );
    expect(answerTo(request, 0)).toEqual({
      field: 0x8100,
      respondedToMessageId: 9,
      status: 0,
      affectedSopClassUid: '1.2',
      eventTypeId: 1,
    });
  });

  it('cut off are refused', () => {
    const bytes = encodeCommand({ field: COMMAND.echo, messageId: 1 });
    expect(() => decodeCommand(bytes.subarray(0, bytes.length - 1))).toThrow('malformed');
    expect(() => decodeCommand(Buffer.alloc(0))).toThrow('malformed');
  });
});

describe('PDUs of a message', () => {
  const parse = (wire: Buffer) => {
    const pdus: { value: Buffer; control: number; context: number; length: number }[] = [];
    for (let at = 0; at < wire.length;) {
      const length = wire.readUInt32BE(at + 2);
      expect(wire.readUInt8(at)).toBe(4);
      expect(wire.readUInt32BE(at + 6)).toBe(length - 4);
      pdus.push({
        length,
        context: wire.readUInt8(at + 10),
        control: wire.readUInt8(at + 11),
        value: wire.subarray(at + 12, at + 6 + length),
      });
      at += 6 + length;
    }
    return pdus;
  };

  it('carry the data set byte for byte within the peer’s limit, for any length around the limit', () => {
    const command = Buffer.from('command!');
    for (const size of [1, 4089, 4090, 4091, 8180, 1_300_001]) {
      const dataset = Buffer.alloc(size, 1).map((_, at) => at % 251) as Buffer;
      const pdus = parse(Buffer.concat([...pduBlocks(5, command, Buffer.from(dataset), 4096)]));
      expect(Math.max(...pdus.map((pdu) => pdu.length))).toBeLessThanOrEqual(4096);
      expect(pdus[0]).toMatchObject({ control: 3, context: 5, value: command });
      const fragments = pdus.slice(1);
      expect(fragments.map((pdu) => pdu.control)).toEqual([...fragments.slice(1).map(() => 0), 2]);
      expect(Buffer.concat(fragments.map((pdu) => pdu.value)).equals(Buffer.from(dataset))).toBe(true);
    }
  });
});

describe('the PDU guard (trap 8)', () => {
  const header = (length: number) => {
    const bytes = Buffer.from([1, 0, 0, 0, 0, 0]);
    bytes.writeUInt32BE(length, 2);
    return bytes;
  };

  it('refuses a PDU longer than allowed before its body, however the header is cut', () => {
    const long = header(1_000_001);
    for (let cut = 0; cut <= 6; cut++) {
      const guard = createPduGuard(() => 1_000_000);
      expect(guard(long.subarray(0, cut)) && guard(long.subarray(cut))).toBe(false);
    }
  });

  it('counts PDU after PDU across chunks', () => {
    const guard = createPduGuard(() => 10);
    const stream = Buffer.concat([header(10), Buffer.alloc(10), header(0), header(3), Buffer.alloc(3), header(11)]);
    let refusedAt = -1;
    for (let at = 0; at < stream.length && refusedAt < 0; at++) if (!guard(stream.subarray(at, at + 1))) refusedAt = at;
    expect(refusedAt).toBe(stream.length - 1);
  });
});

describe('data sets', () => {
  it.each([EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN])('survive encoding in %s', (uid) => {
    const bytes = encodeElements(
      [
        [0x00081199, 'SQ', [[[0x00081155, 'UI', '1.2.3']], [[0x00081155, 'UI', '1.2.34']]]],
        [0x00080005, 'CS', 'ISO_IR 192'],
        [0x00100010, 'PN', 'Müller'],
      ],
      uid,
    );
    const read = readElements(bytes, uid);
    expect(read.ascii(0x00080005)).toBe('ISO_IR 192');
    expect(read.bytes(0x00100010)?.toString().trim()).toBe('Müller');
    expect(read.items(0x00081199).map((item) => item.ascii(0x00081155))).toEqual(['1.2.3', '1.2.34']);
  });

  it('whose lengths lie are refused, never read past their end', () => {
    const bytes = encodeElements([[0x00100010, 'PN', 'Test']], EXPLICIT_LITTLE_ENDIAN);
    bytes.writeUInt16LE(400, 6);
    expect(() => readElements(bytes, EXPLICIT_LITTLE_ENDIAN)).toThrow('malformed');
    const bomb = Buffer.alloc(8 * 40_000);
    for (let at = 0; at < bomb.length; at += 16) {
      bomb.write('08000610ffffffff', at, 'hex');
      bomb.write('feff00e0ffffffff', at + 8, 'hex');
    }
    expect(() => readElements(bomb, IMPLICIT_LITTLE_ENDIAN)).toThrow('malformed');
  });

  it('of a Part-10 file start after its file meta information', () => {
    const { bytes } = instanceFile(100);
    expect(datasetOf(bytes).readUInt16LE(0)).toBe(0x0008);
    expect(() => datasetOf(bytes.subarray(1))).toThrow('malformed');
    expect(() => datasetOf(bytes.subarray(0, 150))).toThrow('malformed');
  });
});

describe('AE titles', () => {
  it('keep to the standard', () => {
    expect(checkAeTitle('STATION 1')).toBe('STATION 1');
    for (const bad of ['', '   ', 'A\\B', 'SEVENTEEN-LETTERS', 'ÄE', 'A\nB'])
      expect(() => checkAeTitle(bad)).toThrow('AE title');
  });
});
