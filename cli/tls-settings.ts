import { resolve } from 'node:path';

/** TLS of the service itself, for officers and their client certificates; what relying parties fetch stays on http. */
export interface TlsSettings {
  tls?: {
    /** PEM, the certificate and what is between it and its root. */
    certificateFile: string;
    /** PEM. */
    keyFile: string;
    port: number;
  };
}

/** Rows of `SETTINGS`. */
export const TLS_SETTINGS = {
  tlsCertificate: {
    flag: 'tls-certificate',
    variable: 'MOHR_TLS_CERTIFICATE',
    fallback: '(none)',
    meaning:
      'file with the chain of a TLS certificate, PEM: with the key, the service listens with TLS too, and officers may sign in with their certificates',
  },
  tlsKey: {
    flag: 'tls-key',
    variable: 'MOHR_TLS_KEY',
    fallback: '(none)',
    meaning: 'file with its key, PEM',
  },
  tlsPort: {
    flag: 'tls-port',
    variable: 'MOHR_TLS_PORT',
    fallback: '8443',
    meaning: 'port to listen on with TLS',
  },
} as const;

export interface TlsSettingsSource {
  text(name: keyof typeof TLS_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof TLS_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readTlsSettings({ text, where }: TlsSettingsSource, faults: string[]): TlsSettings {
  const [certificateFile, keyFile] = [text('tlsCertificate'), text('tlsKey')];
  const portText = text('tlsPort') ?? TLS_SETTINGS.tlsPort.fallback;
  const port = /^[0-9]{1,5}$/.test(portText) ? Number(portText) : NaN;
  if (!(port >= 1 && port <= 65535))
    faults.push(`${where('tlsPort')}: "${portText}" is not a port, expected 1 to 65535`);
  if (certificateFile === undefined && keyFile === undefined) return {};
  if (certificateFile === undefined || keyFile === undefined) {
    faults.push(`${where('tlsCertificate')} and ${where('tlsKey')}: one without the other`);
    return {};
  }
  return { tls: { certificateFile: resolve(certificateFile), keyFile: resolve(keyFile), port } };
}
