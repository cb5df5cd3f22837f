import type { Command } from '../command.ts';
import { auditVerify } from './audit-verify.ts';
import { backup } from './backup.ts';
import { backupList } from './backup-list.ts';
import { captures } from './captures.ts';
import { certificate } from './certificate.ts';
import { deliver } from './deliver.ts';
import { dock } from './dock.ts';
import { doctor } from './doctor.ts';
import { file } from './file.ts';
import { holdLift } from './hold-lift.ts';
import { holdList } from './hold-list.ts';
import { holdPlace } from './hold-place.ts';
import { init } from './init.ts';
import { media } from './media.ts';
import { mediaLend, mediaReturn } from './media-lend.ts';
import { mediaApprove, mediaSet } from './media-set.ts';
import { recover } from './recover.ts';
import { reject, unreject } from './reject.ts';
import { release } from './release.ts';
import { restore } from './restore.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { verifyCertificate } from './verify-certificate.ts';
import { worklist } from './worklist.ts';

/** All commands, in the order in which one uses them. */
export const commands: readonly Command[] = [
  init,
  doctor,
  dock,
  status,
  captures,
  worklist,
  file,
  deliver,
  reject,
  unreject,
  holdPlace,
  holdLift,
  holdList,
  media,
  mediaLend,
  mediaReturn,
  mediaApprove,
  mediaSet,
  release,
  certificate,
  verifyCertificate,
  auditVerify,
  backup,
  backupList,
  restore,
  recover,
  serve,
];
