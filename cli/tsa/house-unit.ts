import { ensureTimeStampingUnit } from '../../ca/issue/ensure-time-stamping-unit.ts';
import type { TimeStampingHouse } from '../../ca/issue/ensure-time-stamping-unit.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { TimeStampingUnit } from '../../tsa/time-stamping-unit.ts';
import { chainBelowRoot } from '../chain-below-root.ts';
import type { KeyStore } from '../key-store.ts';
import type { Hierarchy } from '../open-authorities.ts';
import { SERVICE } from '../service-actor.ts';

export interface HouseUnitOptions {
  house: Omit<TimeStampingHouse, 'onOverdue'>;
  hierarchy: Hierarchy;
  keys: Pick<KeyStore, 'openSigner'>;
}

/** The unit of a service that has the CAs too: certified by them, when the first stamp is asked for and again each year. */
export function houseUnit({ house, hierarchy, keys }: HouseUnitOptions) {
  return async (onOverdue: (cause: unknown) => void): Promise<TimeStampingUnit> => {
    const record = await ensureTimeStampingUnit({ ...house, onOverdue }, SERVICE);
    return {
      signer: await keys.openSigner(record.keyReference),
      certificate: parseCertificate(record.certificate),
      chain: chainBelowRoot(hierarchy, record.authorityId),
    };
  };
}
