import type { ServiceUnitHouse } from '../../ca/issue/ensure-service-unit.ts';
import { ensureServiceUnit } from '../../ca/issue/ensure-service-unit.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Signer } from '../../keys/signer.ts';
import { augmentJades } from '../../signing/jades/augment-jades.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import type { MaterialSource, TimeStamper } from '../../signing/signature-level.ts';
import type { ReportSealer } from '../../validation/dossier/report-sealer.ts';
import { chainBelowRoot } from '../chain-below-root.ts';
import type { KeyStore } from '../key-store.ts';
import type { Hierarchy } from '../open-authorities.ts';
import { SERVICE } from '../service-actor.ts';

export interface SealOptions {
  house: ServiceUnitHouse;
  hierarchy: Hierarchy;
  keys: Pick<KeyStore, 'openSigner'>;
  timeStamper: TimeStamper;
  material: MaterialSource;
}

interface Seal {
  signer: Signer;
  certificate: Certificate;
  chain: readonly Certificate[];
}

/** A seal whose certificate is revoked seals for no longer than this. */
const SEAL_MILLISECONDS = 3_000;

/**
 * Seals with the service's own key, certified when the first report is asked for: JAdES B-LTA, so that what is sealed can be
 * validated when the key, its certificate and this service are gone.
 */
export function sealReports(options: SealOptions): ReportSealer {
  const { clock } = options.house;
  let known: { until: number; seal: Promise<Seal> } | undefined;
  const current = () => {
    const now = clock.now().getTime();
    if (!known || now >= known.until) known = { until: now + SEAL_MILLISECONDS, seal: openSeal(options) };
    return known.seal;
  };
  return {
    certificate: async () => (await current()).certificate.bytes,
    seal: async (payload) => {
      const seal = await current();
      const signature = await signJades({
        ...seal,
        content: payload,
        serialization: 'flattened',
        signingTime: clock.now(),
        mediaType: 'application/json',
      });
      return augmentJades(signature, { ...options, level: 'B-LTA' });
    },
  };
}

async function openSeal({ house, hierarchy, keys }: SealOptions): Promise<Seal> {
  const record = await ensureServiceUnit(house, 'seal', SERVICE);
  return {
    signer: await keys.openSigner(record.keyReference),
    certificate: parseCertificate(record.certificate),
    chain: chainBelowRoot(hierarchy, record.authorityId),
  };
}
