import { publicKeyOf } from '../pki/certificate.ts';
import { certificateReferencesOf, refersTo } from '../pki/cms/signing-certificate-reference.ts';
import { verifySignerInfo } from '../pki/cms/verify-signer-info.ts';
import { digestOid } from '../pki/digest-algorithm.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import { parseExtendedKeyUsage } from '../pki/extensions/extended-key-usage.ts';
import { CE, KP } from '../pki/oid.ts';
import { PkiError } from '../pki/pki-error.ts';
import { parseTimeStampToken } from '../pki/tsp/time-stamp-token.ts';
import type { TimeStamper } from './signature-level.ts';
import { SigningError } from './signing-error.ts';
import { stamperOf } from './stamper-of-token.ts';

/**
 * A time stamper whose tokens are read before they are embedded (RFC 3161 §2.2): over this hash, signed by the certificate that they
 * carry and name, which is for time stamps. Rejects with SigningError `time-stamp-missing`.
 */
export function checkedTimeStamper(timeStamper: TimeStamper): TimeStamper {
  return {
    stamp: async (digest, hash) => {
      const token = await timeStamper.stamp(digest, hash);
      const fault = faultOf(token, digest, hash);
      if (fault === undefined) return token;
      throw new SigningError(
        'time-stamp-missing',
        `the time-stamping authority sent a wrong token: ${fault}`,
      );
    },
  };
}

function faultOf(token: Buffer, digest: DigestName, hash: Uint8Array): string | undefined {
  try {
    const { info, signedData } = parseTimeStampToken(token);
    if (info.digestOid !== digestOid(digest) || !info.hash.equals(hash)) return 'it is over another hash';
    const { certificate } = stamperOf(token);
    const [signer] = signedData.signerInfos;
    const { contentType, content } = signedData;
    const { outcome } = verifySignerInfo(
      signer,
      { contentType, content: content! },
      publicKeyOf(certificate),
    );
    if (outcome !== 'valid') return `its signature does not verify (${outcome})`;
    const references = certificateReferencesOf(signer.signedAttributes?.list ?? []);
    if (references.length === 0 || !references.every((reference) => refersTo(reference, certificate)))
      return 'it does not name its certificate';
    const purposes = certificate.extensions.get(CE.extKeyUsage);
    const isForTimeStamps = purposes && parseExtendedKeyUsage(purposes.value).includes(KP.timeStamping);
    return isForTimeStamps ? undefined : 'its certificate is not for time stamps';
  } catch (error) {
    if (error instanceof PkiError || error instanceof SigningError) return error.detail;
    throw error;
  }
}
