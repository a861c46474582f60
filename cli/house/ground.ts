import { join } from 'node:path';

import { WebAuthnCeremony } from '../../passkeys/web-authn-ceremony.ts';
import { loadAlgorithmPolicy } from '../algorithm-policy-file.ts';
import { consoleUrlOf, relyingPartyOf } from '../console-url.ts';
import { countedEvents } from '../counted-events.ts';
import { evaluationNames } from '../deployment-names.ts';
import { loadDeploymentProfiles } from '../deployment-profiles.ts';
import { openEvidenceVault } from '../evidence-vault.ts';
import { InterruptedIssuance } from '../interrupted-issuance.ts';
import { KeyStore } from '../key-store.ts';
import { openMetrics } from '../metrics.ts';
import { poolMetrics } from '../pool-metrics.ts';
import { openStores } from '../stores.ts';
import type { Closers } from '../until-stopped.ts';
import { loadValidationPolicy } from '../validation-policy-file.ts';
import { watchJobs } from '../watched-jobs.ts';
import type { HouseOptions } from './house-options.ts';

/** What every room of a house stands on. */
export type Ground = Awaited<ReturnType<typeof layGround>>;

/** Opens the key folder, the stores and what a deployment has in files; what has to be closed goes to `closers`. */
export async function layGround(options: HouseOptions, closers: Closers) {
  const { clock, logger, publicUrl, dataDirectory } = options;
  const keys = await KeyStore.open(join(dataDirectory, 'keys'), options);
  closers.unshift(() => keys.close());
  const metrics = await openMetrics(options);
  poolMetrics(metrics.registry, options.opened.pool);
  const opened = openStores(options.opened);
  const stores = { ...opened, audit: countedEvents(opened.audit, metrics.registry) };
  const profiles = await loadDeploymentProfiles(dataDirectory);
  const policies = {
    algorithms: await loadAlgorithmPolicy(dataDirectory),
    policyFile: await loadValidationPolicy(dataDirectory),
  };
  const { consoleUrl = consoleUrlOf(publicUrl) } = options;
  const base = {
    ...stores,
    transactions: stores.database,
    profiles,
    names: evaluationNames(publicUrl),
    clock,
    passkeyCeremony: new WebAuthnCeremony(relyingPartyOf(consoleUrl)),
  };
  return {
    options,
    closers,
    keys,
    metrics,
    watch: watchJobs(metrics.registry, clock),
    stores,
    base,
    policies,
    consoleUrl,
    vault: openEvidenceVault(options),
    interrupted: new InterruptedIssuance(logger),
  };
}
