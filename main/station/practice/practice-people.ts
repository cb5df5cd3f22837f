export interface PracticePerson {
  readonly login: string;
  readonly name: string;
  readonly role: 'staff' | 'photographer' | 'lead';
  /** No secret: it opens nothing but the practice station, and is shown on its sign-in screen. */
  readonly password: string;
}

export const practicePeople: readonly PracticePerson[] = [
  { login: 'staff', name: 'Nora Practice', role: 'staff', password: 'practice-staff' },
  { login: 'photographer', name: 'Phil Practice', role: 'photographer', password: 'practice-photographer' },
  { login: 'lead', name: 'Lea Practice', role: 'lead', password: 'practice-lead' },
];
