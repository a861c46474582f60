import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { context, contextPrimitive } from '../../pki/der/tag.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { encodeExtension } from '../../pki/extension.ts';
import type { Extension } from '../../pki/extension.ts';
import { deltaCrlIndicatorExtension } from '../../pki/extensions/delta-crl-indicator.ts';
import { expiredCertsOnCrlExtension } from '../../pki/extensions/expired-certs-on-crl.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { issuingDistributionPointExtension } from '../../pki/extensions/issuing-distribution-point.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { ocspNoCheckExtension } from '../../pki/extensions/ocsp-no-check.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import { CE, KP } from '../../pki/oid.ts';
import { ANY_POLICY_INPUTS } from '../../validation/path/policy-graph.ts';
import { RevocationEvidence } from '../../validation/revocation/revocation-evidence.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { validateCertificate } from '../../validation/validate-certificate.ts';
import type { CertificateVerdict } from '../../validation/validate-certificate.ts';
import { FIXTURE_NOT_AFTER } from '../support/fixture-certificate.ts';
import { NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import {
  crlEntry,
  fixtureCa,
  fixtureCrl,
  fixtureLeaf,
  fixtureOcspResponse,
  hours,
} from '../support/fixture-path.ts';
import { MemoryStatusHistory } from '../support/memory-status-history.ts';

// Revocation of certificates that are not ours: RFC 5280 §6.3 and RFC 6960 §3.2. PKITS has the sunny and many rainy cases
// (pkits.test.ts); here is what it leaves out.

const root = await fixtureCa('Root');
const ca = await fixtureCa('Foreign CA', root);
const leaf = await fixtureLeaf(ca);
const rootCrl = await fixtureCrl(root);
const trust = new TrustStore({ anchors: [root.certificate], intermediates: [] });

t.test('needs a status of each certificate below the anchor', async (t) => {
  const caCrl = await fixtureCrl(ca);
  t.equal(await verdict({ crls: [rootCrl, caCrl] }), 'valid');
  t.equal(await verdict({ crls: [caCrl] }), 'indeterminate: status-unavailable');
  t.equal(await verdict({ crls: [rootCrl] }), 'indeterminate: status-unavailable');
  t.equal(await verdict({}), 'indeterminate: status-unavailable status-unavailable');
  const revoked = await fixtureCrl(root, { entries: [crlEntry(ca.certificate)] });
  t.equal(await verdict({ crls: [revoked, caCrl] }), 'invalid: issuer-revoked');
});

t.test('lets an unknown status by only where nothing is demanded', async (t) => {
  t.equal(await verdict({ revocation: 'none' }), 'valid: status-not-asked');
  t.equal(await verdict({ revocation: 'if-available' }), 'valid: status-not-asked status-not-asked');
  const old = await fixtureCrl(ca, { nextUpdate: hours(-1) });
  t.equal(
    await verdict({ revocation: 'if-available', crls: [rootCrl, old] }),
    'indeterminate: status-unavailable',
    'a CRL that is out of date was available',
  );
});

t.test('is right from the revocation on, and up to nextUpdate', async (t) => {
  const crl = await fixtureCrl(ca, { entries: [crlEntry(leaf.certificate, { revokedAt: NOON })] });
  t.equal(await verdict({ crls: [rootCrl, crl] }), 'invalid: certificate-revoked');
  t.equal(await verdict({ crls: [rootCrl, crl], at: new Date(NOON.getTime() - 1000) }), 'valid');
  const clean = await fixtureCrl(ca, { nextUpdate: NOON });
  t.equal(await verdict({ crls: [rootCrl, clean] }), 'valid');
  t.equal(
    await verdict({ crls: [rootCrl, clean], at: new Date(NOON.getTime() + 1000) }),
    'indeterminate: status-unavailable',
  );
});

t.test('believes the newest, but a revocation for ever', async (t) => {
  const held = crlEntry(leaf.certificate, { reason: 'certificateHold' });
  const older = await fixtureCrl(ca, { number: 1, thisUpdate: hours(-10), entries: [held] });
  const newer = await fixtureCrl(ca, { number: 2 });
  t.equal(await verdict({ crls: [rootCrl, older] }), 'invalid: certificate-on-hold');
  t.equal(await verdict({ crls: [rootCrl, older, newer] }), 'valid');
  const good = await fixtureOcspResponse(leaf.certificate, ca, { thisUpdate: hours(-1) });
  t.equal(await verdict({ crls: [rootCrl, older], ocspResponses: [good] }), 'valid');
  const revoked = await fixtureCrl(ca, { thisUpdate: hours(-10), entries: [crlEntry(leaf.certificate)] });
  t.equal(await verdict({ crls: [rootCrl, revoked], ocspResponses: [good] }), 'invalid: certificate-revoked');
});

t.test('takes a shard for the certificates that name it', async (t) => {
  const uri = 'http://crl.example/3.crl';
  const sharded = await fixtureLeaf(ca, { more: [crlDistributionPointsExtension([uri])] });
  const shard = await fixtureCrl(ca, { extensions: [issuingDistributionPointExtension([uri])] });
  t.equal(await verdict({ crls: [rootCrl, shard] }, sharded), 'valid');
  t.equal(await verdict({ crls: [rootCrl, shard] }), 'indeterminate: status-unavailable');
  const another = issuingDistributionPointExtension(['http://crl.example/4.crl']);
  const stranger = await fixtureCrl(ca, { extensions: [another] });
  t.equal(await verdict({ crls: [rootCrl, stranger] }, sharded), 'indeterminate: status-unavailable');
  t.equal(
    await verdict({ crls: [rootCrl, await fixtureCrl(ca)] }, sharded),
    'valid',
    'the complete CRL covers it',
  );
});

t.test('a delta brings an older CRL up to date, and lifts a hold', async (t) => {
  const held = crlEntry(leaf.certificate, { reason: 'certificateHold' });
  const base = await fixtureCrl(ca, { number: 5, nextUpdate: hours(-1), entries: [held] });
  const removed = crlEntry(leaf.certificate, { reason: 'removeFromCRL' });
  const delta = (number: number, from: number, entries: Buffer[] = [], more: Extension[] = []) =>
    fixtureCrl(ca, { number, entries, extensions: [deltaCrlIndicatorExtension(from), ...more] });
  t.equal(await verdict({ crls: [rootCrl, base] }), 'indeterminate: status-unavailable', 'too old');
  t.equal(await verdict({ crls: [rootCrl, base, await delta(6, 5)] }), 'invalid: certificate-on-hold');
  t.equal(await verdict({ crls: [rootCrl, base, await delta(6, 5, [removed])] }), 'valid');
  t.equal(await verdict({ crls: [rootCrl, base, await delta(6, 4, [removed])] }), 'valid');
  const tooLate = [rootCrl, base, await delta(8, 6, [removed])];
  t.equal(
    await verdict({ crls: tooLate }),
    'indeterminate: status-unavailable',
    'something is missing between',
  );
  const scope = issuingDistributionPointExtension(['http://crl.example/x.crl']);
  const otherScope = [rootCrl, base, await delta(6, 5, [removed], [scope])];
  t.equal(await verdict({ crls: otherScope }), 'indeterminate: status-unavailable', 'of another scope');
  t.equal(
    await verdict({ crls: [rootCrl, await delta(6, 5)] }),
    'indeterminate: status-unavailable',
    'alone',
  );
});

t.test('asks for nothing in CRLs that it does not understand, whoever is on them', async (t) => {
  const unknown: Extension = { oid: '2.999.1', critical: true, value: asn1.NULL };
  const crl = await fixtureCrl(ca, { entries: [crlEntry(leaf.certificate)], extensions: [unknown] });
  t.equal(await verdict({ crls: [rootCrl, crl] }), 'indeterminate: status-unavailable');
  const foreign = asn1.sequence(
    asn1.element(0x02, leaf.certificate.serialNumber),
    asn1.time(hours(-1)),
    asn1.sequence(certificateIssuer(root)),
  );
  const direct = await fixtureCrl(ca, { entries: [foreign] });
  t.equal(
    await verdict({ crls: [rootCrl, direct] }),
    'indeterminate: status-unavailable',
    'certificateIssuer on a direct CRL',
  );
});

t.test('reads an indirect CRL by the issuers of its entries', async (t) => {
  const lister = await fixtureLeaf(root, { extensions: [keyUsageExtension(['cRLSign'])] });
  const point = asn1.sequence(
    asn1.implicit(2, asn1.sequence(asn1.explicit(4, lister.certificate.subject.bytes))),
  );
  const more = [{ oid: CE.cRLDistributionPoints, critical: false, value: asn1.sequence(point) }];
  const listed = await fixtureLeaf(ca, { more });
  const indirect = {
    oid: CE.issuingDistributionPoint,
    critical: true,
    value: asn1.sequence(asn1.element(contextPrimitive(4), Buffer.from([0xff]))),
  };
  const entry = (serial: Buffer, ...extensions: Buffer[]) =>
    asn1.sequence(
      asn1.element(0x02, serial),
      asn1.time(hours(-1)),
      ...(extensions.length > 0 ? [asn1.sequence(...extensions)] : []),
    );
  const list = (...entries: Buffer[]) => fixtureCrl(lister, { entries, extensions: [indirect] });
  const serial = listed.certificate.serialNumber;
  const ask = async (...entries: Buffer[]) =>
    verdict({ crls: [rootCrl, await list(...entries)], intermediates: [lister] }, listed);
  t.equal(await ask(), 'valid');
  t.equal(await ask(entry(serial)), 'valid', "the CRL issuer's own certificate of that number");
  t.equal(await ask(entry(serial, certificateIssuer(ca))), 'invalid: certificate-revoked');
  const after = [entry(Buffer.from([1]), certificateIssuer(ca)), entry(serial)];
  t.equal(await ask(...after), 'invalid: certificate-revoked', 'the issuer of the entry before');
  t.equal(await ask(...after.slice(0, 1), entry(serial, certificateIssuer(root))), 'valid');
  const notIndirect = await fixtureCrl(lister);
  t.equal(
    await verdict({ crls: [rootCrl, notIndirect], intermediates: [lister] }, listed),
    'indeterminate: status-unavailable',
  );
});

t.test('trusts no signer of CRLs without the right to sign them, or of another anchor', async (t) => {
  const noSigner = await fixtureCa('Silent CA', root, {
    extensions: [...ca.certificate.extensions.values()].filter(({ oid }) => oid === CE.basicConstraints),
    more: [keyUsageExtension(['keyCertSign'])],
  });
  const member = await fixtureLeaf(noSigner);
  t.equal(
    await verdict({ crls: [rootCrl, await fixtureCrl(noSigner)], intermediates: [noSigner] }, member),
    'indeterminate: status-unavailable',
  );
  const otherRoot = await fixtureCa('Other Root');
  const namesake = await fixtureCa('Foreign CA', otherRoot);
  const both = new TrustStore({ anchors: [root.certificate, otherRoot.certificate], intermediates: [] });
  const crls = [rootCrl, await fixtureCrl(otherRoot), await fixtureCrl(namesake)];
  const under = { crls, intermediates: [namesake], trust: both };
  t.equal(await verdict(under), 'indeterminate: status-unavailable', 'the same name below another anchor');
});

t.test('does not take silence for good where the certificate had expired before', async (t) => {
  const at = FIXTURE_NOT_AFTER;
  const later = { thisUpdate: new Date(at.getTime() + 1000), nextUpdate: new Date(at.getTime() + 10_000) };
  const both = async (extensions: Extension[]) => [
    await fixtureCrl(root, { ...later, extensions }),
    await fixtureCrl(ca, { ...later, extensions }),
  ];
  t.equal(
    await verdict({ at, crls: await both([]) }),
    'indeterminate: status-unavailable status-unavailable',
  );
  t.equal(await verdict({ at, crls: await both([expiredCertsOnCrlExtension(hours(-1))]) }), 'valid');
});

t.test('believes OCSP responses of the issuer and of the responders that it authorized', async (t) => {
  const { certificate } = leaf;
  const ask = async (...ocspResponses: BasicOcspResponse[]) => verdict({ crls: [rootCrl], ocspResponses });
  t.equal(await ask(await fixtureOcspResponse(certificate, ca)), 'valid');
  const revoked = { kind: 'revoked', revokedAt: hours(-2), reason: 'keyCompromise' } as const;
  t.equal(
    await ask(await fixtureOcspResponse(certificate, ca, { status: revoked })),
    'invalid: certificate-revoked',
  );
  const unknown = await fixtureOcspResponse(certificate, ca, { status: { kind: 'unknown' } });
  t.equal(await ask(unknown), 'indeterminate: status-unavailable');
  const ocspSigning = [keyUsageExtension(['digitalSignature']), extendedKeyUsageExtension([KP.ocspSigning])];
  const responder = await fixtureLeaf(ca, { extensions: [...ocspSigning, ocspNoCheckExtension()] });
  t.equal(await ask(await fixtureOcspResponse(certificate, ca, { responder })), 'valid');
  const checked = await fixtureLeaf(ca, { extensions: ocspSigning });
  const byChecked = await fixtureOcspResponse(certificate, ca, { responder: checked });
  t.equal(await ask(byChecked), 'indeterminate: status-unavailable', 'its own status is not known');
  const crl = await fixtureCrl(ca, { thisUpdate: hours(-20), nextUpdate: hours(1) });
  t.equal(await verdict({ crls: [rootCrl, crl], ocspResponses: [byChecked] }), 'valid');
  const noResponder = await fixtureLeaf(ca);
  t.equal(
    await ask(await fixtureOcspResponse(certificate, ca, { responder: noResponder })),
    'indeterminate: status-unavailable',
  );
});

t.test('takes OCSP responses until nextUpdate, and without one for a day', async (t) => {
  const old = { thisUpdate: hours(-25) };
  const [ended, open, openStill] = [
    await fixtureOcspResponse(leaf.certificate, ca, { ...old, nextUpdate: hours(-1) }),
    await fixtureOcspResponse(leaf.certificate, ca, { ...old, nextUpdate: undefined }),
    await fixtureOcspResponse(leaf.certificate, ca, { thisUpdate: hours(-24), nextUpdate: undefined }),
  ];
  const ask = (response: BasicOcspResponse) => verdict({ crls: [rootCrl], ocspResponses: [response] });
  t.equal(await ask(ended), 'indeterminate: status-unavailable');
  t.equal(await ask(open), 'indeterminate: status-unavailable');
  t.equal(await ask(openStill), 'valid');
});

function certificateIssuer({ certificate }: Holder): Buffer {
  const value = asn1.sequence(asn1.element(context(4), certificate.subject.bytes));
  return encodeExtension({ oid: CE.certificateIssuer, critical: true, value });
}

interface Ask {
  crls?: CertificateList[];
  ocspResponses?: BasicOcspResponse[];
  intermediates?: Holder[];
  trust?: TrustStore;
  revocation?: 'required' | 'if-available' | 'none';
  at?: Date;
}

/** The verdict with the codes of its reasons. */
async function verdict(ask: Ask, holder: Holder = leaf): Promise<string> {
  const { crls = [], ocspResponses = [], intermediates = [] } = ask;
  const result: CertificateVerdict = await validateCertificate({
    leaf: holder.certificate,
    intermediates: [ca, ...intermediates].map(({ certificate }) => certificate),
    trust: ask.trust ?? trust,
    at: ask.at ?? NOON,
    policies: ANY_POLICY_INPUTS,
    purposes: { keyUsages: [], extendedKeyUsages: [] },
    evidence: new RevocationEvidence({ crls, ocspResponses }),
    revocation: ask.revocation ?? 'required',
    statusHistory: new MemoryStatusHistory([]),
  });
  const codes = result.reasons.map(({ code }) => code).join(' ');
  return codes ? `${result.verdict}: ${codes}` : result.verdict;
}
