import t from 'tap';

import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { openWhole } from '../../pki/der/decode.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { CMS } from '../../pki/oid.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import {
  archiveStamp,
  certificateValuesAttribute,
  foreignStamper,
  revocationValuesAttribute,
  signFreely,
  signatureStamp,
  stamp,
  withUnsigned,
} from '../support/fixture-stamps.ts';
import type { Stamper } from '../support/fixture-stamps.ts';
import { opensslSign, signerFiles } from '../support/openssl-signatures.ts';

// archive-time-stamp of version 2 (RFC 5126 §6.4.1): no signature of today gets one, those of ten years ago have them.

const content = Buffer.from('Rp. Furosemide 40 mg');
const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const LATER = new Date('2027-06-15T12:00:00Z');
const PASSED = { indication: 'TOTAL-PASSED' };

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const brief = await foreignStamper('Brief Time', { notAfter: at(500) });
const lasting = await foreignStamper('Lasting Time');
const trust = new TrustStore({
  anchors: [deployment.root.certificate],
  intermediates: [deployment.bronze.certificate],
  timeStampAnchors: [brief.issuer.certificate, lasting.issuer.certificate],
});
const signature = await signFreely({ content, holder: doctor, signingTime: NOON });
const stamped = withUnsigned(
  signature,
  await signatureStamp(signature, brief, at(10)),
  certificateValuesAttribute([brief.certificate.bytes, brief.issuer.certificate.bytes]),
  revocationValuesAttribute([brief.crl!, lasting.crl!]),
);
const validate = (bytes: Buffer, document?: Buffer) => {
  deployment.clock.set(LATER);
  return deployment.validate(bytes, { trust, ...(document && { content: document }) });
};
const NO_PROOF = { subIndication: 'OUT_OF_BOUNDS_NO_POE' };

t.test('what it covers is as old as it', async (t) => {
  t.match(await validate(stamped), NO_PROOF, 'the authority of the first time stamp has expired');
  const archived = withUnsigned(stamped, await oldStamp(stamped, lasting, at(400)));
  const report = await validate(archived);
  t.match(report, PASSED);
  t.match(report.signatures[0].bestSignatureTime, { at: at(10).toISOString() });
  t.match(report.signatures[0].timeStamps, [
    { kind: 'signature', indication: 'TOTAL-PASSED', provenAt: at(400).toISOString() },
    { kind: 'archive', indication: 'TOTAL-PASSED' },
  ]);
});

t.test('attributes may have been sorted when it was made, or when it was added', async (t) => {
  const archived = withUnsigned(stamped, await oldStamp(stamped, lasting, at(400), { sorted: true }));
  t.match(await validate(archived), PASSED);
});

t.test('later archive time stamps do not break it', async (t) => {
  const first = withUnsigned(stamped, await oldStamp(stamped, lasting, at(400)));
  const second = withUnsigned(first, await oldStamp(first, lasting, at(450)));
  const third = withUnsigned(second, await archiveStamp(second, lasting, at(460)));
  const report = await validate(third);
  t.match(report, PASSED);
  t.strictSame(
    report.signatures[0].timeStamps.map(({ kind, indication }) => [kind, indication]),
    [
      ['signature', 'TOTAL-PASSED'],
      ['archive', 'TOTAL-PASSED'],
      ['archive', 'TOTAL-PASSED'],
      ['archive', 'TOTAL-PASSED'],
    ],
  );
});

t.test('everything else does', async (t) => {
  const attribute = await oldStamp(stamped, lasting, at(400));
  const added = withUnsigned(stamped, attribute, certificateValuesAttribute([]));
  t.match(await validate(added), NO_PROOF, 'an attribute that came later');
  const withoutEvidence = withUnsigned(signature, await signatureStamp(signature, brief, at(10)));
  t.match(
    await validate(withUnsigned(withoutEvidence, attribute)),
    { indication: 'INDETERMINATE' },
    'one that went',
  );
  const other = withUnsigned(
    stamped,
    await oldStamp(stamped, lasting, at(400), { content: Buffer.from('x') }),
  );
  t.match(await validate(other), NO_PROOF, 'octets that are not there');
});

t.test('of a detached signature the content is part of it', async (t) => {
  const files = signerFiles(doctor, deployment.bronze, content);
  const detached = opensslSign(t.testdir(files), ['-cades']);
  const lifted = withUnsigned(
    detached,
    await signatureStamp(detached, brief, at(10)),
    revocationValuesAttribute([brief.crl!, lasting.crl!]),
  );
  const archived = withUnsigned(lifted, await oldStamp(lifted, lasting, at(400), { content }));
  t.match(await validate(archived, content), PASSED);
  const without = withUnsigned(lifted, await oldStamp(lifted, lasting, at(400)));
  t.match(await validate(without, content), NO_PROOF);
});

/** The token over the concatenation that §6.4.1 lists, put together from the octets of the signature. */
async function oldStamp(
  bytes: Buffer,
  stamper: Stamper,
  genTime: Date,
  { content: external = Buffer.alloc(0), sorted = false }: { content?: Buffer; sorted?: boolean } = {},
): Promise<Buffer> {
  const contentInfo = openWhole(bytes);
  contentInfo.read(TAG.oid);
  const [, , encapContentInfo, ...rest] = contentInfo.into(context(0)).into(TAG.sequence).elements();
  const sets = rest.slice(0, -1).map((element) => element.bytes);
  const signer = [
    ...openWhole(rest[rest.length - 1].bytes, TAG.set)
      .into(TAG.sequence)
      .elements(),
  ];
  const fields = signer.map((element) => {
    if (element.tag !== context(1) || !sorted) return element.bytes;
    const attributes = [...openWhole(element.bytes, context(1)).elements()].map((one) => one.bytes);
    return asn1.element(context(1), ...attributes.sort(Buffer.compare));
  });
  const imprint = digest('sha256', encapContentInfo.bytes, external, ...sets, ...fields);
  return encodeAttribute(CMS.archiveTimeStampV2, await stamp(stamper, imprint, genTime));
}
