import { importCertificate } from '../../../ca/ceremony/import-certificate.ts';
import type { ActRunner } from '../act-runner.ts';
import { importOutcome, importedCertificate } from './imported-certificate.ts';

/** CRLs of an issuing CA are cut into as many shards as DOMAIN says, unless the act says otherwise. */
const CRL_SHARDS = 16;

/** Online: takes a new issuing CA into the deployment. */
export const importCertificateAct: ActRunner<'import-certificate'> = {
  outputs: () => [],
  run: async (context, act) => {
    const { crlShards = CRL_SHARDS, profiles } = act.authority;
    const inputs = await importedCertificate(context, act);
    const knownProfiles = await context.profiles.deployment();
    const reports = await context.online(act.authority.id, (house) =>
      importCertificate(house, { ...inputs, crlShards, profiles, knownProfiles }),
    );
    return importOutcome(inputs, reports);
  },
};
