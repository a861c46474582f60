/** Whom validation may ask for the revocation of certificates that are not this deployment's. */
export interface RevocationSettings {
  /** As `host` or `host:port`; empty: nobody is asked. */
  revocationHosts: string[];
}

/** Rows of `SETTINGS`. */
export const REVOCATION_SETTINGS = {
  revocationHosts: {
    flag: 'revocation-hosts',
    variable: 'MOHR_REVOCATION_HOSTS',
    fallback: '(nobody)',
    meaning:
      'hosts, with commas between them, that validation may ask over http for CRLs and OCSP answers of other authorities: `crl.example,ocsp.example:8080`',
  },
} as const;

export interface RevocationSettingsSource {
  text(name: keyof typeof REVOCATION_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof REVOCATION_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readRevocationSettings(
  { text, where }: RevocationSettingsSource,
  faults: string[],
): RevocationSettings {
  const hosts = (text('revocationHosts') ?? '').split(',').map((host) => host.trim());
  const revocationHosts = hosts.filter((host) => host !== '');
  for (const host of revocationHosts) {
    // The last label of a name has letters: addresses in numbers are not asked.
    if (!/^([A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*(:[0-9]{1,5})?$/.test(host))
      faults.push(`${where('revocationHosts')}: "${host}" is no name of a host`);
  }
  return { revocationHosts };
}
