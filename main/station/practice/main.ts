import './silence-console.ts';
import { parseArgs } from 'node:util';
import { openHospital } from './hospital.ts';

// The practice hospital's process: `main.ts --folder DIR`. Says where it listens in one line of JSON on standard output
// and lives until standard input closes, so that it never outlives the station that started it.
const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    'dicom-port': { type: 'string', default: '0' },
    'http-port': { type: 'string', default: '0' },
    'station-aet': { type: 'string', default: 'PHOTODOCK' },
    'station-port': { type: 'string', default: '11112' },
  },
});
if (values.folder === undefined) {
  process.stderr.write(
    'usage: main.ts --folder DIR [--dicom-port N] [--http-port N] [--station-aet AET] [--station-port N]\n',
  );
  process.exit(2);
}

process.stdin.resume();
process.stdin.once('close', () => process.exit(0));
process.stdin.once('end', () => process.exit(0));

const hospital = await openHospital({
  folder: values.folder,
  dicomPort: Number(values['dicom-port']),
  httpPort: Number(values['http-port']),
  stationAet: values['station-aet'],
  stationPort: Number(values['station-port']),
});
const { stop: _, ...whereabouts } = hospital;
process.stdout.write(`${JSON.stringify(whereabouts)}\n`);
