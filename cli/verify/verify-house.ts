import { readFile } from 'node:fs/promises';

import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import type { ValidationRecords } from '../../validation/batch/validation-records.ts';
import { loadAlgorithmPolicy } from '../algorithm-policy-file.ts';
import { evaluationNames } from '../deployment-names.ts';
import { withStores } from '../open-database.ts';
import { readHierarchy } from '../open-authorities.ts';
import { trustedAuthorities } from '../service-validators.ts';
import type { Settings } from '../settings.ts';
import { loadValidationPolicy } from '../validation-policy-file.ts';
import { ValidationWorkers } from '../validation-workers/validation-workers.ts';
import { VerifyError } from './verify-error.ts';

export interface VerifyHouse {
  settings: Settings;
  /** Whom to trust in place of the deployment: a file of certificates, and nothing else is asked. */
  trustFile?: string;
  threads?: number;
}

/** Does work with threads that validate as the service does: by the deployment's own history, or offline by trusted certificates. */
export async function withVerifyHouse<T>(
  house: VerifyHouse,
  work: (workers: ValidationWorkers) => Promise<T>,
): Promise<T> {
  const { trustFile, settings } = house;
  if (trustFile !== undefined) {
    const anchors = await readCertificates(trustFile);
    return withWorkers(house, { anchors, intermediates: [] }, undefined, work);
  }
  return withStores(settings, async (stores) => {
    const trusted = trustedAuthorities(await readHierarchy(stores));
    return withWorkers(house, trusted, stores.validationRecords, work);
  });
}

async function withWorkers<T>(
  { settings, threads }: VerifyHouse,
  trusted: Record<'anchors' | 'intermediates', readonly Certificate[]>,
  records: ValidationRecords | undefined,
  work: (workers: ValidationWorkers) => Promise<T>,
): Promise<T> {
  const policy = await loadValidationPolicy(settings.dataDirectory);
  const { oidArc, nationalPolicyArc } = evaluationNames(settings.publicUrl);
  const octetsOf = (certificates: readonly Certificate[]) => certificates.map(({ bytes }) => bytes);
  const workers = new ValidationWorkers({
    terms: {
      validator: {
        names: { oidArc, nationalPolicyArc },
        algorithms: await loadAlgorithmPolicy(settings.dataDirectory),
        policyFile: policy?.file,
        // Offline is offline.
        revocationHosts: records ? settings.revocationHosts : [],
      },
      anchors: octetsOf(trusted.anchors),
      intermediates: octetsOf(trusted.intermediates),
      timeStampAnchors: octetsOf(policy?.timeStampAnchors ?? []),
    },
    records,
    ...(threads !== undefined && { threads }),
    onFault: tellOnce(),
  });
  try {
    return await work(workers);
  } finally {
    await workers.close();
  }
}

/** A database that is away is so for a hundred thousand files. */
function tellOnce(): (what: 'status' | 'fetch', detail: string) => void {
  const told = new Set<string>();
  return (what, detail) => {
    if (told.has(what)) return;
    told.add(what);
    process.stderr.write(
      `verify: ${what === 'status' ? 'a status cannot be read' : 'nothing was fetched'}: ${detail}\n`,
    );
  };
}

export async function readCertificates(path: string): Promise<Certificate[]> {
  const text = await readFile(path, 'latin1').catch((cause: unknown) => {
    throw new VerifyError('trust-unreadable', `${path} cannot be read`, { cause });
  });
  const certificates = decodePem(text, ['CERTIFICATE']).map(({ bytes }) => parseCertificate(bytes));
  if (certificates.length === 0)
    throw new VerifyError('trust-unreadable', `${path} has no certificate in PEM`);
  return certificates;
}
