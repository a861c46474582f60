import type { SignatureReport } from '../client/validation-report.ts';

/** What to do about a signature that does not hold. */
export type Advice = 'document' | 'later' | 'changed' | 'blocked' | 'stranger' | 'prescription' | 'other';

/** The first that a reason belongs to is what to do: what can be mended at once comes first. */
const ADVICE: readonly [Advice, RegExp][] = [
  ['document', /^content-missing$/],
  [
    'changed',
    /^(content-(digest-differs|differs-.*|not-covered)|signature-wrong|pdf-.*|attributes-stripped|signed-part-moved)$/,
  ],
  [
    'blocked',
    /^(certificate-(revoked|on-hold|expired).*|signed-during-hold.*|compromise-.*|licence-not-active.*|issuer-revoked.*)$/,
  ],
  ['prescription', /^(prescri.*|profession-may-not-prescribe)$/],
  [
    'stranger',
    /^(chain-.*|signing-certificate-(missing|differs)|certificate-signature-wrong|status-never-issued)$/,
  ],
  ['later', /^(status|licence)-unavailable$/],
];

/** Undefined for a signature that holds. */
export function adviceOn({
  indication,
  reasons,
}: Pick<SignatureReport, 'indication' | 'reasons'>): Advice | undefined {
  if (indication === 'TOTAL-PASSED') return undefined;
  const fits = ([, codes]: (typeof ADVICE)[number]) => reasons.some(({ code }) => codes.test(code));
  return ADVICE.find(fits)?.[0] ?? 'other';
}
