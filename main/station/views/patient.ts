import type { PatientView, WorklistItemView } from '../../../shared/contract.ts';
import type { WorklistEntry } from '../../../shared/domain/worklist.ts';
import type { CachedEntry } from '../worklist/index.ts';

/** `Family^Given^Middle^Prefix^Suffix` (PS3.5 6.2.1) as people read it: family, given. */
function readable(name: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = name.split('^').map((part) => part.trim());
  const first = [prefix, given, middle].filter(Boolean).join(' ');
  return [[family, first].filter(Boolean).join(', '), suffix].filter(Boolean).join(' ');
}

const dashed = (date: string | null) =>
  date && /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;

/** The patient card's content. */
export function patientView(entry: WorklistEntry): PatientView {
  const { name, id, issuer, birthDate, sex } = entry.patient;
  return {
    name: {
      display: readable(name.alphabetic || name.ideographic || ''),
      ideographic: name.ideographic ? readable(name.ideographic) : null,
      phonetic: name.phonetic ? readable(name.phonetic) : null,
    },
    mrn: id,
    issuer,
    birthDate: dashed(birthDate),
    sex,
  };
}

export function worklistItemView(cached: CachedEntry): WorklistItemView {
  const { entry } = cached;
  const time = entry.scheduledStart?.time ?? '';
  return {
    id: cached.id,
    patient: patientView(entry),
    accessionNumber: entry.accessionNumber,
    procedure: entry.requestedProcedureDescription,
    step: entry.scheduledProcedureStepDescription,
    scheduledDate: dashed(entry.scheduledStart?.date ?? null),
    scheduledTime: time.length >= 4 ? `${time.slice(0, 2)}:${time.slice(2, 4)}` : null,
    location: entry.patientLocation,
    incomplete: [...entry.incomplete],
    fetchedAt: cached.fetchedAt,
    gone: cached.gone,
  };
}
