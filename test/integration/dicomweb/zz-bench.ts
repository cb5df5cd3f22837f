import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process'; import { promisify } from 'node:util'; const run=promisify(execFile);
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stowInstances, closePeer } from '/work/main/main/station/archive/dicomweb/index.ts';
import { startOrthanc } from '/work/main/test/support/orthanc.ts';
import { sampleInstance, sampleJpeg, newUid } from '/work/main/test/integration/dicomweb/sample-instance.ts';
const orthanc = await startOrthanc({ stationAet: 'S', stationHost: '127.0.0.1', stationPort: 1 });
const dir = await mkdtemp(join(tmpdir(), 'bench-'));
const jpeg0 = await sampleJpeg();
const make = async () => { const studyUid=newUid(), seriesUid=newUid(); return Promise.all(Array.from({length:50}, () => sampleInstance({studyUid,seriesUid,jpeg: Buffer.concat([jpeg0.subarray(0,-2), randomBytes(5*1024*1024), jpeg0.subarray(-2)])})).map(async p => { const one = await p; return one; })); };
const clear = async () => { for (const id of await orthanc.instances()) await orthanc.remove(id); };
const peer = { baseUrl: orthanc.dicomWebUrl };
const rounds: Record<string, number[]> = {};
const time = async (name: string, work: () => Promise<void> | void) => { const t = performance.now(); await work(); (rounds[name] ??= []).push(performance.now() - t); };
for (let round = 0; round < 2; round++) {
  let set = await make();
  // curl: one process, 50 requests, keep-alive, bodies prepared
  const args: string[] = [];
  for (const [i, one] of set.entries()) { const f = join(dir, `${i}.mime`); await writeFile(f, Buffer.concat([Buffer.from('--B\r\nContent-Type: application/dicom\r\n\r\n'), one.bytes, Buffer.from('\r\n--B--\r\n')]));
    if (i) args.push('--next'); args.push('-s','-o',join(dir,'out'),'-H','Content-Type: multipart/related; type="application/dicom"; boundary=B','-H','Accept: application/dicom+json','-H','Expect:','--data-binary',`@${f}`, `${orthanc.dicomWebUrl}/studies`); }
  for (let i=0;i<50;i++) readFileSync(join(dir,`${i}.mime`));
  await time('curl 1/request', async () => void (await run('curl', args))); console.log((await orthanc.instances()).length); await clear();
  { const args5: string[] = []; for (let g=0; g<10; g++) { const f = join(dir, `g${g}.mime`); await writeFile(f, Buffer.concat([...set.slice(g*5,g*5+5).flatMap(o=>[Buffer.from('--B\r\nContent-Type: application/dicom\r\n\r\n'), o.bytes, Buffer.from('\r\n')]), Buffer.from('--B--\r\n')])); if (g) args5.push('--next'); args5.push('-s','-o',join(dir,'out'),'-H','Content-Type: multipart/related; type="application/dicom"; boundary=B','-H','Expect:','--data-binary',`@${f}`, `${orthanc.dicomWebUrl}/studies`);} await time('curl 5/request', async () => void (await run('curl', args5))); console.log((await orthanc.instances()).length); await clear(); }
  await time('ours 1/request', async () => { for (const one of set) if ((await stowInstances(peer, null, [one])).get(one.sopInstanceUid)?.outcome !== 'stored') throw new Error('x'); }); await clear();
  await time('ours 5/request', async () => { for (let i=0;i<50;i+=5) await stowInstances(peer, null, set.slice(i,i+5)); }); await clear();
  await time('ours 1/request x2 parallel', async () => { const q=[...set]; await Promise.all([1,2].map(async()=>{ for(let o=q.shift();o;o=q.shift()) await stowInstances(peer,null,[o]); })); }); await clear();
  await time('ours stream 64k', async () => { for (const one of set) await stowInstances(peer, null, [{...one, size: one.bytes.length, bytes: async function*(){ for (let at=0;at<one.bytes.length;at+=65536) yield one.bytes.subarray(at,at+65536);} }]); }); await clear();
}
const mb = 50*5.24288;
for (const [k,v] of Object.entries(rounds)) console.log(k.padEnd(28), v.map(x=>(mb/x*1000).toFixed(0)+' MB/s').join('  '), 'best ms', Math.min(...v).toFixed(0), 'median', v[0]!.toFixed(0));
console.log('rss', process.resourceUsage().maxRSS/1024);
closePeer(peer); await orthanc.stop(); await rm(dir,{recursive:true});
