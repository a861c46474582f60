import { addDuration, parseDuration } from '../../../core/duration.ts';
import { certificateKind } from '../certificate-kind.ts';
import type { CertificateKind } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** People and OCSP responders; time stamps outlive their signers' cards, so their units may. */
export const LONGEST_LIVES: Partial<
  Record<CertificateKind, { text: string; duration: ReturnType<typeof parseDuration> }>
> = {
  signing: { text: 'three years', duration: parseDuration('P3Y') },
  authentication: { text: 'three years', duration: parseDuration('P3Y') },
  officer: { text: 'three years', duration: parseDuration('P3Y') },
  'ocsp-responder': { text: 'a year', duration: parseDuration('P1Y') },
};

/** A card's certificate lasts three years at most, a delegated responder's, which nobody can revoke, one. */
export const leafLifetime: CertificateLint = {
  id: 'leaf-lifetime',
  source: 'practice statement: validity',
  check({ certificate }) {
    const longest = LONGEST_LIVES[certificateKind(certificate)];
    if (!longest) return 'not-applicable';
    // notAfter is the last second inside the period (RFC 5280 §4.1.2.5).
    const limit = addDuration(certificate.notBefore, longest.duration).getTime() - 1000;
    return certificate.notAfter.getTime() <= limit ? 'pass' : error(`valid for longer than ${longest.text}`);
  },
};
