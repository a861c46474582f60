import fc from 'fast-check';
import t from 'tap';

import { DomainError } from '../../core/errors.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import type { ValidationReport } from '../../validation/report.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { opensslSign, signerFiles } from '../support/openssl-signatures.ts';

// Whatever is sent, there is a verdict or the refusal `cms-malformed`, soon, and never TOTAL-PASSED for a change that matters.

const content = Buffer.from('Rp. Atorvastatin 20 mg, 1-0-0');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const cades = await signCades({
  content,
  signer: doctor.signer,
  certificate: doctor.certificate,
  signingTime: NOON,
});

t.test('every truncation is refused', async (t) => {
  const streamed = opensslSign(t.testdir(signerFiles(doctor, deployment.bronze, content)), [
    '-nodetach',
    '-stream',
  ]);
  for (const bytes of [cades, streamed]) {
    for (let length = 0; length < bytes.length; length += 1) {
      const outcome = await outcomeOf(bytes.subarray(0, length));
      if (outcome !== 'cms-malformed') t.fail(`cut to ${length} of ${bytes.length} octets: ${outcome}`);
    }
  }
});

t.test('no flipped bit of a signature passes for another document, key or signer', async (t) => {
  const untouched = await deployment.validate(cades);
  await fc.assert(
    fc.asyncProperty(fc.nat(cades.length - 1), fc.nat(7), async (at, bit) => {
      const bytes = Buffer.from(cades);
      bytes[at] ^= 1 << bit;
      const report = await reportOf(bytes);
      // What is not signed may change without harm, e.g. a version number: the verdict is then about the same facts.
      if (report?.indication === 'TOTAL-PASSED')
        t.same(report.signatures[0].certificate, untouched.signatures[0].certificate);
    }),
    { numRuns: 400 },
  );
});

t.test('answers any splice and overwrite with a verdict or a refusal', async () => {
  const cut = fc.nat(cades.length);
  const octets = fc.uint8Array({ maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(cut, cut, octets, async (from, to, inserted) => {
      const spliced = Buffer.concat([cades.subarray(0, from), inserted, cades.subarray(to)]);
      const report = await reportOf(spliced);
      return report === undefined || typeof report.indication === 'string';
    }),
    { numRuns: 400 },
  );
});

t.test('answers random octets with a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      async (bytes) => (await outcomeOf(bytes)) === 'cms-malformed',
    ),
    { numRuns: 300 },
  );
});

t.test('answers megabytes of tiny elements within bounded time', async (t) => {
  const started = process.cpuUsage();
  for (const octets of [
    '3000',
    '0400',
    '3080',
    'a080',
    '3180',
    '0000',
    '2d2d2d2d2d424547494e20',
    '30847fffffff',
  ]) {
    t.equal(await outcomeOf(Buffer.alloc(4_000_000, Buffer.from(octets, 'hex'))), 'cms-malformed', octets);
  }
  t.ok(process.cpuUsage(started).user < 4_000_000, 'half a second each');
});

/** The report, or undefined for a refusal as cms-malformed; anything else is thrown on. */
async function reportOf(signature: Uint8Array): Promise<ValidationReport | undefined> {
  try {
    return await deployment.validate(signature);
  } catch (cause) {
    if (cause instanceof DomainError && MALFORMED.test(String(cause.code))) return undefined;
    throw cause;
  }
}

/** Octets that begin as another format are refused by its reader. */
const MALFORMED = /^(cms|jws|xml|pdf|container)-malformed$/;

async function outcomeOf(signature: Uint8Array): Promise<string> {
  return (await reportOf(signature))?.indication ?? 'cms-malformed';
}
