import type { IncomingMessage, ServerResponse } from 'node:http';
import { referenceJson } from '../../main/station/practice/dicom-json.ts';
import { splitMultipart } from '../../main/station/practice/multipart.ts';
import { frameOf, instanceFromPart10 } from '../../main/station/practice/part10.ts';
import type { WebInterception } from '../../main/station/practice/web.ts';
import type { Lies } from './hostile-archive.ts';
import type { HostileScenarioName } from './hostile-scenarios.ts';

const json = { 'Content-Type': 'application/dicom+json' };

/** An archive by DICOMweb that is honest but for what its scenario says. */
export function lyingWeb(lies: Lies): WebInterception {
  return async (request, response, body) => {
    const path = request.url ?? '';
    const stow = request.method === 'POST' && path.includes('/studies');
    const instances = stow
      ? (splitMultipart(request.headers['content-type'] ?? '', body) ?? []).map(instanceFromPart10)
      : [];
    if (stow) lies.arrived(instances);
    if (lieAboutEverything(response, path, lies)) return true;
    if (stow) return lieAboutStore(response, instances, lies);
    if (path.includes('/commitment-requests/')) return lieAboutCommitment(request, response, body, lies);
    if (request.method === 'GET' && path.includes('/instances/')) return lieAboutReading(request, response, lies);
    return false;
  };
}

function html(response: ServerResponse, status: number): true {
  response
    .writeHead(status, { 'Content-Type': 'text/html' })
    .end('<!doctype html><title>Sign in</title><p>Please sign in');
  return true;
}

/** Lies that a whole server tells, whatever it is asked. */
function lieAboutEverything(response: ServerResponse, path: string, lies: Lies): boolean {
  switch (lies.current()) {
    case 'redirects':
      response.writeHead(307, { Location: `${lies.elsewhere}${path}` }).end();
      return true;
    case 'redirects-at-home':
      response.writeHead(308, { Location: `/other${path}` }).end();
      return true;
    case 'html-200':
      return html(response, 200);
    case 'html-500':
      return html(response, 500);
    case 'busy-503':
      response.writeHead(503, { 'Retry-After': '7' }).end();
      return true;
    case 'denies-401':
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
      return true;
    default:
      return false;
  }
}

async function lieAboutStore(
  response: ServerResponse,
  instances: ReturnType<typeof instanceFromPart10>[],
  lies: Lies,
): Promise<boolean> {
  const name: HostileScenarioName = lies.current();
  const listed = instances.map((one) => referenceJson(one, {}));
  const failed = (failure: number) => instances.map((one) => referenceJson(one, { failure }));
  const answer = (status: number, stored: object[], failures: object[]) => {
    response.writeHead(status, json);
    response.end(
      JSON.stringify({
        ...(stored.length === 0 ? {} : { '00081199': { vr: 'SQ', Value: stored } }),
        ...(failures.length === 0 ? {} : { '00081198': { vr: 'SQ', Value: failures } }),
      }),
    );
    return true;
  };
  const empty = (status: number) => (response.writeHead(status).end(), true);
  switch (name) {
    case 'failures-in-200':
    case 'failures-in-202':
      return answer(name === 'failures-in-200' ? 200 : 202, [], failed(0xa700));
    case 'refuses-syntax':
      return answer(409, [], failed(0x0122));
    case 'foreign-in-200': {
      const foreign = { sopClassUid: '1.2.840.10008.5.1.4.1.1.77.1.4', sopInstanceUid: '2.25.4242' };
      return answer(200, [referenceJson(foreign, {})], []);
    }
    case 'contradicts':
      return answer(200, listed, failed(0x0110));
    case 'empty-200':
      return empty(200);
    case 'empty-202':
      return empty(202);
    case 'refuses-415':
      return empty(415);
    case 'disk-full-507':
      return empty(507);
    case 'partly-400':
      for (const one of instances.slice(0, -1)) await lies.store.put(one);
      return answer(400, listed.slice(0, -1), []);
    case 'stored-400':
      for (const one of instances) await lies.store.put(one);
      return answer(400, listed, []);
    case 'conflict-409':
      return answer(409, [], failed(272));
    case 'broken-json':
      response.writeHead(200, json).end('{"00081199":{"vr":"SQ","Value":[');
      return true;
    case 'endless-answer':
      endless(response, json);
      return true;
    case 'resets':
      response.writeHead(200, { ...json, 'Content-Length': '1000' });
      response.write('{"00081199":', () => response.destroy());
      return true;
    case 'restarts-in-store':
      for (const one of instances) await lies.store.put(one);
      return lies.dies(`store ${instances[0]?.sopInstanceUid}`);
    case 'never-answers-store':
      return true;
    default:
      return false;
  }
}

function endless(response: ServerResponse, headers: Record<string, string>, start = ''): void {
  response.writeHead(200, headers);
  response.write(start);
  const block = Buffer.alloc(256 * 1024, ' ');
  const more = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', more);
  more();
}

interface Asked {
  '00081199'?: { vr: string; Value?: { '00081155': { Value: [string] } }[] };
}

function lieAboutCommitment(request: IncomingMessage, response: ServerResponse, body: Buffer, lies: Lies): boolean {
  const asks = request.method === 'POST';
  const asked: Asked = asks ? (JSON.parse(body.toString('utf8')) as Asked) : {};
  const references = asked['00081199']?.Value ?? [];
  const uids = references.map((one) => one['00081155'].Value[0]);
  const answer = (status: number, value?: object) => {
    if (value === undefined) response.writeHead(status, { 'Content-Length': 0 }).end();
    else response.writeHead(status, json).end(JSON.stringify(value));
    return true;
  };
  const failed = (reason: number) => ({
    '00081198': { vr: 'SQ', Value: references.map((one) => ({ ...one, '00081197': { vr: 'US', Value: [reason] } })) },
  });
  switch (lies.current()) {
    case 'commitment-refused':
      return answer(400);
    case 'commitment-not-offered':
      return answer(404);
    case 'commitment-never-answers':
      return true;
    case 'commitment-never':
      return answer(202);
    case 'commitment-forgotten':
      return answer(asks ? 202 : 404);
    case 'commitment-late':
      if (asks) owed.set(request.url ?? '', asked);
      return asks ? answer(202) : answer(200, owed.get(request.url ?? '') ?? {});
    case 'commitment-foreign': {
      const foreign = { sopClassUid: '1.2.840.10008.5.1.4.1.1.77.1.4', sopInstanceUid: '2.25.4242' };
      return answer(200, { '00081199': { vr: 'SQ', Value: [referenceJson(foreign, {})] } });
    }
    case 'commitment-fewer':
      return answer(200, {
        '00081199': { vr: 'SQ', Value: references.filter((_, at) => !lies.leavesOut(uids[at]!, uids.at(-1))) },
      });
    case 'commitment-failed':
      return answer(200, failed(0x0112));
    case 'commitment-failed-0110':
      return answer(200, failed(0x0110));
    case 'restarts-in-commitment':
      return lies.dies(`commitment ${uids[0]}`);
    case 'loses-after-commitment':
      uids.forEach(lies.lose);
      return answer(200, asked);
    case 'stores-nothing':
    case 'keeps-other-pixels':
    case 'truncates':
      return answer(200, asked);
    default:
      return false;
  }
}

/** What `commitment-late` answers when it is asked again. */
const owed = new Map<string, Asked>();

async function lieAboutReading(request: IncomingMessage, response: ServerResponse, lies: Lies): Promise<boolean> {
  const uid = /\/instances\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '';
  const multipart = { 'Content-Type': 'multipart/related; type="image/jpeg"; boundary=cut' };
  const partHead = '--cut\r\nContent-Type: image/jpeg\r\n\r\n';
  switch (lies.current()) {
    case 'no-frames':
      if (!request.url?.includes('/frames/')) return false;
      response.writeHead(404).end();
      return true;
    case 'read-back-html':
      return html(response, 200);
    case 'read-back-never-answers':
      return true;
    case 'read-back-endless':
      endless(response, multipart, partHead);
      return true;
    case 'read-back-cut-off': {
      const instance = await lies.store.get(uid);
      if (instance === null) return false;
      const frame = frameOf(instance) ?? Buffer.alloc(0);
      response.writeHead(200, multipart);
      response.end(Buffer.concat([Buffer.from(partHead), frame.subarray(0, frame.length / 2)]));
      return true;
    }
    case 'restarts-in-read-back':
      return lies.dies(`read-back ${uid}`);
    case 'loses-after-proof':
      response.once('finish', () => lies.lose(uid));
      return false;
    default:
      return false;
  }
}
