import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import { certificateFingerprint } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { CE } from '../../pki/oid.ts';
import { FixtureOcsp, NOON, neverIssued } from '../support/fixture-ocsp.ts';

// An independent reader of every octet that we write: each answer is decoded and encoded again by another's code.

const GOOD = 0;
const REVOKED = 1;

t.test(
  'pkijs reads each kind of answer, encodes it to the same octets and verifies the signature',
  async (t) => {
    const house = await FixtureOcsp.create();
    const [good, held, revoked] = [await house.issue(), await house.issue(), await house.issue()];
    await house.change(held, 'held', 'certificateHold');
    await house.change(revoked, 'revoked', 'unspecified');
    const nonce = Buffer.alloc(32, 7);
    for (const extensions of [[], [nonceExtension(nonce)]]) {
      const request = house.request([good, held, revoked, neverIssued()], {
        hashAlgorithm: 'sha1',
        extensions,
      });
      const { response, basic } = readAgain((await house.responder.respond(request)).body);
      t.equal(response.responseStatus.valueBlock.valueDec, 0);
      t.equal(await basic.verify({ trustedCerts: [pkijsCertificate(house.bronze.certificate)] }), true);
      t.equal(basic.tbsResponseData.producedAt.getTime(), NOON.getTime());
      t.strictSame(
        await Promise.all([good, held, revoked].map((one) => statusOf(basic, one, house.bronze.certificate))),
        [GOOD, REVOKED, REVOKED],
      );
      const found = basic.tbsResponseData.responseExtensions?.map(({ extnID }) => extnID) ?? [];
      t.strictSame(found, [...(extensions.length > 0 ? [CE.ocspNonce] : []), CE.ocspExtendedRevoke]);
    }
  },
);

t.test('pkijs finds the certificate hash where gematik looks for it', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const { basic } = readAgain((await house.responder.respond(house.request([certificate]))).body);
  const [single] = basic.tbsResponseData.responses;
  const certHash = single.singleExtensions?.find(({ extnID }) => extnID === CE.certHash);
  const { result } = asn1js.fromBER(certHash!.extnValue.valueBlock.valueHexView);
  const [, hash] = (result as asn1js.Sequence).valueBlock.value as [asn1js.Sequence, asn1js.OctetString];
  t.strictSame(Buffer.from(hash.valueBlock.valueHexView), certificateFingerprint(certificate));
});

t.test('pkijs reads an error', async (t) => {
  const house = await FixtureOcsp.create();
  const { body } = await house.responder.respond(Buffer.from('junk'));
  const response = pkijs.OCSPResponse.fromBER(body);
  t.equal(response.responseStatus.valueBlock.valueDec, 1);
  t.equal(response.responseBytes, undefined);
});

t.test('a request that pkijs wrote is answered', async (t) => {
  const house = await FixtureOcsp.create();
  const certificate = await house.issue();
  const request = new pkijs.OCSPRequest();
  await request.createForCertificate(pkijsCertificate(certificate), {
    hashAlgorithm: 'SHA-256',
    issuerCertificate: pkijsCertificate(house.bronze.certificate),
  });
  const { responses } = await house.ask(Buffer.from(request.toSchema(true).toBER()));
  t.equal(responses[0].status.kind, 'good');
});

/** Decodes an answer down to its last element, requires that encoding it again gives the same octets, and reads it. */
function readAgain(body: Buffer): { response: pkijs.OCSPResponse; basic: pkijs.BasicOCSPResponse } {
  const response = pkijs.OCSPResponse.fromBER(body);
  const inner = Buffer.from(response.responseBytes!.response.valueBlock.valueHexView);
  for (const octets of [body, inner]) {
    const { result, offset } = asn1js.fromBER(octets);
    if (offset !== octets.length || !Buffer.from(result.toBER()).equals(octets))
      throw new Error('another encoding');
  }
  return { response, basic: pkijs.BasicOCSPResponse.fromBER(inner) };
}

function pkijsCertificate({ bytes }: Certificate): pkijs.Certificate {
  return pkijs.Certificate.fromBER(bytes);
}

async function statusOf(
  basic: pkijs.BasicOCSPResponse,
  certificate: Certificate,
  issuer: Certificate,
): Promise<number> {
  const { isForCertificate, status } = await basic.getCertificateStatus(
    pkijsCertificate(certificate),
    pkijsCertificate(issuer),
  );
  return isForCertificate ? status : -1;
}
