import t from 'tap';

import { probe, questionsAbout } from '../../bench/ocsp-questions.ts';
import { openLoop } from '../../bench/open-loop.ts';
import { measureRevocations } from '../../bench/ocsp-revocations.ts';
import { PinnedProcess } from '../../bench/pinned-process.ts';
import type { OcspProcessReady } from '../../bench/ocsp-process-protocol.ts';
import { benchOcsp } from '../../bench/ocsp.ts';
import { wrkVersion } from '../../bench/wrk.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';

t.test('asks the real server, and knows a right answer from another', async (t) => {
  const process = PinnedProcess.start('ocsp-process', undefined);
  t.teardown(() => process.stop());
  const ready = await process.ask<OcspProcessReady>({ keyType: 'p-256', certificates: 50 });
  const issuer = parseCertificate(Buffer.from(ready.issuer, 'base64'));
  const questions = questionsAbout(issuer, 50, 10);
  t.equal(questions.serials.length, 10);
  const url = `http://127.0.0.1:${ready.port}/ocsp/bronze`;
  const { body, check } = await probe(url, questions.plain[0], issuer, { serials: questions.serials });
  t.ok(check.serial && check.serial.known.some((known) => body.indexOf(known) === check.serial?.at));
  await t.rejects(probe(url, questions.plain[1], issuer, { serials: questions.serials }), {
    message: /another/,
  });
  await t.rejects(probe(`${url}/x`, questions.plain[0], issuer, questions), PkiError);

  const load = { url, request: questions.withNonce[0], connections: 4, perSecond: 200, seconds: 0.2 };
  const { accepted, refused, failed } = await openLoop(load);
  t.equal(failed, 0);
  t.ok(accepted.length > 0);
  t.equal(refused.length, 0);
});

t.test('measures when revocations are visible', async (t) => {
  const [p99, p50] = await measureRevocations(3);
  t.match(p99, { id: 'ocsp.revoke_visible_p99', unit: 'ms' });
  t.ok(p50.value > 0 && p50.value <= p99.value);
});

t.test('reports its figures beside their peers', { skip: !(await wrkVersion()) && 'no wrk' }, async (t) => {
  const report = await benchOcsp({
    certificates: 200,
    fewCertificates: 100,
    asked: 20,
    runs: 0,
    peers: false,
    overloadSeconds: 0.2,
    revocations: 0,
    workers: false,
  });
  const figures = new Map(report.figures.map((figure) => [figure.id, figure]));
  for (const id of ['prepared_post', 'prepared_get', 'nonce_p256', 'nonce_rsa2048'])
    t.match(figures.get(`ocsp.${id}`), { value: Number, peer: { value: Number }, ratio: Number }, id);
  for (const id of ['growth', 'bytes_per_certificate', 'prepared_p99', 'overload_accepted_p99'])
    t.match(figures.get(`ocsp.${id}`), { value: Number }, id);
  t.match(report.conditions, { wrk: String, certificates: 200 });
});
