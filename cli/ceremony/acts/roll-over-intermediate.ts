import { rollOverIntermediate } from '../../../ca/ceremony/roll-over-intermediate.ts';
import type { ActRunner } from '../act-runner.ts';
import { importOutcome, importedCertificate } from './imported-certificate.ts';

/** Online: takes the next key generation of an issuing CA into the deployment. */
export const rollOverIntermediateAct: ActRunner<'roll-over-intermediate'> = {
  outputs: () => [],
  run: async (context, act) => {
    const inputs = await importedCertificate(context, act);
    const { predecessor } = act;
    const reports = await context.online(act.authority.id, (house) =>
      rollOverIntermediate(house, { ...inputs, predecessor }),
    );
    const outcome = importOutcome(inputs, reports);
    return { ...outcome, facts: { ...outcome.facts, succeeds: predecessor } };
  },
};
