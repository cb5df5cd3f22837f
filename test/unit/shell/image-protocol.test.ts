import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Picture } from '../../../main/client/index.ts';
import { createImageHandler } from '../../../main/shell/image-protocol.ts';

const URL_OF_IT = 'image://view/0197f3a0-capture/thumb';

function picture(status: number, contentType: string, text = 'bytes'): Picture {
  const body = Readable.from([Buffer.from(text)]) as Picture['body'];
  return { status, contentType, contentLength: text.length, body };
}

function handler(answer: () => Promise<Picture>, session: () => string | null = () => 'session') {
  return createImageHandler({ session, picture: answer });
}

test('a picture is passed on with its length and is kept nowhere', async () => {
  const serve = handler(() => Promise.resolve(picture(200, 'image/jpeg')));
  const response = await serve(new Request(URL_OF_IT));
  expect([response.status, await response.text()]).toEqual([200, 'bytes']);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'content-length': '5',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': 'app://station',
  });
});

test('nothing is asked for while nobody is signed in', async () => {
  let asked = false;
  const serve = handler(
    () => {
      asked = true;
      return Promise.resolve(picture(200, 'image/jpeg'));
    },
    () => null,
  );
  expect([(await serve(new Request(URL_OF_IT))).status, asked]).toEqual([423, false]);
});

test('a picture that was on its way when the window locked is not shown', async () => {
  let session: string | null = 'session';
  const serve = handler(
    () => {
      session = null;
      return Promise.resolve(picture(200, 'image/jpeg'));
    },
    () => session,
  );
  expect((await serve(new Request(URL_OF_IT))).status).toBe(423);
});

test.each([401, 403, 404, 415, 423])('the refusal %i of the station is passed on without its body', async (status) => {
  const response = await handler(() => Promise.resolve(picture(status, 'text/plain', 'why')))(new Request(URL_OF_IT));
  expect([response.status, await response.text()]).toEqual([status, '']);
});

test.each(['image/svg+xml', 'text/html'])('%s is no picture', async (type) => {
  expect((await handler(() => Promise.resolve(picture(200, type)))(new Request(URL_OF_IT))).status).toBe(415);
});

test('a dead station and a wrong address are told apart', async () => {
  const serve = handler(() => Promise.reject(new Error('gone')));
  expect((await serve(new Request(URL_OF_IT))).status).toBe(503);
  expect((await serve(new Request('image://view/x/thumb'))).status).toBe(400);
  expect((await serve(new Request(URL_OF_IT, { method: 'POST' }))).status).toBe(400);
});
