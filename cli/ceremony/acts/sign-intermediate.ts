import { signIntermediate } from '../../../ca/ceremony/sign-intermediate.ts';
import { certificateFacts } from '../../../ca/ceremony/transcript.ts';
import { encodePem } from '../../../pki/pem.ts';
import type { ActRunner } from '../act-runner.ts';

/** Offline: certifies the key of a request with the root's key. */
export const signIntermediateAct: ActRunner<'sign-intermediate'> = {
  outputs: ({ authority }) => [`${authority.id}.pem`],
  run: async ({ files, keys, now, checkKey, profiles }, act) => {
    const profile = await profiles.read(act.profile);
    const issuer = { id: act.issuer.id, certificate: await files.certificate(act.issuer.certificate) };
    const { certificate, reports } = await signIntermediate({
      profile,
      names: act.names,
      commonName: act.authority.commonName,
      assuranceLevel: act.authority.assuranceLevel,
      request: await files.certificationRequest(act.request),
      issuer,
      signer: await keys.open('issuer', { reference: act.issuer.key }),
      checkKey,
      validity: act.validity,
      now,
    });
    return {
      contents: [Buffer.from(encodePem('CERTIFICATE', certificate.bytes))],
      certificates: [
        certificateFacts('intermediate', certificate),
        certificateFacts('issuer', issuer.certificate),
      ],
      reports,
    };
  },
};
