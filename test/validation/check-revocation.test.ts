import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import type { SingleResponseFields } from '../../pki/ocsp-single-response.ts';
import { PKIX } from '../../pki/oid.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { crlEntry, fixtureCa, fixtureCrl, fixtureLeaf, ocspOctets } from '../support/fixture-path.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';

const content = Buffer.from('{"docId":"0000112233","prescDate":"14050325"}');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const seconds = (count: number) => new Date(NOON.getTime() + count * 1000);

t.test('needs a status to pass', async (t) => {
  const tryLater = { indication: 'INDETERMINATE', subIndication: 'TRY_LATER', cryptographic: 'PASSED' };
  const faults: unknown[] = [];
  const broken = {
    authorityOf: async () => 'bronze',
    changesOf: () => Promise.reject(new Error('connection lost')),
  };
  const lost = await deployment.validate(await sign(doctor), {
    statusHistory: broken,
    onStatusFault: (cause) => faults.push(cause),
  });
  t.match(lost, { ...tryLater, reasons: [{ code: 'status-unavailable' }] });
  t.match(faults, [{ message: 'connection lost' }]);
  const foreign = { authorityOf: async () => undefined, changesOf: async () => [] };
  t.match(
    await deployment.validate(await sign(doctor), { statusHistory: foreign }),
    tryLater,
    'an authority that is not ours',
  );
  const unrecorded = { authorityOf: async () => 'bronze', changesOf: async () => [] };
  const neverIssued = await deployment.validate(await sign(doctor), { statusHistory: unrecorded });
  t.match(neverIssued, { ...tryLater, reasons: [{ code: 'status-never-issued' }] });
});

t.test('asks for the status of issuing CAs that the deployment does not vouch for', async (t) => {
  const trust = new TrustStore({ anchors: [deployment.root.certificate], intermediates: [] });
  const signature = await sign(doctor);
  t.match(await deployment.validate(signature, { trust }), { subIndication: 'TRY_LATER' });
  const known = await FixtureDeployment.create();
  const rootHistory = {
    authorityOf: async () => 'any',
    changesOf: async (authorityId: string, serialNumber: Buffer) => {
      const row = { changeNumber: 1, authorityId, serialNumber, effectiveAt: seconds(-60) };
      const revoked = serialNumber.equals(deployment.bronze.certificate.serialNumber);
      return [{ ...row, event: revoked ? ('revoked' as const) : ('issued' as const) }];
    },
  };
  t.match(await known.validate(signature, { trust, statusHistory: rootHistory }), {
    indication: 'INDETERMINATE',
    subIndication: 'REVOKED_CA_NO_POE',
  });
});

t.test('asks what a signer of another authority embedded', async (t) => {
  const root = await fixtureCa('Foreign Root');
  const ca = await fixtureCa('Foreign CA', root);
  const signer = await fixtureLeaf(ca, {
    extensions: [...doctor.certificate.extensions.values()].slice(0, 4),
  });
  const trust = new TrustStore({ anchors: [root.certificate], intermediates: [ca.certificate] });
  const signature = await signCades({ content, ...signer, chain: [ca.certificate], signingTime: NOON });
  const validate = async (revocation: Buffer[], receivedAt?: Date) =>
    deployment.validate(embedding(signature, revocation), { trust, ...(receivedAt && { receivedAt }) });
  const ocsp = async (status: SingleResponseFields['status']) =>
    asn1.implicit(
      1,
      asn1.sequence(
        asn1.oid(PKIX.otherRevocationInfoOcsp),
        await ocspOctets(signer.certificate, ca, { status }),
      ),
    );
  t.match(await validate([]), { subIndication: 'TRY_LATER' });
  t.match(await validate([(await fixtureCrl(ca)).bytes]), { indication: 'TOTAL-PASSED' });
  t.match(await validate([await ocsp({ kind: 'good' })]), { indication: 'TOTAL-PASSED' });
  t.match(await validate([await ocsp({ kind: 'unknown' }), Buffer.from('3000', 'hex')]), {
    subIndication: 'TRY_LATER',
  });
  const revokedAt = seconds(-60);
  const revoked = await ocsp({ kind: 'revoked', revokedAt, reason: 'keyCompromise' });
  t.match(await validate([revoked]), { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' });
  t.match(await validate([revoked], NOON), { indication: 'TOTAL-FAILED', subIndication: 'REVOKED' });
  t.match(await validate([revoked], seconds(-61)), { indication: 'TOTAL-PASSED' }, 'received before');
  const listed = await fixtureCrl(ca, {
    entries: [crlEntry(signer.certificate, { reason: 'certificateHold' })],
  });
  t.match(await validate([listed.bytes]), { reasons: [{ code: 'certificate-on-hold-no-proof' }] });
});

/** The SignedData with CRLs and other revocation information beside its certificates (RFC 5652 §5.1). */
function embedding(signature: Buffer, revocation: Buffer[]): Buffer {
  const contentInfo = openWhole(signature);
  const type = contentInfo.read(TAG.oid).bytes;
  const fields = [...contentInfo.into(context(0)).into(TAG.sequence).elements()].map(({ bytes }) => bytes);
  const crls = revocation.length > 0 ? [asn1.implicit(1, asn1.setOf(...revocation))] : [];
  const signedData = asn1.sequence(...fields.slice(0, 4), ...crls, ...fields.slice(4));
  return asn1.sequence(type, asn1.explicit(0, signedData));
}

function sign({ signer, certificate }: Holder): Promise<Buffer> {
  return signCades({
    content,
    signer,
    certificate,
    chain: [deployment.bronze.certificate],
    signingTime: NOON,
  });
}
