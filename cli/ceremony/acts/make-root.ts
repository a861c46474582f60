import { makeRoot } from '../../../ca/ceremony/make-root.ts';
import { certificateFacts } from '../../../ca/ceremony/transcript.ts';
import { encodePem } from '../../../pki/pem.ts';
import type { ActRunner } from '../act-runner.ts';

/** Offline: makes the root's key and its self-signed certificate. */
export const makeRootAct: ActRunner<'make-root'> = {
  outputs: ({ authority }) => [`${authority.id}.pem`],
  run: async ({ keys, now, checkKey, profiles }, act) => {
    const profile = await profiles.read(act.profile);
    const { certificate, reports } = await makeRoot({
      profile,
      names: act.names,
      commonName: act.authority.commonName,
      signer: await keys.open('root', act.key),
      checkKey,
      validity: act.validity,
      now,
    });
    return {
      contents: [Buffer.from(encodePem('CERTIFICATE', certificate.bytes))],
      certificates: [certificateFacts('root', certificate)],
      reports,
    };
  },
};
