import type { ActOf } from '../../../ca/ceremony/act.ts';
import { makeRootCrl } from '../../../ca/ceremony/root-crl.ts';
import { certificateFacts } from '../../../ca/ceremony/transcript.ts';
import type { RevokedCertificate } from '../../../pki/crl-entry.ts';
import type { ActRunner } from '../act-runner.ts';
import { crlFacts } from './crl-facts.ts';

/** Offline: signs the next CRL of the root. */
export const rootCrlAct: ActRunner<'root-crl'> = {
  // DER, as relying parties fetch it (RFC 5280 §4.2.1.13).
  outputs: ({ issuer, crlNumber }) => [`${issuer.id}-${crlNumber}.crl`],
  run: async ({ files, keys, now }, act) => {
    const issuer = await files.certificate(act.issuer.certificate);
    const { list, reports } = await makeRootCrl({
      issuer,
      signer: await keys.open('issuer', { reference: act.issuer.key }),
      crlNumber: act.crlNumber,
      validity: act.validity,
      previous: act.previous && (await files.certificateList(act.previous)),
      revoke: (act.revoke ?? []).map(revokedCertificate),
      now,
    });
    return {
      contents: [list.bytes],
      certificates: [certificateFacts('issuer', issuer)],
      reports,
      facts: crlFacts(list),
    };
  },
};

function revokedCertificate(entry: NonNullable<ActOf<'root-crl'>['revoke']>[number]): RevokedCertificate {
  return {
    serialNumber: Buffer.from(entry.serialNumber, 'hex'),
    revokedAt: new Date(entry.revokedAt),
    reason: entry.reason,
    ...(entry.invalidityDate !== undefined && { invalidityDate: new Date(entry.invalidityDate) }),
  };
}
