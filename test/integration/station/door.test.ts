import http from 'node:http';
import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDoorFile } from '../../../main/client/index.ts';
import type { CallName, StationEvent } from '../../../shared/contract.ts';
import { contract } from '../../../shared/contract.ts';
import { PERMISSIONS, ROLES } from '../../../shared/domain/people.ts';
import type { Role } from '../../../shared/domain/people.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';
import { untilRead } from '../../support/walk-card.ts';

let station: TestStation;
const sessions = {} as Record<Role, string>;
beforeAll(async () => {
  station = await startTestStation();
  for (const role of ROLES) sessions[role] = await station.signIn(role, `practice-${role}`);
});
afterAll(() => station?.stop());

/** A request as somebody sends it who does not use our client. */
async function raw(method: string, url: string, body: string | Buffer | null, headers: Record<string, string> = {}) {
  const door = (await readDoorFile(station.dataDir))!;
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = http.request(
      { socketPath: door.socket, method, path: url, headers: { authorization: `Bearer ${door.token}`, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
const names = Object.keys(contract) as CallName[];

describe('the token of this start', () => {
  test.each(['', 'Bearer ', 'Bearer wrong', 'Basic abc'])('nothing is answered to "%s"', async (authorization) => {
    for (const [method, url] of [
      ['POST', '/call/session.current'],
      ['GET', '/events'],
      ['GET', '/picture/12345678/thumb'],
    ] as const) {
      expect(await raw(method, url, null, { authorization })).toEqual({ status: 401, text: '' });
    }
  });

  test('lies, with the socket, where only the own user can read', async () => {
    const run = path.join(station.dataDir, 'run');
    expect((await fs.stat(run)).mode & 0o777).toBe(0o700);
    for (const name of ['door.json', 'door.sock']) expect((await fs.stat(path.join(run, name))).mode & 0o077).toBe(0);
  });
});

describe.each(ROLES)('%s, by the door', (role) => {
  test('is refused exactly the calls that the table of permissions does not allow', async () => {
    for (const name of names) {
      const { action } = contract[name];
      // Signing in and out would end the session that the others need.
      if (name.startsWith('session.')) continue;
      const { text } = await raw('POST', `/call/${name}`, '{"input":{"surplus":1}}', {
        'x-photodock-session': sessions[role],
      });
      const answer = JSON.parse(text) as { ok: boolean; code?: string; details?: { role?: string; action?: string } };
      const allowed = action === 'open' || action === 'signed-in' || PERMISSIONS[role].includes(action);
      expect(answer.code === 'not-allowed', `${role} ${name}`).toBe(!allowed);
      if (!allowed) expect(answer.details).toEqual({ action, role });
    }
  });
});

test('without a session every call that needs a person says so, whatever its input', async () => {
  for (const name of names.filter((one) => contract[one].action !== 'open')) {
    for (const headers of [{}, { 'x-photodock-session': 'made-up' }]) {
      const { text } = await raw('POST', `/call/${name}`, '{"input":"nonsense"}', headers);
      expect(JSON.parse(text), name).toEqual({ ok: false, code: 'not-signed-in' });
    }
  }
});

describe('bad input', () => {
  const lead = () => ({ 'x-photodock-session': sessions.lead });
  test.each([
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"input":null}',
    '{"input":{"dockingId":"../../etc"}}',
    '{"input":{"dockingId":7}}',
  ])('%j is a bad request', async (body) => {
    const { status, text } = await raw('POST', '/call/dockings.get', body, lead());
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ ok: false, code: 'bad-request' });
  });

  test('is never echoed, only where it was wrong', async () => {
    const body = JSON.stringify({
      input: { login: 'DOE JANE 4711', displayName: '', role: 'DOE', password: 'secret' },
    });
    const { text } = await raw('POST', '/call/people.add', body, lead());
    expect(JSON.parse(text)).toEqual({
      ok: false,
      code: 'bad-request',
      details: { where: 'login, displayName, role, password' },
    });
  });

  test.each(['no.such', 'toString', '__proto__', 'constructor', ''])('the call "%s" does not exist', async (name) => {
    const { text } = await raw('POST', `/call/${name}`, '{}', lead());
    expect(JSON.parse(text)).toEqual({ ok: false, code: 'no-such-call' });
  });

  test('a request too large to be one of ours is refused, and the station lives', async () => {
    const { text } = await raw('POST', '/call/worklist.scan', Buffer.alloc((4 << 20) + 10, 0x20), lead());
    expect(JSON.parse(text)).toMatchObject({ ok: false, code: 'bad-request' });
    expect((await station.client.call('session.current', {})).ok).toBe(true);
  });

  test.each(['/', '/call', '/picture', '/other/x', '/call/station.info/more'])('GET %s is not found', async (url) => {
    expect((await raw('GET', url, null)).status).toBeGreaterThanOrEqual(400);
  });

  test('errors name codes and ids, never what was typed', async () => {
    const answer = await station.client.call('dock.folder', { path: '/nowhere/DOE_JANE' }, { session: sessions.lead });
    expect(answer).toMatchObject({ ok: false, code: 'no-such-folder' });
    expect(JSON.stringify(answer)).not.toContain('DOE');
  });
});

describe('pictures and events', () => {
  let captureId: string;
  let movie: string;
  const seen: StationEvent[] = [];
  beforeAll(async () => {
    const stop = station.client.events((event) => seen.push(event));
    station.session = sessions.lead;
    const { dockingId } = await station.call('dock.practiceCard', {});
    await untilRead(station, dockingId);
    const { captures } = await station.call('captures.list', { dockingId });
    captureId = captures.find((capture) => capture.display === 'ok')!.id;
    const folder = path.join(station.dataDir, '..', `${path.basename(station.dataDir)}-clip`);
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, 'A.TXT'), 'not a picture');
    const other = await station.call('dock.folder', { path: folder });
    await untilRead(station, other.dockingId);
    movie = (await station.call('captures.list', { dockingId: other.dockingId })).captures[0]!.id;
    await fs.rm(folder, { recursive: true });
    stop();
  });
  const picture = async (id: string, size: string, session: string | undefined) => {
    const { status } = await raw(
      'GET',
      `/picture/${id}/${size}`,
      null,
      session ? { 'x-photodock-session': session } : {},
    );
    return status;
  };

  test('a picture is for those who are signed in, and its bytes may not be kept', async () => {
    for (const size of ['thumb', 'screen', 'full'] as const) {
      const answer = await station.client.picture(captureId, size, { session: sessions.staff });
      answer.body.resume();
      expect(answer.status).toBe(200);
      expect(answer.contentType).toMatch(/^image\/(jpeg|webp|png)$/);
      expect(answer.body.headers['cache-control']).toBe('no-store');
      expect(answer.body.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('locked 423, unknown 404, not to be displayed 415', async () => {
    expect(await picture(captureId, 'thumb', undefined)).toBe(423);
    expect(await picture(captureId, 'full', 'made-up')).toBe(423);
    expect(await picture('00000000-0000-0000-0000-000000000000', 'full', sessions.lead)).toBe(404);
    expect(await picture(captureId, 'huge', sessions.lead)).toBe(404);
    expect(await picture('..%2F..%2Findex.db', 'full', sessions.lead)).toBe(404);
    expect(await picture(movie, 'full', sessions.lead)).toBe(415);
  });

  test('events tell that something changed and carry ids and counts only', () => {
    expect(seen.length).toBeGreaterThan(0);
    for (const event of seen) {
      const told = JSON.stringify(event);
      expect(told).not.toMatch(/JPG|HEIC|DCIM|practice/i);
      expect(Object.keys(event.payload).toSorted()).toEqual(
        event.name === 'changed' ? ['dockingId', 'topics'] : ['dockingId', 'progress'],
      );
    }
  });
});

describe('people', () => {
  const as = async <N extends CallName>(role: Role, name: N, input: Parameters<typeof station.client.call<N>>[1]) =>
    station.client.call(name, input, { session: sessions[role] });

  test('a disabled person is out at once and cannot come back; the last lead stays', async () => {
    const added = await as('lead', 'people.add', {
      login: 'temp',
      displayName: 'Temp',
      role: 'lead',
      password: 'temp-password',
    });
    if (!added.ok) throw new Error(added.code);
    const session = await station.signIn('temp', 'temp-password');
    await as('lead', 'people.update', { id: added.value.id, disabled: true });
    expect(await station.client.call('station.status', {}, { session })).toMatchObject({ code: 'not-signed-in' });
    expect(await station.codeOf('session.signIn', { login: 'temp', password: 'temp-password' })).toBe('wrong-password');
    expect(
      await as('lead', 'people.add', { login: 'temp', displayName: 'T', role: 'staff', password: 'temp-password' }),
    ).toMatchObject({ code: 'login-taken' });
    const people = await as('lead', 'people.list', {});
    const lead = people.ok ? people.value.people.find((person) => person.login === 'lead')! : null;
    for (const change of [{ disabled: true }, { role: 'staff' as const }]) {
      expect(await as('lead', 'people.update', { id: lead!.id, ...change })).toMatchObject({ code: 'last-lead' });
    }
  });

  test('two leads who disable each other at once leave one', async () => {
    const people = await as('lead', 'people.list', {});
    if (!people.ok) throw new Error(people.code);
    const [one, two] = ['lead', 'temp'].map((login) => people.value.people.find((person) => person.login === login)!);
    await as('lead', 'people.update', { id: two!.id, disabled: false });
    const answers = await Promise.all(
      [one!, two!].map(({ id }) => as('lead', 'people.update', { id, disabled: true })),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    // The second comes either to the check itself, or after the first has already ended its session.
    const refused = answers.find((answer) => !answer.ok);
    expect(['last-lead', 'not-signed-in']).toContain(refused && 'code' in refused ? refused.code : null);
  });

  test('guesses sent together are slowed down like guesses sent one by one', { timeout: 60_000 }, async () => {
    const codes = await Promise.all(
      Array.from({ length: 9 }, () => station.codeOf('session.signIn', { login: 'nobody', password: 'guess' })),
    );
    expect(codes.filter((code) => code === 'wrong-password')).toHaveLength(5);
    expect(codes.filter((code) => code === 'wait-before-sign-in')).toHaveLength(4);
  });
});
