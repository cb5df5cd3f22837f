import { writeSync } from 'node:fs';
import { ANSWER_DESCRIPTOR } from '../../../main/station/imaging/protocol.ts';
import { attempts, type Prey } from './sandbox-probe.ts';

/** Started in the place of the imaging process, by the same launch: makes the attempts and answers over the same pipe. */
const results = await attempts(JSON.parse(process.argv[2]!) as Prey);
writeSync(ANSWER_DESCRIPTOR, JSON.stringify(results));
process.exit(0);
