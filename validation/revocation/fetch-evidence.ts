import type { Certificate } from '../../pki/certificate.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { parseAuthorityInfoAccess } from '../../pki/extensions/authority-information-access.ts';
import { parseCrlDistributionPoints } from '../../pki/extensions/crl-distribution-points.ts';
import type { GeneralName } from '../../pki/extensions/general-name.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { CE, PKIX } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { RevocationSource } from './revocation-source.ts';

/** Requests for one path: two certificates with a CRL, a delta and a responder each. */
const FETCHES_MAX = 6;

type Fetch = () => Promise<EmbeddedRevocation | undefined>;

/** Asks the addresses in the certificates of a path below its anchor; like what is embedded, it proves nothing yet. */
export async function fetchEvidence(
  path: readonly Certificate[],
  source: RevocationSource,
): Promise<EmbeddedRevocation[]> {
  const fetches = path
    .slice(0, -1)
    .flatMap((certificate, index) => [
      ...ocspFetches(certificate, path[index + 1], source),
      ...crlFetches(certificate, source),
    ]);
  const fetched = await Promise.all(fetches.slice(0, FETCHES_MAX).map((fetch) => fetch()));
  return fetched.flatMap((one) => one ?? []);
}

function ocspFetches(certificate: Certificate, issuer: Certificate, source: RevocationSource): Fetch[] {
  const access = read(certificate, CE.authorityInfoAccess, parseAuthorityInfoAccess);
  const uris = urisOf(access.flatMap(({ method, location }) => (method === PKIX.ocsp ? [location] : [])));
  // SHA-1, since it is what every responder knows; it only looks the certificate up (RFC 5019 §2.1.1).
  const request = encodeOcspRequest([encodeCertId('sha1', issuer, certificate.serialNumber)]);
  return uris.map((uri) => async () => revocation('ocsp-response', await source.ocsp(uri, request)));
}

function crlFetches(certificate: Certificate, source: RevocationSource): Fetch[] {
  const points = [CE.cRLDistributionPoints, CE.freshestCRL].flatMap((oid) =>
    read(certificate, oid, parseCrlDistributionPoints),
  );
  const uris = urisOf(points.flatMap(({ fullName }) => fullName));
  return uris.map((uri) => async () => revocation('crl', await source.crl(uri)));
}

function revocation(
  kind: EmbeddedRevocation['kind'],
  bytes: Buffer | undefined,
): EmbeddedRevocation | undefined {
  return bytes && { kind, bytes };
}

function urisOf(names: readonly GeneralName[]): string[] {
  return names.flatMap((name) => (name.kind === 'uri' ? [name.value] : []));
}

/** An extension that cannot be read names nobody. */
function read<Item>(certificate: Certificate, oid: string, parse: (value: Buffer) => Item[]): Item[] {
  const extension = certificate.extensions.get(oid);
  try {
    return extension ? parse(extension.value) : [];
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [];
  }
}
