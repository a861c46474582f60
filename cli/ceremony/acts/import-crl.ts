import { importCrl } from '../../../ca/ceremony/import-crl.ts';
import { crlEntryLints, crlHeadLints } from '../../../ca/lint/crl-lints.ts';
import { runLints } from '../../../ca/lint/lint.ts';
import type { ActRunner } from '../act-runner.ts';
import { crlFacts } from './crl-facts.ts';

/** Online: publishes a CRL that was signed offline. */
export const importCrlAct: ActRunner<'import-crl'> = {
  outputs: () => [],
  run: async ({ files, online, ceremonySha256 }, act) => {
    const list = await files.certificateList(act.crl);
    const issuerId = act.issuer.id;
    const changed = await online(issuerId, (house) => importCrl(house, { issuerId, list, ceremonySha256 }));
    return {
      contents: [],
      certificates: [],
      // A foreign CA's list is published as it is; what the rules find stands in the transcript.
      reports: runLints([...crlHeadLints, ...crlEntryLints], { crl: list }),
      facts: { ...crlFacts(list), 'status changed': changed.join(', ') || 'of none' },
    };
  },
};
