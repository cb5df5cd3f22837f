import { describe, expect, test } from 'vitest';
import { may } from '../../../main/station/people/index.ts';
import { contract } from '../../../shared/contract.ts';
import type { CallName } from '../../../shared/contract.ts';
import { ACTIONS, PERMISSIONS, ROLES } from '../../../shared/domain/people.ts';
import type { Action, Role } from '../../../shared/domain/people.ts';

const names = Object.keys(contract) as CallName[];

test('each call names an action that exists, or says that it needs none', () => {
  const known = new Set<string>([...ACTIONS, 'open', 'signed-in']);
  expect(names.filter((name) => !known.has(contract[name].action))).toEqual([]);
});

test('without a person nothing but signing in and the sign on the door is answered', () => {
  expect(names.filter((name) => contract[name].action === 'open')).toEqual([
    'session.current',
    'session.firstLead',
    'session.signIn',
    'station.info',
  ]);
});

/** Who may do what, as the department was told. Changing a permission has to be done here, too, by a person who means it. */
const expected: Record<Action, Role[]> = {
  see: ['staff', 'photographer', 'lead'],
  dock: ['staff', 'photographer', 'lead'],
  capture: ['staff', 'photographer', 'lead'],
  certify: ['staff', 'photographer', 'lead'],
  file: ['photographer', 'lead'],
  retry: ['photographer', 'lead'],
  release: ['photographer', 'lead'],
  review: ['photographer', 'lead'],
  hold: ['photographer', 'lead'],
  'lift-hold': ['lead'],
  reject: ['lead'],
  administer: ['lead'],
  audit: ['lead'],
  'back-up': ['lead'],
  teach: ['lead'],
  lend: ['staff', 'photographer', 'lead'],
  register: ['lead'],
};
describe.each(ROLES)('%s', (role) => {
  test.each(ACTIONS)('%s', (action) => {
    const person = { personId: 'p', login: 'l', displayName: 'n', role };
    expect(may(person, action)).toBe(expected[action].includes(role));
    expect(PERMISSIONS[role].includes(action)).toBe(expected[action].includes(role));
  });
});

test('calls that change something are never open to those who only see', () => {
  const seeing = names.filter((name) => contract[name].action === 'see');
  expect(seeing).toEqual([
    'station.status',
    'station.checkSealed',
    'station.doctor',
    'dockings.list',
    'dockings.get',
    'dockings.arriving',
    'captures.list',
    'captures.get',
    'holds.list',
    'release.preview',
    'media.list',
    'media.get',
    'buttons.list',
  ]);
});
