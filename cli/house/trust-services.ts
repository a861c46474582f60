import { augmentationPorts } from '../augmentation/augmentation-ports.ts';
import { ownStatus } from '../augmentation/own-status.ts';
import { certificateExpiries } from '../certificate-expiries.ts';
import { openCsc } from '../csc-house.ts';
import { openDossiers } from '../dossiers/open-dossiers.ts';
import { sealReports } from '../dossiers/seal-reports.ts';
import { talliedSeals } from '../dossiers/tallied-seals.ts';
import { serviceValidators } from '../service-validators.ts';
import { openSigning } from '../signing-house.ts';
import { issuanceLog } from '../transparency/issuance-log.ts';
import type { LogPublisher } from '../transparency/open-log.ts';
import { countedValidations } from '../validation-metrics.ts';
import { houseUnit } from '../tsa/house-unit.ts';
import { openTsa } from '../tsa/open-tsa.ts';
import { recordStamps } from '../tsa/record-stamps.ts';
import type { Certification } from './certification.ts';
import type { Ground } from './ground.ts';
import type { Statuses } from './statuses.ts';

/** Opens the log of this deployment, here or as another process keeps it; told how to have a SHA-256 hash stamped. */
export type OpenLog = (stamp: (hash: Buffer) => Promise<Buffer>) => Promise<LogPublisher>;

/** Opens time stamps, validation with its sealed reports, and signature sessions. */
export async function openTrustServices(
  { options, keys, stores, base, metrics, policies, consoleUrl, vault, watch, closers }: Ground,
  { hierarchy, units, timeStampingUnit }: Certification,
  { ocsp, crls }: Statuses,
  openLogOf: OpenLog,
) {
  const { names, clock } = base;
  const tsa = openTsa({
    ...options,
    unit: timeStampingUnit ?? houseUnit({ house: units, hierarchy, keys }),
    record: recordStamps(base),
    oidArc: names.oidArc,
    registry: metrics.registry,
  });
  closers.unshift(() => tsa.close());
  const log = await openLogOf((hash) => tsa.stamp('sha256', hash));
  certificateExpiries(metrics.registry, () => [
    ...[...hierarchy.certificates].map(([name, certificate]) => ({
      kind: 'authority' as const,
      name,
      certificate,
    })),
    ...ocsp.ownCertificates(),
    ...tsa.ownCertificates(),
  ]);
  const {
    trust,
    revocationSource,
    close: closeValidators,
    ...validators
  } = countedValidations(
    serviceValidators({ ...options, ...policies }, stores, hierarchy, names),
    metrics.registry,
  );
  closers.unshift(() => closeValidators());
  const ports = augmentationPorts({
    timeStamper: tsa,
    tsaUrl: options.tsaUrl,
    clock,
    trust,
    ownStatus: ownStatus({ hierarchy, ocsp: ocsp.responder, crls: crls.cache }),
    source: revocationSource,
  });
  const common = { ...options, ...base, stores, vault, consoleUrl };
  const signing = await openSigning({ ...common, keys, hierarchy, watch, augmentation: ports });
  closers.unshift(() => signing.stop());
  const csc = await openCsc({ ...common, sessions: signing.services.sessions });
  closers.unshift(() => csc.stop());
  const seals = talliedSeals(sealReports({ house: units, hierarchy, keys, ...ports }), {
    ...base,
    ...options,
  });
  closers.unshift(() => seals.close());
  const services = {
    tsa,
    log: stores,
    signing: signing.services,
    csc: csc.services,
    ...validators,
    augmentation: { ...base, ...ports },
    reports: openDossiers({
      validate: validators.validate,
      evidence: ports.material,
      sealer: seals.sealer,
      issuanceLog: issuanceLog(stores, log),
      consoleUrl,
    }),
  };
  return { log, services };
}
