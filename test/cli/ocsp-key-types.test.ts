import t from 'tap';

import { parseCertificate } from '../../pki/certificate.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { preferredSignatureAlgorithmsExtension } from '../../pki/ocsp-extensions.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import type { KeyType } from '../../pki/key-type.ts';
import { onPostgres } from '../support/both-databases.ts';
import { readVerified } from '../support/fixture-ocsp.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

t.test('each CA has a responder of each key type, and another when one is blocked', async (t) => {
  await onPostgres(t, async (t, { opened }) => {
    const dataDirectory = temporaryFolder(t);
    const open = (ocspKeyTypes: readonly KeyType[]) =>
      openTestService({ opened, dataDirectory, ocspKeyTypes });
    const first = await open(['rsa-2048', 'p-256']);
    const before = await respondersOf(first);
    t.equal(before.filter(({ authorityId }) => authorityId === 'bronze').length, 2);
    t.equal(await answeredWith(first), 'rsa-sha256', 'the first answers whoever prefers none');
    t.equal(await answeredWith(first, 'rsa-sha256'), 'rsa-sha256');
    t.equal(await answeredWith(first, 'ecdsa-sha256'), 'ecdsa-sha256');
    const rsa = before.find(
      ({ authorityId, certificate }) =>
        authorityId === 'bronze' && certificate.subjectPublicKeyInfo.length > 200,
    )!;
    await revoke(first, rsa.certificate.serialNumber);
    await first.house.services.readiness.ocsp();
    t.equal(await answeredWith(first), 'ecdsa-sha256', 'the blocked one signs nothing more');
    await first.close();

    const second = await open(['rsa-2048', 'p-256']);
    t.equal(await answeredWith(second), 'rsa-sha256');
    const after = await respondersOf(second);
    t.notOk(after.some(({ certificate }) => certificate.bytes.equals(rsa.certificate.bytes)));
    t.equal(after.length, before.length, 'a new one has come in its place, and no other');
    await second.close();
  });
});

type Service = Awaited<ReturnType<typeof openTestService>>;

async function respondersOf({ house, clock }: Service) {
  const { database, authorities } = house.stores;
  const records = await database.transaction((tx) => authorities.listResponders(tx, clock.now()));
  return records.map(({ authorityId, certificate }) => ({
    authorityId,
    certificate: parseCertificate(certificate),
  }));
}

async function answeredWith(
  { house }: Service,
  wanted?: SignatureAlgorithmName,
): Promise<string | undefined> {
  const issuer = house.hierarchy.certificates.get('bronze')!;
  const certId = encodeCertId('sha256', issuer, Buffer.alloc(16, 7));
  const preferred = wanted && [{ signatureAlgorithm: signatureAlgorithmIdentifier(wanted) }];
  const extensions = preferred ? [preferredSignatureAlgorithmsExtension(preferred)] : [];
  const { body } = await house.services.ocspResponder.respond(encodeOcspRequest([certId], extensions));
  const { signatureAlgorithm } = readVerified(body, issuer);
  return (['rsa-sha256', 'ecdsa-sha256'] as const).find((name) =>
    signatureAlgorithmIdentifier(name).equals(signatureAlgorithm),
  );
}

async function revoke({ house, clock }: Service, serialNumber: Buffer): Promise<void> {
  const { database, statuses } = house.stores;
  await database.transaction(async (tx) => {
    await statuses.lockAndRead(tx, 'bronze', serialNumber);
    await statuses.append(tx, {
      authorityId: 'bronze',
      serialNumber,
      event: 'revoked',
      reason: 'keyCompromise',
      effectiveAt: clock.now(),
      requestedBy: 'test',
    });
  });
}
