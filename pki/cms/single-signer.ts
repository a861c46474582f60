import type { Certificate } from '../certificate.ts';
import { publicKeyOf } from '../certificate.ts';
import * as asn1 from '../der/encode.ts';
import { TAG } from '../der/tag.ts';
import { digest } from '../digest-algorithm.ts';
import { PkiError } from '../pki-error.ts';
import { asReadyDigest } from '../ready-digest.ts';
import { derSetContents } from './der-normal-form.ts';
import { parseSignedData } from './signed-data.ts';
import type { SignerIdentifier, SignerInfo } from './signer-info.ts';
import { certificateReferencesOf, refersTo } from './signing-certificate-reference.ts';
import { signerAlgorithms, verifySignerInfo } from './verify-signer-info.ts';

/** One signature over octets that it envelops. */
export interface SingleSigner {
  content: Buffer;
  /** Names the certificate whose key is said to have signed. */
  sid: SignerIdentifier;
  /** Undefined when that certificate's key signed the content; else what is wrong. */
  faultWith(certificate: Certificate): string | undefined;
  /** SHA-256 values with which the same signature could have been got from that key by whoever may hand it digests. */
  readyDigests(certificate: Certificate): Buffer[];
}

/** Reads an enveloping SignedData with one signer; throws PkiError `cms-malformed`. */
export function readSingleSigner(bytes: Uint8Array): SingleSigner {
  const { contentType, content, signerInfos } = parseSignedData(bytes);
  const [signer, ...more] = signerInfos;
  if (!signer || more.length > 0)
    throw new PkiError('cms-malformed', `${signerInfos.length} signers, expected one`);
  if (!content) throw new PkiError('cms-malformed', 'the signature does not envelop what it signs');
  return {
    content,
    sid: signer.sid,
    faultWith: (certificate) => {
      const { outcome } = verifySignerInfo(signer, { contentType, content }, publicKeyOf(certificate));
      if (outcome !== 'valid') return outcome;
      // ESS binds the signature to one certificate; where it stands, it has to be this one (RFC 5035 §5).
      const references = certificateReferencesOf(signer.signedAttributes?.list ?? []);
      return references.every((reference) => refersTo(reference, certificate))
        ? undefined
        : 'made with another certificate';
    },
    readyDigests: (certificate) => readyDigestsOf(signer, content, certificate),
  };
}

/** Of attributes both forms that verify (RFC 5652 §5.4): as they were sent, and as DER has them. */
function readyDigestsOf(signer: SignerInfo, content: Buffer, certificate: Certificate): Buffer[] {
  const { scheme } = signerAlgorithms(signer);
  if (scheme.digest === null) return [];
  const name = scheme.digest;
  const { signedAttributes } = signer;
  const signed = signedAttributes
    ? [signedAttributes.content, derSetContents(signedAttributes.content)].map((set) =>
        asn1.element(TAG.set, set),
      )
    : [content];
  return signed.flatMap((octets) => asReadyDigest(digest(name, octets), publicKeyOf(certificate)) ?? []);
}
