export { practicePeople, type PracticePerson } from './practice-people.ts';
export { makePracticeCard } from './practice-card.ts';
export {
  PracticeUnavailableError,
  startPractice,
  type PracticeHospital,
  type PracticeOptions,
} from './practice-hospital.ts';
export { practiceStation, type PracticeStation } from './practice-station.ts';
