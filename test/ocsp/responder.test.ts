import t from 'tap';

import type { HostedAuthority } from '../../ocsp/hosted-authority.ts';
import { OcspResponder } from '../../ocsp/responder.ts';
import type { CertificateStatus } from '../../pki/certificate-status.ts';
import { certificateFingerprint } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { nonceExtension, parseArchiveCutoff, parseCertHash, parseNonce } from '../../pki/ocsp-extensions.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import type { NameTemplate } from '../../pki/name.ts';
import { AT, CE } from '../../pki/oid.ts';
import { authorityTemplate, fixtureCertificate } from '../support/fixture-certificate.ts';
import { FixtureOcsp, NOON, neverIssued, readVerified } from '../support/fixture-ocsp.ts';

const NONCE = nonceExtension(Buffer.alloc(32, 7));

t.test('says good of a certificate that was issued, with proof that it knows it', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const { responses, producedAt, extensions } = await house.ask(house.request([certificate]));
  t.equal(responses.length, 1);
  t.strictSame(responses[0].status, { kind: 'good' });
  t.strictSame(responses[0].thisUpdate, NOON);
  t.strictSame(responses[0].nextUpdate, new Date(NOON.getTime() + 600_000));
  t.strictSame(producedAt, NOON);
  t.strictSame(parseCertHash(responses[0].extensions.get(CE.certHash)!.value), {
    hashAlgorithm: 'sha256',
    certificateHash: certificateFingerprint(certificate),
  });
  t.equal(extensions.size, 0);
});

const changes: [event: 'held' | 'revoked', status: Extract<CertificateStatus, { kind: 'revoked' }>][] = [
  ['held', { kind: 'revoked', revokedAt: NOON, reason: 'certificateHold' }],
  ['revoked', { kind: 'revoked', revokedAt: NOON, reason: 'keyCompromise' }],
];

for (const [event, status] of changes) {
  t.test(`says revoked of a certificate that is ${event}, with reason and time`, async (t) => {
    const house = await FixtureOcsp.create();
    const certificate = await house.issue();
    await house.change(certificate, event, status.reason);
    house.clock.advanceSeconds(5);
    t.strictSame(await house.statusOf(certificate), status);
  });
}

t.test('says good again of a certificate that was released', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  await house.change(certificate, 'held', 'certificateHold');
  await house.change(certificate, 'released');
  t.strictSame(await house.statusOf(certificate), { kind: 'good' });
});

t.test('never says good of a serial number that was not issued', async (t) => {
  const house = await FixtureOcsp.create();
  const { responses, extensions } = await house.ask(house.request([neverIssued()]));
  t.strictSame(responses[0].status, { kind: 'revoked', revokedAt: new Date(0), reason: 'certificateHold' });
  t.equal(responses[0].extensions.size, 0, 'no CRL references and entry extensions (RFC 6960 §2.2)');
  t.strictSame(extensions.get(CE.ocspExtendedRevoke), {
    oid: CE.ocspExtendedRevoke,
    critical: false,
    value: asn1.NULL,
  });
});

t.test('says unknown of a serial number that was not issued, where that is preferred', async (t) => {
  const house = await FixtureOcsp.create({ neverIssued: 'unknown' });
  const { responses, extensions } = await house.ask(house.request([neverIssued()]));
  t.strictSame(responses[0].status, { kind: 'unknown' });
  t.equal(extensions.size, 0);
});

t.test('says good as soon as the serial number is issued', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const [issued] = house.source.changes.splice(0);
  const late = await FixtureOcsp.create();
  const request = late.request([certificate]);
  t.equal((await late.ask(request)).responses[0].status.kind, 'revoked');
  late.source.commit({ ...issued, authorityId: 'bronze' });
  await late.follower.catchUp();
  t.equal((await late.ask(request)).responses[0].status.kind, 'good');
});

t.test('knows a certificate by its issuer, not by its serial number alone', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue(house.silver);
  const { responses } = await house.ask(house.request([certificate]));
  t.equal(responses[0].status.kind, 'revoked');
  const ofSilver = house.request([certificate], { issuer: house.silver.certificate });
  t.equal((await house.ask(ofSilver, house.silver.certificate)).responses[0].status.kind, 'good');
});

t.test('goes on answering for a certificate that has expired, and says since when it does', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue(house.bronze, { notAfter: new Date(NOON.getTime() + 60_000) });
  await house.change(certificate, 'revoked', 'superseded');
  house.clock.advanceSeconds(7 * 86_400);
  await house.follower.catchUp();
  const { responses } = await house.ask(house.request([certificate]));
  t.strictSame(responses[0].status, { kind: 'revoked', revokedAt: NOON, reason: 'superseded' });
  const cutoff = parseArchiveCutoff(responses[0].extensions.get(CE.ocspArchiveCutoff)!.value);
  t.strictSame(cutoff, house.bronze.certificate.notBefore);
});

for (const hashAlgorithm of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
  t.test(`answers a CertID by ${hashAlgorithm} in kind`, async (t) => {
    const house = await FixtureOcsp.create();
    const certificate = await house.issue();
    const { responses } = await house.ask(house.request([certificate], { hashAlgorithm }));
    t.equal(responses[0].status.kind, 'good');
    t.strictSame(
      responses[0].certId.bytes,
      encodeCertId(hashAlgorithm, house.bronze.certificate, certificate.serialNumber),
    );
  });
}

t.test('answers a CertID octet for octet as it was asked', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const plain = encodeCertId('sha256', house.bronze.certificate, certificate.serialNumber);
  const withNull = asn1.sequence(
    asn1.sequence(asn1.oid('2.16.840.1.101.3.4.2.1'), asn1.NULL),
    plain.subarray(plain.indexOf(Buffer.from([0x04, 0x20]))),
  );
  for (const certId of [plain, withNull, plain]) {
    const { responses } = await house.ask(encodeOcspRequest([certId]));
    t.strictSame(responses[0].certId.bytes, certId);
    t.equal(responses[0].status.kind, 'good');
  }
});

t.test('answers several certificates in one, in their order', async (t) => {
  const house = await FixtureOcsp.create();
  const [good, held] = [await house.issue(), await house.issue()];
  await house.change(held, 'held', 'certificateHold');
  const request = house.request([held, good, neverIssued(), held]);
  const { responses, extensions } = await house.ask(request);
  t.strictSame(
    responses.map(({ status }) => [status.kind, status.kind === 'revoked' && status.revokedAt.getTime()]),
    [
      ['revoked', NOON.getTime()],
      ['good', false],
      ['revoked', 0],
      ['revoked', NOON.getTime()],
    ],
  );
  t.ok(extensions.has(CE.ocspExtendedRevoke));
});

for (const octets of [1, 32, 128]) {
  t.test(`echoes a nonce of ${octets} octets`, async (t) => {
    const house = await FixtureOcsp.create();
    const nonce = Buffer.alloc(octets, 0xa5);
    const request = house.request([await house.issue()], { extensions: [nonceExtension(nonce)] });
    const { extensions } = await house.ask(request);
    t.strictSame(parseNonce(extensions.get(CE.ocspNonce)!.value), nonce);
  });
}

t.test('answers a signed request', async (t) => {
  const house = await FixtureOcsp.create();
  const certId = encodeCertId('sha256', house.bronze.certificate, (await house.issue()).serialNumber);
  const tbs = asn1.sequence(
    asn1.explicit(1, asn1.explicit(4, asn1.sequence())),
    asn1.sequence(asn1.sequence(certId)),
  );
  const signature = asn1.sequence(
    asn1.sequence(asn1.oid('1.2.840.10045.4.3.2')),
    asn1.bitString(Buffer.alloc(70)),
  );
  const { responses } = await house.ask(asn1.sequence(tbs, asn1.explicit(0, signature)));
  t.equal(responses[0].status.kind, 'good');
});

t.test('answers malformedRequest to what is not a request', async (t) => {
  const house = await FixtureOcsp.create();
  const request = house.request([neverIssued()]);
  for (const bytes of [Buffer.alloc(0), Buffer.from('junk'), Buffer.concat([request, Buffer.from([0])])]) {
    t.match(await house.responder.respond(bytes), {
      status: 'malformedRequest',
      body: Buffer.from('30030a0101', 'hex'),
    });
  }
  t.strictSame(house.faults, [], 'which is no fault of ours');
});

t.test('answers malformedRequest to a nonce of 0 octets', async (t) => {
  const house = await FixtureOcsp.create();
  const request = house.request([neverIssued()], { extensions: [nonceExtension(Buffer.alloc(0))] });
  t.equal((await house.responder.respond(request)).status, 'malformedRequest');
});

t.test('is not authorized to answer for a foreign issuer', async (t) => {
  const [house, other] = [await FixtureOcsp.create(), await FixtureOcsp.create()];
  const certificate = await house.issue();
  const issuer = other.bronze.certificate;
  const body = Buffer.from('30030a0106', 'hex');
  t.match(await house.responder.respond(house.request([certificate], { issuer })), {
    status: 'unauthorized',
    body,
  });
});

t.test(
  'is not authorized when one of several issuers is foreign, or when they are two of its own',
  async (t) => {
    const [house, other] = [await FixtureOcsp.create(), await FixtureOcsp.create()];
    const { serialNumber } = await house.issue();
    const certIdOf = (issuer: typeof house.bronze) =>
      encodeCertId('sha256', issuer.certificate, serialNumber);
    for (const issuer of [other.bronze, house.silver]) {
      for (const certIds of [
        [certIdOf(house.bronze), certIdOf(issuer)],
        [certIdOf(issuer), certIdOf(house.bronze)],
      ]) {
        t.equal((await house.responder.respond(encodeOcspRequest(certIds))).status, 'unauthorized');
      }
    }
  },
);

t.test('is not authorized when a CertID hashes with a digest that is not known', async (t) => {
  const house = await FixtureOcsp.create();
  const md5 = asn1.sequence(asn1.oid('1.2.840.113549.2.5'), asn1.NULL);
  const certId = asn1.sequence(
    md5,
    asn1.octetString(Buffer.alloc(16)),
    asn1.octetString(Buffer.alloc(16)),
    asn1.integer(1),
  );
  t.equal((await house.responder.respond(encodeOcspRequest([certId]))).status, 'unauthorized');
});

t.test('answers at the place of one authority for that one only', async (t) => {
  const house = await FixtureOcsp.create();
  const request = house.request([await house.issue()]);
  t.equal((await house.responder.respond(request, 'bronze')).status, 'successful');
  t.equal((await house.responder.respond(request, 'silver')).status, 'unauthorized');
  t.ok(house.responder.hosts('silver'));
  t.notOk(house.responder.hosts('platinum'));
});

t.test('lets a copy be kept of a plain answer about one certificate that was issued', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  house.clock.advanceSeconds(10);
  const { cacheable } = await house.responder.respond(house.request([certificate]));
  const nextUpdate = new Date(NOON.getTime() + 600_000);
  t.match(cacheable, {
    thisUpdate: NOON,
    nextUpdate,
    maxAgeSeconds: 590,
    etag: /^[0-9a-f]{40}$/,
    comparableByDate: true,
  });
  await house.change(certificate, 'revoked', 'superseded');
  const revoked = await house.responder.respond(house.request([certificate]));
  t.match(revoked.cacheable, { comparableByDate: false });
  t.not(revoked.cacheable?.etag, cacheable?.etag);
});

t.test('lets no copy be kept of any other', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const requests = {
    nonce: house.request([certificate], { extensions: [NONCE] }),
    several: house.request([certificate, certificate]),
    neverIssued: house.request([neverIssued()]),
    malformed: Buffer.alloc(3),
    unauthorized: house.request([certificate], { issuer: (await FixtureOcsp.create()).bronze.certificate }),
  };
  for (const [name, request] of Object.entries(requests)) {
    t.equal((await house.responder.respond(request)).cacheable, undefined, name);
  }
});

t.test(
  'answers for an issuer that was certified anew, whichever encoding of its name is hashed',
  async (t) => {
    const house = await FixtureOcsp.create();
    const { id, signer, certificate, responder } = house.bronze;
    const subject: NameTemplate = [
      { type: AT.countryName, value: 'IR' },
      { type: AT.commonName, value: 'Fixture bronze CA', form: 'printable' },
    ];
    const again = await fixtureCertificate({ ...authorityTemplate('', signer), subject }, { signer });
    t.notSame(again.subject.bytes, certificate.subject.bytes);
    const hosted = { id, issuerCertificates: [certificate, again] as const, credentials: [responder] };
    const both = responderOf(house, [hosted]);
    const issued = await house.issue();
    for (const issuer of [certificate, again]) {
      const { body } = await both.respond(house.request([issued], { issuer }));
      t.equal(readVerified(body, certificate).responses[0].status.kind, 'good');
    }
  },
);

t.test('does not start with two authorities of the same name and key', async (t) => {
  const house = await FixtureOcsp.create();
  const { certificate, responder } = house.bronze;
  const authorities = ['bronze', 'silver'].map((id) => ({
    id,
    issuerCertificates: [certificate] as const,
    credentials: [responder],
  }));
  t.throws(() => responderOf(house, authorities), { code: 'authority-unknown' });
});

t.test('does not start for an authority whose status is not followed', async (t) => {
  const house = await FixtureOcsp.create();
  const { certificate, responder } = house.bronze;
  const platinum = { id: 'platinum', issuerCertificates: [certificate] as const, credentials: [responder] };
  t.throws(() => responderOf(house, [platinum]), { code: 'authority-unknown' });
});

t.test('does not start with a validity that leaves no time to travel', async (t) => {
  await t.rejects(FixtureOcsp.create({ validitySeconds: 119 }), { code: 'setting-out-of-range' });
  await t.resolves(FixtureOcsp.create({ validitySeconds: 120 }));
});

function responderOf(house: FixtureOcsp, authorities: HostedAuthority[]): OcspResponder {
  return new OcspResponder({
    authorities,
    status: house.follower,
    clock: house.clock,
    onFault: () => undefined,
  });
}
