import { makeIntermediateRequest } from '../../../ca/ceremony/make-intermediate-request.ts';
import { nameText } from '../../../pki/name.ts';
import { encodePem } from '../../../pki/pem.ts';
import type { ActRunner } from '../act-runner.ts';

/** Online: makes the key of an issuing CA, which never leaves this machine, and the request that does. */
export const makeIntermediateRequestAct: ActRunner<'make-intermediate-request'> = {
  outputs: ({ authority }) => [`${authority.id}.request.pem`],
  run: async ({ keys, now, checkKey, profiles }, act) => {
    const profile = await profiles.read(act.profile);
    const request = await makeIntermediateRequest({
      profile,
      names: act.names,
      commonName: act.authority.commonName,
      signer: await keys.open('intermediate', act.key),
      checkKey,
      now,
    });
    return {
      contents: [Buffer.from(encodePem('CERTIFICATE REQUEST', request.bytes))],
      certificates: [],
      facts: { 'request for': nameText(request.subject) },
    };
  },
};
