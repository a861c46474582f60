import type { OcspLint } from './linted-ocsp-response.ts';
import { ocspCertHashWithGood } from './ocsp-rules/ocsp-cert-hash-with-good.ts';
import { ocspCertIdOfIssuer } from './ocsp-rules/ocsp-cert-id-of-issuer.ts';
import { ocspExtendedRevoke } from './ocsp-rules/ocsp-extended-revoke.ts';
import { ocspExtensionsNotCritical } from './ocsp-rules/ocsp-extensions-not-critical.ts';
import { ocspNextUpdatePresent } from './ocsp-rules/ocsp-next-update-present.ts';
import { ocspNonceLength } from './ocsp-rules/ocsp-nonce-length.ts';
import { ocspNotFromFuture } from './ocsp-rules/ocsp-not-from-future.ts';
import { ocspReason } from './ocsp-rules/ocsp-reason.ts';
import { ocspResponderAuthorized } from './ocsp-rules/ocsp-responder-authorized.ts';
import { ocspResponderKeyHash } from './ocsp-rules/ocsp-responder-key-hash.ts';
import { ocspResponderValid } from './ocsp-rules/ocsp-responder-valid.ts';
import { ocspResponsesNotEmpty } from './ocsp-rules/ocsp-responses-not-empty.ts';
import { ocspRevocationPast } from './ocsp-rules/ocsp-revocation-past.ts';
import { ocspSignatureAlgorithmStrong } from './ocsp-rules/ocsp-signature-algorithm-strong.ts';
import { ocspUpdateOrder } from './ocsp-rules/ocsp-update-order.ts';
import { ocspWholeSeconds } from './ocsp-rules/ocsp-whole-seconds.ts';

/** Every rule for OCSP responses. */
export const ocspLints: readonly OcspLint[] = [
  ocspSignatureAlgorithmStrong,
  ocspResponderKeyHash,
  ocspResponderAuthorized,
  ocspResponderValid,
  ocspNotFromFuture,
  ocspResponsesNotEmpty,
  ocspCertIdOfIssuer,
  ocspUpdateOrder,
  ocspNextUpdatePresent,
  ocspWholeSeconds,
  ocspRevocationPast,
  ocspReason,
  ocspExtendedRevoke,
  ocspCertHashWithGood,
  ocspNonceLength,
  ocspExtensionsNotCritical,
];
