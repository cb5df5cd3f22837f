import { expect, test } from 'vitest';
import { findPlaces, placeSwitches } from '../../../main/client/index.ts';

const nothingThere = { env: {}, platform: 'linux' as const, home: '/home/nurse', exists: () => false };

test('a switch wins over the environment, and the environment over the usual place', () => {
  const around = { ...nothingThere, env: { PHOTODOCK_DATA: '/env', PHOTODOCK_CONFIG: '/env.json' } };
  expect(findPlaces({ data: '/switch', config: '/switch.json' }, around)).toEqual({
    dataDir: '/switch',
    configFile: '/switch.json',
  });
  expect(findPlaces({}, around)).toEqual({ dataDir: '/env', configFile: '/env.json' });
});

test('practice has a folder of its own, so that it never mixes with patients', () => {
  expect(findPlaces({}, nothingThere)).toEqual({
    dataDir: '/home/nurse/.local/share/photodock-practice',
    configFile: null,
  });
});

test('a configuration in the usual folder makes it the real station', () => {
  const config = '/home/nurse/.local/share/photodock/station.json';
  const around = { ...nothingThere, exists: (path: string) => path === config };
  expect(findPlaces({}, around)).toEqual({ dataDir: '/home/nurse/.local/share/photodock', configFile: config });
});

test('XDG_DATA_HOME moves the usual place; an empty variable counts as none', () => {
  const around = { ...nothingThere, env: { XDG_DATA_HOME: '/xdg', PHOTODOCK_DATA: '' } };
  expect(findPlaces({}, around).dataDir).toBe('/xdg/photodock-practice');
});

test('switches are read between foreign ones, in both spellings', () => {
  expect(placeSwitches(['--inspect=0', '/app', '--data', '/d', '--config=/c.json'])).toEqual({
    data: '/d',
    config: '/c.json',
  });
  expect(placeSwitches(['--data', '--config=/c'])).toEqual({ data: undefined, config: '/c' });
});
