/** Text: a string is encoded by the entry's character set (UTF-8 or Latin-1 only); anything else comes as raw bytes. */
export type FixtureText = string | Uint8Array;

/** One scheduled procedure step as a worklist server keeps it. `undefined` takes the default; `''` is sent empty. */
export interface WorklistFixture {
  patientName: FixtureText;
  patientId: FixtureText;
  /** (0008,0005), values separated by a backslash. Default ISO_IR 192 */
  characterSet?: string;
  issuerOfPatientId?: string;
  /** YYYYMMDD */
  birthDate?: string;
  sex?: string;
  accessionNumber?: string;
  studyInstanceUid?: string;
  requestedProcedureId?: string;
  requestedProcedureDescription?: FixtureText;
  scheduledProcedureStepId?: string;
  scheduledProcedureStepDescription?: FixtureText;
  stationAet?: string;
  modality?: string;
  /** YYYYMMDD. Default: today */
  date?: string;
  /** HHMMSS */
  time?: string;
  referringPhysicianName?: FixtureText;
  medicalAlerts?: FixtureText;
  /** Coding scheme of its procedure and protocol codes. Default 99LOCAL, which no validator knows */
  codingScheme?: string;
}

export type FixtureElement = readonly [tag: number, vr: string, value: FixtureText | readonly FixtureElement[][]];

const LONG_FORM = new Set(['OB', 'OW', 'SQ', 'UN', 'UT', 'UC', 'UR']);

/** Explicit VR little endian bytes of elements, in tag order. */
export function encodeElements(elements: readonly FixtureElement[], latin1 = false): Buffer {
  const sorted = [...elements].sort((a, b) => a[0] - b[0]);
  return Buffer.concat(sorted.map((element) => encodeElement(element, latin1)));
}

function encodeElement([tag, vr, value]: FixtureElement, latin1: boolean): Buffer {
  let body: Buffer;
  if (typeof value === 'string') body = Buffer.from(value, latin1 ? 'latin1' : 'utf8');
  else if (value instanceof Uint8Array) body = Buffer.from(value);
  else {
    body = Buffer.concat(
      value.map((item) => {
        const bytes = encodeElements(item, latin1);
        const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
        head.writeUInt32LE(bytes.length, 4);
        return Buffer.concat([head, bytes]);
      }),
    );
  }
  if (body.length % 2 === 1) body = Buffer.concat([body, Buffer.from([vr === 'UI' || vr === 'OB' ? 0 : 0x20])]);
  const head = Buffer.alloc(LONG_FORM.has(vr) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  if (LONG_FORM.has(vr)) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

/** Part-10 file bytes around an explicit VR little endian (or encapsulated) data set. */
export function part10(
  meta: { sopClassUid: string; sopInstanceUid: string; transferSyntaxUid: string },
  body: Buffer,
): Buffer {
  const group = encodeElements([
    [0x00020001, 'OB', Buffer.from([0, 1])],
    [0x00020002, 'UI', meta.sopClassUid],
    [0x00020003, 'UI', meta.sopInstanceUid],
    [0x00020010, 'UI', meta.transferSyntaxUid],
    [0x00020012, 'UI', '2.25.1'],
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encodeElements([[0x00020000, 'UL', length]]),
    group,
    body,
  ]);
}

/** YYYYMMDD of a day, in local time. */
export function dicomDate(day: Date = new Date()): string {
  return `${day.getFullYear()}${String(day.getMonth() + 1).padStart(2, '0')}${String(day.getDate()).padStart(2, '0')}`;
}

/** Part-10 bytes of a worklist file (`*.wl`) for wlmscpfs and for Orthanc's worklist plugin. */
export function worklistFile(entry: WorklistFixture, number: number): Buffer {
  const characterSet = entry.characterSet ?? 'ISO_IR 192';
  const studyInstanceUid = entry.studyInstanceUid ?? `2.25.7${String(1000 + number)}`;
  const code = (value: string, meaning: string): FixtureElement[] => [
    [0x00080100, 'SH', value],
    [0x00080102, 'SH', entry.codingScheme ?? '99LOCAL'],
    [0x00080104, 'LO', meaning],
  ];
  const step: FixtureElement[] = [
    [0x00080060, 'CS', entry.modality ?? 'XC'],
    [0x00400001, 'AE', entry.stationAet ?? 'IMGST'],
    [0x00400002, 'DA', entry.date ?? dicomDate()],
    [0x00400003, 'TM', entry.time ?? '100000'],
    [0x00400006, 'PN', 'Derm^Doc'],
    [0x00400007, 'LO', entry.scheduledProcedureStepDescription ?? 'Photographs'],
    [0x00400008, 'SQ', [code('DERM1', 'Lesion photographs')]],
    [0x00400009, 'SH', entry.scheduledProcedureStepId ?? `SPS${number}`],
    [0x00400010, 'SH', 'ST1'],
    [0x00400011, 'SH', 'R1'],
  ];
  const elements: FixtureElement[] = [
    [0x00080005, 'CS', characterSet],
    [0x00080050, 'SH', entry.accessionNumber ?? `A${1000 + number}`],
    [0x00080090, 'PN', entry.referringPhysicianName ?? 'Ref^Doc'],
    [0x00100010, 'PN', entry.patientName],
    [0x00100020, 'LO', entry.patientId],
    [0x00100021, 'LO', entry.issuerOfPatientId ?? 'HOSP'],
    [0x00100030, 'DA', entry.birthDate ?? '19700101'],
    [0x00100040, 'CS', entry.sex ?? 'F'],
    [0x00102000, 'LO', entry.medicalAlerts ?? ''],
    [0x00102110, 'LO', ''],
    [0x0020000d, 'UI', studyInstanceUid],
    [0x00321032, 'PN', ''],
    [0x00321060, 'LO', entry.requestedProcedureDescription ?? 'Dermatology photography'],
    [0x00321064, 'SQ', [code('PHOTO', 'Photographic image')]],
    [0x00380010, 'LO', 'ADM1'],
    [0x00400100, 'SQ', [step]],
    [0x00401001, 'SH', entry.requestedProcedureId ?? `RP${number}`],
    [0x00401003, 'SH', 'ROUTINE'],
  ];
  const latin1 = characterSet !== 'ISO_IR 192';
  return part10(
    {
      sopClassUid: '1.2.840.10008.5.1.4.31',
      sopInstanceUid: `2.25.9${number}`,
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    },
    encodeElements(elements, latin1),
  );
}
