export interface PracticePatient {
  readonly name: { readonly Alphabetic: string; readonly Ideographic?: string; readonly Phonetic?: string };
  readonly id: string;
  readonly birthDate: string;
  readonly sex: 'F' | 'M' | 'O';
  readonly procedure: string;
  readonly location: string;
  /** HHMMSS */
  readonly time: string;
  /** Days from today; today when absent. */
  readonly inDays?: number;
}

/**
 * Patients nobody can take for real ones: every family name says "practice" in its own language. Two of them share a
 * name and differ by birth date, because that is how pictures get to the wrong patient.
 */
export const practicePatients: readonly PracticePatient[] = [
  patient(1, 'Practice^Ada', '19840213', 'F', 'Mole check, back', 'Dermatology 1', '081500'),
  patient(2, 'Practice^Maria', '19580704', 'F', 'Ulcer follow-up, right foot', 'Dermatology 1', '083000'),
  patient(3, 'Practice^Maria', '19850704', 'F', 'Eczema, both hands', 'Dermatology 2', '084500'),
  patient(4, 'Übung^Jürgen', '19710930', 'M', 'Burn documentation, left forearm', 'Burn unit 3', '090000'),
  patient(5, 'Övning^Åsa', '20010517', 'F', 'Patch test reading, back', 'Dermatology 2', '093000'),
  patient(6, 'Тренировка^Иван', '19660122', 'M', 'Psoriasis, elbows and knees', 'Dermatology 1', '100000'),
  {
    ...patient(7, 'Renshu^Hanako', '19921109', 'F', 'Scar follow-up, left hand', 'Burn unit 3', '103000'),
    name: { Alphabetic: 'Renshu^Hanako', Ideographic: '練習^花子', Phonetic: 'れんしゅう^はなこ' },
  },
  patient(8, 'Άσκηση^Ελένη', '19491231', 'F', 'Lesion before excision, right cheek', 'Dermatology 2', '110000'),
  patient(9, 'تدريب^ليلى', '20150308', 'F', 'Burn documentation, right palm', 'Burn unit 1', '113000'),
  patient(
    10,
    'Practice^Bartholomew Maximilian^Alexander^Prof.^jr.',
    '19370816',
    'M',
    'Wound check, sacrum',
    'Burn unit 2',
    '133000',
  ),
  {
    ...patient(11, 'Practice^Tomorrow', '19900101', 'O', 'Mole check, whole body', 'Dermatology 1', '080000'),
    inDays: 1,
  },
];

function patient(
  number: number,
  name: string,
  birthDate: string,
  sex: PracticePatient['sex'],
  procedure: string,
  location: string,
  time: string,
): PracticePatient {
  return {
    name: { Alphabetic: name },
    id: `PRACTICE-${String(number).padStart(4, '0')}`,
    birthDate,
    sex,
    procedure,
    location,
    time,
  };
}
