import type { FuzzTarget } from '../target.ts';
import { commands, elements, pixels } from './dicom.ts';
import { door, doorFile } from './door.ts';
import { jpeg } from './jpeg.ts';
import { names } from './names.ts';
import { exif, kind, raw } from './pictures.ts';
import { ptpContainers, ptpDatasets } from './ptp.ts';
import { calls, certificate, cli, multipart, stow } from './texts.ts';

/** Every parser of ours that reads what others wrote. */
export const targets: readonly FuzzTarget[] = [
  jpeg,
  kind,
  exif,
  raw,
  names,
  pixels,
  elements,
  commands,
  multipart,
  stow,
  calls,
  cli,
  certificate,
  door,
  doorFile,
  ptpDatasets,
  ptpContainers,
];
