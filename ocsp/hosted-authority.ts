import type { Certificate } from '../pki/certificate.ts';
import type { Extension } from '../pki/extension.ts';
import { archiveCutoffExtension } from '../pki/ocsp-extensions.ts';
import { openResponderKey } from './responder-key.ts';
import type { ResponderCredential, ResponderKey } from './responder-key.ts';
import type { StatusIndex } from './status-index.ts';
import type { StatusView } from './status-view.ts';

/** An authority to answer for, as it is configured. */
export interface HostedAuthority {
  id: string;
  /** Certificates of the issuer's one key; several when it was certified anew. */
  issuerCertificates: readonly [Certificate, ...Certificate[]];
  /** Keys that answer for it: the preferred algorithm first, of one algorithm the newest certificate first. */
  credentials: readonly ResponderCredential[];
  /** Since when the status of expired certificates is known; by default since the issuer's first notBefore: of all. */
  archiveCutoff?: Date;
}

/** A hosted authority, ready to answer. */
export interface AnsweringAuthority {
  readonly id: string;
  readonly issuerCertificates: readonly Certificate[];
  readonly index: StatusIndex;
  readonly archiveCutoff: Extension;
  /** Replaced as a whole when responder certificates roll over. */
  keys: readonly ResponderKey[];
}

/** Throws OcspError `authority-unknown` when its status is not followed, `responder-not-authorized` for a wrong credential. */
export function openAuthority(hosted: HostedAuthority, status: StatusView): AnsweringAuthority {
  const { id, issuerCertificates } = hosted;
  const firstNotBefore = new Date(
    Math.min(...issuerCertificates.map(({ notBefore }) => notBefore.getTime())),
  );
  return {
    id,
    issuerCertificates,
    index: status.indexOf(id),
    archiveCutoff: archiveCutoffExtension(hosted.archiveCutoff ?? firstNotBefore),
    keys: hosted.credentials.map((credential) => openResponderKey(credential, issuerCertificates)),
  };
}

/** Replaces the keys between two answers; those that stay keep what they have prepared. Throws as `openAuthority` does. */
export function replaceKeys(
  authority: AnsweringAuthority,
  credentials: readonly ResponderCredential[],
): void {
  const { keys, issuerCertificates } = authority;
  authority.keys = credentials.map(
    (credential) =>
      keys.find(
        (key) =>
          key.signer === credential.signer && key.certificate.bytes.equals(credential.certificate.bytes),
      ) ?? openResponderKey(credential, issuerCertificates),
  );
}
