import t from 'tap';

import { signCades } from '../../signing/cades/sign-cades.ts';
import { fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';

// One licence through its life: signed, suspended, restored, revoked. Times are seconds from noon.

const content = Buffer.from('Rp. Metformin 1000 mg');
const HELD_AT = 100;
const RELEASED_AT = 200;
const REVOKED_AT = 300;
const PASSED = { indication: 'TOTAL-PASSED' };
const REVOKED = { indication: 'TOTAL-FAILED', subIndication: 'REVOKED', cryptographic: 'PASSED' };
const HOLD_FAILED = { rule: 'during-hold', outcome: 'failed' };
const NO_PROOF = { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE', cryptographic: 'PASSED' };

const deployment = await FixtureDeployment.create();
const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

t.test('a suspension stops new signatures and leaves earlier ones', async (t) => {
  const { earlier, during } = await signedDoctor();
  deployment.clock.set(at(150));
  t.match(
    await validate(earlier, 50),
    { ...PASSED, reasons: [{ code: 'on-hold-after-proof' }] },
    'received before',
  );
  const received = await validate(during, 150);
  t.match(received, { ...REVOKED, reasons: [{ code: 'certificate-on-hold' }] }, 'received during it');
  t.match(received.reasons[0].text, /on hold \(certificateHold\) since 2026-06-15T12:01:40/);
  t.match(received.signatures[0].status, {
    atProofOfExistence: { status: 'on-hold', reason: 'certificateHold' },
  });
  t.match(
    await validate(during),
    { ...NO_PROOF, reasons: [{ code: 'certificate-on-hold-no-proof' }] },
    'no receipt time',
  );
  t.match(await validate(earlier), NO_PROOF, "the signer's own time proves nothing");
});

t.test('a hold begins at its second', async (t) => {
  const { earlier } = await signedDoctor();
  deployment.clock.set(at(150));
  t.match(await validate(earlier, HELD_AT - 1), PASSED);
  t.match(await validate(earlier, HELD_AT), REVOKED);
  t.match(await validate(earlier, HELD_AT + 1), REVOKED);
});

t.test('a release heals no signature made during the hold', async (t) => {
  const { doctor, earlier, during } = await signedDoctor();
  deployment.record(doctor.certificate, { event: 'released', effectiveAt: at(RELEASED_AT) });
  deployment.clock.set(at(250));
  t.match(await validate(during, 150), REVOKED, 'received during it');
  t.match(
    await validate(during),
    { ...NO_PROOF, reasons: [{ code: 'signed-during-hold' }] },
    'by its own claim',
  );
  t.match(
    await validate(during, 250),
    { ...NO_PROOF, reasons: [{ code: 'signed-during-hold' }] },
    'received after it',
  );
  const fine = [await validate(earlier, 50), await validate(await sign(doctor, 250))];
  t.match(fine, [PASSED, PASSED], 'received before it, made after it');
  t.same(
    fine.map(({ reasons }) => reasons),
    [[], []],
  );
});

t.test('the second of the release is no longer in the hold', async (t) => {
  const { doctor } = await signedDoctor();
  deployment.record(doctor.certificate, { event: 'released', effectiveAt: at(RELEASED_AT) });
  deployment.clock.set(at(250));
  t.match(await validate(await sign(doctor, RELEASED_AT - 1)), NO_PROOF);
  t.match(await validate(await sign(doctor, RELEASED_AT)), PASSED);
  t.match(await validate(await sign(doctor, HELD_AT - 1)), PASSED);
  t.match(await validate(await sign(doctor, HELD_AT)), NO_PROOF);
});

t.test('without a claimed time a past hold cannot be excluded', async (t) => {
  const { doctor } = await signedDoctor();
  deployment.record(doctor.certificate, { event: 'released', effectiveAt: at(RELEASED_AT) });
  const timeless = await signCades({ content, signer: doctor.signer, certificate: doctor.certificate });
  deployment.clock.set(at(250));
  t.match(await validate(timeless), { ...NO_PROOF, reasons: [{ code: 'signed-during-hold-not-excluded' }] });
  t.match(await validate(timeless, 50), PASSED, 'a receipt before the hold excludes it');
});

t.test('a policy may leave past holds to whoever relies on the signature, and nothing more', async (t) => {
  const { doctor, during } = await signedDoctor();
  const rules = deployment.policy.rules.filter(({ id }) => id !== 'during-hold');
  const policy = { ...deployment.policy, rules };
  deployment.clock.set(at(150));
  t.match(await deployment.validate(during, { policy }), NO_PROOF, 'a hold that lasts is no past one');
  deployment.record(doctor.certificate, { event: 'released', effectiveAt: at(RELEASED_AT) });
  deployment.clock.set(at(250));
  t.match(await deployment.validate(during, { policy }), { ...PASSED, reasons: [] });
  t.match(await validate(during), {
    ...NO_PROOF,
    signatures: [{ rules: [{}, {}, {}, {}, HOLD_FAILED, {}, {}, {}, {}] }],
  });
  t.match(await deployment.validate(during, { policy, receivedAt: at(150) }), REVOKED, 'received during it');
});

t.test('a revocation for key compromise says so, and leaves what is proven to be older', async (t) => {
  const { doctor, earlier, during } = await signedDoctor();
  deployment.record(doctor.certificate, { event: 'released', effectiveAt: at(RELEASED_AT) });
  deployment.record(doctor.certificate, {
    event: 'revoked',
    effectiveAt: at(REVOKED_AT),
    reason: 'keyCompromise',
  });
  deployment.clock.set(at(400));
  const late = await validate(await sign(doctor, 350), 350);
  t.match(late, {
    ...REVOKED,
    reasons: [{ code: 'certificate-revoked', text: /revoked \(keyCompromise\) at 2026-06-15T12:05:00/ }],
  });
  t.match(await validate(earlier), { ...NO_PROOF, reasons: [{ code: 'certificate-revoked-no-proof' }] });
  t.match(await validate(earlier, 50), {
    ...PASSED,
    reasons: [{ code: 'revoked-after-proof', text: /keyCompromise/ }],
  });
  t.match(await validate(during, 150), REVOKED, 'still on hold then');
  t.match(await validate(earlier, REVOKED_AT - 1), PASSED);
  t.match(await validate(earlier, REVOKED_AT), REVOKED);
  const { status } = (await validate(earlier, 50)).signatures[0];
  t.match(status, {
    atProofOfExistence: { status: 'good' },
    now: { status: 'revoked', reason: 'keyCompromise' },
  });
});

t.test('a suspected compromise before the receipt is told and does not undo the signature', async (t) => {
  const doctor = await issuedDoctor();
  const signature = await sign(doctor, 0);
  const revoked = { event: 'revoked', reason: 'keyCompromise', effectiveAt: at(REVOKED_AT) } as const;
  deployment.record(doctor.certificate, { ...revoked, invalidityDate: at(-1) });
  deployment.clock.set(at(400));
  const report = await validate(signature, 10);
  t.match(report, PASSED);
  t.same(
    report.reasons.map(({ code }) => code),
    ['revoked-after-proof', 'compromise-suspected-before-proof'],
  );
});

t.test('the newest status wins over an older good one', async (t) => {
  const doctor = await issuedDoctor();
  const signature = await sign(doctor, 0);
  deployment.record(doctor.certificate, { event: 'held', effectiveAt: at(20), reason: 'certificateHold' });
  // Recorded last, effective first: whatever was said in between, the key was compromised at 10.
  deployment.record(doctor.certificate, { event: 'revoked', effectiveAt: at(10), reason: 'keyCompromise' });
  deployment.clock.set(at(400));
  t.match(await validate(signature, 30), { ...REVOKED, reasons: [{ text: /keyCompromise/ }] });
  t.match(await validate(signature, 15), REVOKED);
  t.match(await validate(signature, 9), PASSED);
});

t.test(
  'a certificate counts as good from its notBefore, though its history begins a moment later',
  async (t) => {
    const signer = memorySigner();
    const template = { ...physicianTemplate(signer.subjectPublicKeyInfo), notBefore: at(-60) };
    const certificate = await fixtureCertificate(template, deployment.bronze);
    deployment.record(certificate, { event: 'issued', effectiveAt: NOON });
    const signature = await sign({ signer, certificate }, 0);
    deployment.clock.set(at(400));
    t.match(await validate(signature, -30), PASSED);
    t.match(await validate(signature, -60), PASSED);
    t.match(await validate(signature, -61), { indication: 'TOTAL-FAILED', subIndication: 'NOT_YET_VALID' });
  },
);

async function issuedDoctor(): Promise<Holder> {
  deployment.clock.set(NOON);
  return deployment.issue();
}

/** A doctor who signed at 0 and, on hold since 100, at 150. */
async function signedDoctor(): Promise<{ doctor: Holder; earlier: Buffer; during: Buffer }> {
  const doctor = await issuedDoctor();
  deployment.record(doctor.certificate, {
    event: 'held',
    effectiveAt: at(HELD_AT),
    reason: 'certificateHold',
  });
  return { doctor, earlier: await sign(doctor, 0), during: await sign(doctor, 150) };
}

function sign({ signer, certificate }: Holder, seconds: number): Promise<Buffer> {
  return signCades({ content, signer, certificate, signingTime: at(seconds) });
}

function validate(signature: Buffer, receivedSeconds?: number) {
  return deployment.validate(
    signature,
    receivedSeconds === undefined ? {} : { receivedAt: at(receivedSeconds) },
  );
}
