import { parseSignedData } from '../../pki/cms/signed-data.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { brokenSignature } from '../broken-signature.ts';
import { presentSigner } from '../cades/present-signer.ts';
import { verifySigner } from '../cades/verify-signer.ts';
import type { PresentedSignature } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import type { CryptographicResult } from '../verify-signature.ts';
import type { FoundSignature } from '../../formats/pdf/find-signatures.ts';
import type { SignedRange } from '../../formats/pdf/signed-range.ts';
import { PADES_SUB_FILTER, contentsKindOf } from '../../formats/pdf/contents-kind.ts';

type SigningCertificateReference = Parameters<typeof presentSigner>[2]['signingCertificateReference'];

/** A signature of a PDF by itself: its CMS over the octets that it covers. */
export function presentPdfSignature(
  found: FoundSignature,
  file: Buffer,
  signingCertificateReference: SigningCertificateReference,
): PresentedSignature {
  const { range, fault } = found.coverage;
  if (!range) return unreadable(found, { code: 'pdf-byte-range-wrong', text: fault });
  try {
    const { signedData, signer } = readContents(found);
    const contents = [{ bytes: file.subarray(0, range.end), mediaType: 'application/pdf' }];
    // The document is not copied to say what is signed: the octets are put together when they are hashed.
    const surroundings = { signedData, content: undefined, contents, signingCertificateReference };
    const presented = presentSigner(signer, found.field, surroundings);
    return {
      ...presented,
      ...namedAs(found, presented),
      packaging: 'enveloped',
      verify: (certificate) => verifyOver(found, range, signedData, signer, certificate),
    };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return unreadable(found, { code: 'pdf-signature-malformed', text: error.detail });
  }
}

/** ETSI EN 319 142-1 §6.3: the time stands in the dictionary; older signatures have it in CMS. */
function namedAs(
  { dictionary }: FoundSignature,
  { bindsCertificate, claimedSigningTime }: PresentedSignature,
): Pick<PresentedSignature, 'format' | 'claimedSigningTime'> {
  const isPades = dictionary.subFilter === PADES_SUB_FILTER && bindsCertificate;
  const claimed = dictionary.claimedSigningTime ?? claimedSigningTime;
  return { format: isPades ? 'PAdES' : 'CMS', ...(claimed && { claimedSigningTime: claimed }) };
}

function readContents({ dictionary }: FoundSignature): { signedData: SignedData; signer: SignerInfo } {
  const kind = contentsKindOf(dictionary.subFilter);
  if (!kind) throw new PkiError('cms-malformed', `SubFilter ${dictionary.subFilter ?? 'is missing'}`);
  const signedData = parseSignedData(dictionary.contents?.bytes ?? Buffer.alloc(0));
  const [signer, ...others] = signedData.signerInfos;
  // ETSI EN 319 142-1 §6.3, ISO 32000-2 §12.8.3.3.1: one signer for each signature.
  if (!signer || others.length > 0)
    throw new PkiError('cms-malformed', `${signedData.signerInfos.length} signers, expected one`);
  if ((signedData.content !== undefined) !== (kind === 'cms-sha1'))
    throw new PkiError(
      'cms-malformed',
      `content within CMS does not go with SubFilter ${dictionary.subFilter}`,
    );
  return { signedData, signer };
}

function verifyOver(
  { dictionary }: FoundSignature,
  { parts }: SignedRange,
  signedData: SignedData,
  signer: SignerInfo,
  certificate: Parameters<PresentedSignature['verify']>[0],
): CryptographicResult {
  const { contentType, content: enveloped } = signedData;
  if (contentsKindOf(dictionary.subFilter) !== 'cms-sha1')
    return verifySigner(signer, { contentType, content: Buffer.concat(parts) }, certificate);
  const result = verifySigner(signer, { contentType, content: enveloped }, certificate);
  // The document is bound by SHA-1, whatever CMS does with that hash: SHA-1 is what the policy has to judge.
  const algorithms = result.algorithms && { ...result.algorithms, digest: 'sha1' as const };
  if (enveloped && digest('sha1', ...parts).equals(enveloped))
    return { ...result, ...(algorithms && { algorithms }) };
  const text = 'the document is not what was signed: its SHA-1 differs from the enveloped one';
  return {
    verdict: 'FAILED',
    ...(algorithms && { algorithms }),
    reasons: [{ code: 'content-digest-differs', text }, ...result.reasons],
  };
}

function unreadable({ field, dictionary }: FoundSignature, reason: Reason): PresentedSignature {
  const { subFilter, claimedSigningTime } = dictionary;
  const format = subFilter === PADES_SUB_FILTER ? 'PAdES' : 'CMS';
  const claimed = claimedSigningTime && { claimedSigningTime };
  const broken = brokenSignature({ id: field, format, packaging: 'enveloped', ...claimed }, reason);
  // It is the document's fault, not that of a certificate.
  return { ...broken, signingCertificate: { reasons: [] }, reasons: [reason] };
}
