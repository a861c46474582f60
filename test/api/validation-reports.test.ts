import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import t from 'tap';

import { ManualClock } from '../../core/clock.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import { writeZip } from '../../formats/zip/write-zip.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { encodePem } from '../../pki/pem.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import type { SealedReport } from '../../validation/dossier/dossier.ts';
import { PACK } from '../../validation/dossier/pack-files.ts';
import { verifyPack } from '../../validation/dossier/verify-pack.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { fhirDocument, writtenBy } from '../support/prescriptions.ts';
import { runMohr } from '../support/run-mohr.ts';
import { onOneService } from '../support/test-service.ts';

interface Answer {
  report: { indication: string };
  summary: Record<'fa' | 'en', { headline: string }>;
  seal: string;
  pack: string;
  print: string;
}

await onOneService(t, async (t, service) => {
  const { app, clock } = service;
  const doctor = await issueDoctor(service);
  const { content } = fhirDocument(writtenBy(doctor.body.applicant.councilNumber, clock.now()));
  const signature = await signCades({
    content: Buffer.from(content, 'base64'),
    signer: doctor.signer,
    certificate: doctor.certificate,
    signingTime: clock.now(),
  });
  const root = service.house.services.authorities.find(({ issuerId }) => issuerId === undefined)!;
  const trust = new TrustStore({ anchors: [parseCertificate(root.certificate)], intermediates: [] });
  clock.advanceSeconds(2);

  const ask = (body: object) =>
    app.inject({ method: 'POST', url: '/api/v1/validation-reports', payload: body });
  const asked = await ask({ signature: signature.toString('base64'), language: 'en' });
  t.equal(asked.statusCode, 200, asked.body.slice(0, 300));
  const answer = asked.json<Answer>();
  const files = new Map(
    readZip(Buffer.from(answer.pack, 'base64')).entries.map(({ name, bytes }) => [name, bytes]),
  );
  const verify = (changed: ReadonlyMap<string, Buffer> = files, at = clock.now(), by = trust) =>
    verifyPack({ files: changed, trust: by, clock: new ManualClock(at) });

  await t.test('the verdict, in plain words and under the seal', async (t) => {
    t.equal(answer.report.indication, 'TOTAL-PASSED');
    t.match(answer.summary.en.headline, /holds/);
    t.match(answer.summary.fa.headline, /معتبر است/);
    t.equal(asked.headers['cache-control'], 'no-store');
    const report = JSON.parse(files.get(PACK.report)!.toString()) as SealedReport;
    t.strictSame(report.Missing, []);
    t.match(report.SignatureValidationReport, [
      {
        SignatureValidationStatus: { MainIndication: 'urn:etsi:019102:mainindication:total-passed' },
        ValidationTimeInfo: { BestSignatureTime: { TypeOfProof: 'urn:etsi:019102:poetype:validation' } },
      },
    ]);
    const types = report.SignatureValidationObjects.ValidationObject.map(({ ObjectType }) => ObjectType);
    for (const type of ['certificate', 'OCSPResponse', 'signedData'])
      t.ok(types.includes(`urn:etsi:019102:validationObject:${type}`), type);
  });

  await t.test('the pack holds by itself, now and when its keys and certificates have ended', async (t) => {
    const now = await verify();
    t.ok(now.holds, JSON.stringify(now.findings));
    t.strictSame(new Set(now.findings.map(({ check }) => check)).size, 6, 'every check was made');
    t.match(
      now.findings.find(({ check }) => check === 'log'),
      {
        outcome: 'passed',
        detail: /^certificate:bronze\/[0-9a-f]+ was issued at .*: leaf \d+ of \d+ of the log/,
      },
    );
    const later = new Date(clock.now().getTime() + 12 * 365 * 86_400_000);
    const then = await verify(files, later);
    t.ok(then.holds, JSON.stringify(then.findings));
  });

  await t.test('under another root nothing holds', async (t) => {
    const stranger = new TrustStore({ anchors: [doctor.certificate], intermediates: [] });
    const verdict = await verify(files, clock.now(), stranger);
    t.notOk(verdict.holds);
    t.match(verdict.findings, [{ check: 'seal', outcome: 'failed' }]);
  });

  const sealed = await verify();

  await t.test('no changed, missing or added octet is passed over', async () => {
    const names = [...files.keys()].filter((name) => name !== PACK.readMe);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat(7), async (name, place, bit) => {
        const bytes = Buffer.from(files.get(name)!);
        bytes[place % bytes.length] ^= 1 << bit;
        const verdict = await verify(new Map([...files, [name, bytes]]));
        // A seal has time stamps to spare: one may break without harm, what is sealed may not.
        if (name === PACK.seal && verdict.holds) return isDeepStrictEqual(verdict.report, sealed.report);
        return !verdict.holds;
      }),
      { numRuns: 60 },
    );
  });

  await t.test('what is missing or was put in is found', async (t) => {
    for (const name of files.keys()) {
      if (name === PACK.readMe) continue;
      const rest = new Map([...files].filter(([other]) => other !== name));
      t.notOk((await verify(rest)).holds, `without ${name}`);
    }
    const more = new Map([...files, ['evidence/crl-00.crl', Buffer.from('x')]]);
    t.match(await verify(more), { holds: false });
  });

  await t.test('mohr verify --offline says it, with nobody to ask', async (t) => {
    const folder = t.testdir({ 'root.pem': encodePem('CERTIFICATE', root.certificate) });
    const [pack, forged] = ['pack.zip', 'forged.zip'].map((name) => join(folder, name));
    writeFileSync(pack, Buffer.from(answer.pack, 'base64'));
    const other = [...files].map(([name, bytes]) => ({
      name,
      bytes: name === PACK.signature ? Buffer.concat([bytes, Buffer.of(0)]) : bytes,
    }));
    writeFileSync(forged, writeZip(other, clock.now()));
    const verified = await runMohr(['verify', '--offline', pack, '--trust', join(folder, 'root.pem')]);
    t.match(verified, { code: 0, stdout: /the pack holds; TOTAL-PASSED/ });
    const refused = await runMohr(['verify', '--offline', forged, '--trust', join(folder, 'root.pem')]);
    t.equal(refused.code, 1);
    t.match(refused.stdout, /✗ signature/);
    t.match(await runMohr(['verify', '--offline', pack]), { code: 2 }, 'anchors are needed');
  });

  await t.test('a document of strangers has a report too, which says what it lacks', async (t) => {
    const foreign = await signCades({
      content: Buffer.from('x'),
      ...(await (
        await import('../support/fixture-deployment.ts')
      ).FixtureDeployment.create().then((one) => one.issue())),
    });
    const reported = (await ask({ signature: foreign.toString('base64') })).json<Answer>();
    t.equal(reported.report.indication, 'INDETERMINATE');
    const entries = readZip(Buffer.from(reported.pack, 'base64')).entries;
    const report = JSON.parse(
      entries.find(({ name }) => name === PACK.report)!.bytes.toString(),
    ) as SealedReport;
    t.equal(report.Missing.length, 1);
  });

  await t.test('a signature over several documents takes them along', async (t) => {
    const documents = ['report.xml', 'scan 1.bin'].map((name) => ({
      name,
      bytes: Buffer.from(`of ${name}`),
    }));
    const xades = await signXades({
      subject: {
        packaging: 'detached',
        contents: documents.map(({ name, bytes }) => ({ uri: encodeURIComponent(name), bytes })),
      },
      signer: doctor.signer,
      certificate: doctor.certificate,
      signingTime: clock.now(),
    });
    const contents = documents.map(({ name, bytes }) => ({
      name: encodeURIComponent(name),
      content: bytes.toString('base64'),
    }));
    const reported = await ask({ signature: xades.toString('base64'), contents });
    const { report, pack } = reported.json<Answer>();
    t.equal(report.indication, 'TOTAL-PASSED', reported.body.slice(0, 400));
    const packed = new Map(
      readZip(Buffer.from(pack, 'base64')).entries.map(({ name, bytes }) => [name, bytes]),
    );
    const verified = await verify(packed);
    t.ok(verified.holds, JSON.stringify(verified.findings));
    for (const [name, bytes] of [
      ['contents/2.bin', Buffer.from('another')],
      ['contents.json', Buffer.from('["report.xml","other"]')],
      ['contents.json', Buffer.from('{')],
    ] as const)
      t.notOk((await verify(new Map([...packed, [name, bytes]]))).holds, `${name}: ${bytes.toString()}`);
  });

  await t.test('the print-out is a PDF that says who signed', async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'print.pdf');
    writeFileSync(file, Buffer.from(answer.print, 'base64'));
    const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
    t.match(text, /TOTAL-PASSED/);
    t.match(
      text.replace(/\s/g, ''),
      /\/verify#sha256=[0-9a-f]{64}/,
      'and leads back to the page that checks it',
    );
    t.match(text, new RegExp(doctor.body.applicant.councilNumber.digits));
    execFileSync('qpdf', ['--check', file]);
  });

  await t.test('what is no signature is refused', async (t) => {
    t.match((await ask({ signature: 'AAAA' })).json(), { status: 422, code: 'cms-malformed' });
  });
});
