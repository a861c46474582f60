import { resolve } from 'node:path';

/** How phones get and renew their certificates. */
export interface EnrolmentSettings {
  /** What is asked of the hardware of phones; absent: no key counts as held by hardware. */
  attestationFile?: string;
  /** Whether a certificate is renewed over TLS with itself and no signature (EST simplereenroll). */
  estReenrolment: boolean;
}

/** Rows of `SETTINGS`. */
export const ENROLMENT_SETTINGS = {
  attestationFile: {
    flag: 'attestation-file',
    variable: 'MOHR_ATTESTATION_FILE',
    fallback: '(none)',
    meaning:
      'JSON file with the roots, apps and bounds by which attestations of phone keys are judged (docs/HOLDERS.md); without it no certificate names the policy of phone hardware',
  },
  estReenrolment: {
    flag: 'est-reenrolment',
    variable: 'MOHR_EST_REENROLMENT',
    fallback: 'no',
    meaning:
      'renew over TLS with the certificate alone (EST simplereenroll): the CA then believes the registration authority that the holder was there',
    isSwitch: true,
  },
} as const;

export interface EnrolmentSettingsSource {
  text(name: keyof typeof ENROLMENT_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof ENROLMENT_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readEnrolmentSettings(
  { text, where }: EnrolmentSettingsSource,
  faults: string[],
): EnrolmentSettings {
  const attestationFile = text('attestationFile');
  const reenrolment = text('estReenrolment') ?? ENROLMENT_SETTINGS.estReenrolment.fallback;
  if (reenrolment !== 'yes' && reenrolment !== 'no')
    faults.push(`${where('estReenrolment')}: "${reenrolment}" is neither yes nor no`);
  return {
    ...(attestationFile !== undefined && { attestationFile: resolve(attestationFile) }),
    estReenrolment: reenrolment === 'yes',
  };
}
