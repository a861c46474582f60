import type { TlsListener } from '../api/tls-listener.ts';
import { encodePem } from '../pki/pem.ts';
import type { Hierarchy } from './open-authorities.ts';
import { readInputFile } from './read-input-file.ts';
import type { TlsSettings } from './tls-settings.ts';

/** What the TLS listener shows, and whose client certificates it lets through to be looked at. */
export async function readTls(
  { certificateFile, keyFile }: NonNullable<TlsSettings['tls']>,
  { certificates }: Pick<Hierarchy, 'certificates'>,
): Promise<TlsListener> {
  return {
    cert: await readInputFile(certificateFile),
    key: await readInputFile(keyFile),
    ca: [...certificates.values()].map(({ bytes }) => encodePem('CERTIFICATE', bytes)),
  };
}
