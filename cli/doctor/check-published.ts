import { randomBytes } from 'node:crypto';

import { crlFreshness } from '../../ca/crl/crl-freshness.ts';
import type { CrlHead } from '../../ca/crl/crl-store.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError, errorCode } from '../../core/errors.ts';
import { isCertificateListSignedBy, parseCertificateList } from '../../pki/crl.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import { parseAuthorityInfoAccess } from '../../pki/extensions/authority-information-access.ts';
import type { GeneralName } from '../../pki/extensions/general-name.ts';
import { parseCrlDistributionPoints } from '../../pki/extensions/crl-distribution-points.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { singleResponseOf, verifyOcspResponse } from '../../pki/ocsp-verification.ts';
import { CE, PKIX } from '../../pki/oid.ts';
import type { Examiner } from './diagnosis.ts';

/** What relying parties find in the certificates of an authority. */
export interface Published {
  authorityId: string;
  issuer: Certificate;
  /** One that says where its CRL, its issuer and its OCSP are. */
  example: Certificate;
}

/** The CRLs that are recorded, by their age. */
export function checkCrls(
  heads: readonly CrlHead[],
  clock: Clock,
  intervalSeconds: number,
  examiner: Examiner,
): void {
  if (heads.length === 0)
    examiner.fail('no CRL was published yet', 'start the service: the process that leads issues what is due');
  const late: string[] = [];
  const ended: string[] = [];
  let longest = 0;
  for (const { scope, secondsToNextUpdate, overdueSeconds } of crlFreshness(heads, clock.now(), {
    intervalSeconds,
  })) {
    if (secondsToNextUpdate < 0) {
      ended.push(scope);
      longest = Math.max(longest, -secondsToNextUpdate);
    } else if (overdueSeconds > intervalSeconds / 2 && secondsToNextUpdate < overdueSeconds) late.push(scope);
  }
  // One finding: of a CA that issues nothing every shard ends, and forty lines would hide all others.
  if (ended.length > 0)
    examiner.fail(
      `${ended.length} of ${heads.length} CRLs have ended, up to ${hours(longest)} ago: ${ended.join(', ')}`,
      "the log of the CA's process says why none was issued ('CRL fault'); a CA that is offline needs its ceremony",
    );
  if (late.length > 0)
    examiner.warn(
      `newer CRLs are overdue: ${late.join(', ')}`,
      'is the service running? Its log says why none was issued',
    );
  if (heads.length > ended.length) examiner.ok(`${heads.length - ended.length} CRLs are in force`);
}

/** Every address that certificates name is asked, as a relying party does. */
export async function checkAddresses(
  published: readonly Published[],
  clock: Clock,
  examiner: Examiner,
): Promise<void> {
  for (const { issuer, example } of published) {
    const { crls, issuers } = addressesOf(example);
    for (const url of crls)
      await answersWell(url, examiner, async () => {
        const list = parseCertificateList(await fetched(url));
        if (!isCertificateListSignedBy(list, publicKeyOf(issuer)))
          return 'the CRL there is not signed by its CA';
        if (list.nextUpdate && list.nextUpdate < clock.now()) return 'the CRL there has ended';
        return undefined;
      });
    for (const url of issuers)
      await answersWell(url, examiner, async () =>
        issuer.bytes.equals(await fetched(url))
          ? undefined
          : 'the certificate there is not the CA of this deployment',
      );
  }
}

const NONCE_OCTETS = 32;

/** Since when a responder may know nothing new; at 540 s nodes stop answering. */
const FRESH_SECONDS = { warning: 60, critical: 540 };

/** The status of one certificate of each authority, at the address that it names itself. */
export async function checkOcsp(
  published: readonly Published[],
  clock: Clock,
  examiner: Examiner,
): Promise<void> {
  for (const { authorityId, issuer, example } of published)
    for (const url of addressesOf(example).responders) {
      const { serialNumber } = example;
      // Without a nonce the answer may be one that was kept, and as old as it may be: that says nothing of the node.
      const nonce = nonceExtension(randomBytes(NONCE_OCTETS));
      const request = encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)], [nonce]);
      await answersWell(url, examiner, async () => {
        const response = parseOcspResponse(await fetched(url, request));
        if (response.status !== 'successful') return `it answers ${response.status}`;
        const verification = verifyOcspResponse(response, issuer);
        if (!verification.verified) return 'its answer does not verify';
        const single = singleResponseOf(response, issuer, serialNumber);
        if (!single || single.status.kind === 'unknown')
          return `it does not know a certificate of ${authorityId}`;
        const seconds = Math.round((clock.now().getTime() - single.thisUpdate.getTime()) / 1000);
        if (seconds > FRESH_SECONDS.critical) return `it has known nothing new for ${seconds} s`;
        if (seconds > FRESH_SECONDS.warning)
          examiner.warn(
            `${url} has known nothing new for ${seconds} s`,
            'is its database there? mohr_ocsp_confirmed_age_seconds',
          );
        return undefined;
      });
    }
}

/** What certificates name is in them for as long as they live, and what answers there can be anything. */
export function addressesOf({ extensions }: Certificate): {
  crls: string[];
  issuers: string[];
  responders: string[];
} {
  const points = extensions.get(CE.cRLDistributionPoints);
  const access = extensions.get(CE.authorityInfoAccess);
  const crls = points
    ? parseCrlDistributionPoints(points.value).flatMap(({ fullName }) => fullName.flatMap(uriOf))
    : [];
  const of = (method: string) =>
    access
      ? parseAuthorityInfoAccess(access.value).flatMap((one) =>
          one.method === method ? uriOf(one.location) : [],
        )
      : [];
  return { crls, issuers: of(PKIX.caIssuers), responders: of(PKIX.ocsp) };
}

function uriOf(name: GeneralName): string[] {
  return name.kind === 'uri' && /^https?:/i.test(name.value) ? [name.value] : [];
}

const ADVICE =
  'relying parties find this address in certificates: is the service running there, does the name resolve, does the balancer pass it on (MOHR_PUBLIC_URL)?';

async function answersWell(
  url: string,
  examiner: Examiner,
  ask: () => Promise<string | undefined>,
): Promise<void> {
  try {
    const fault = await ask();
    if (fault === undefined) examiner.ok(`${url} answers`);
    else examiner.fail(`${url}: ${fault}`, ADVICE);
  } catch (error) {
    examiner.fail(`${url}: ${reasonOf(error)}`, ADVICE);
  }
}

const FETCH_MILLISECONDS_MAX = 5_000;
const FETCHED_OCTETS_MAX = 134_217_728;

async function fetched(url: string, request?: Buffer): Promise<Buffer> {
  const post = request && {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: new Uint8Array(request),
  };
  const answer = await fetch(url, { ...post, signal: AbortSignal.timeout(FETCH_MILLISECONDS_MAX) });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new Error(`it answers ${answer.status}`);
  }
  if (Number(answer.headers.get('content-length') ?? 0) > FETCHED_OCTETS_MAX)
    throw new Error('it is too long');
  return Buffer.from(await answer.arrayBuffer());
}

/** Why something could not be fetched, in few words. */
export function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.detail;
  if (!(error instanceof Error)) return 'no answer';
  return errorCode(error.cause) ?? (error.name === 'TimeoutError' ? 'no answer in time' : error.message);
}

function hours(seconds: number): string {
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}
