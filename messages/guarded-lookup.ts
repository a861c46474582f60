import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * Resolves a name and hands the connection its allowed addresses alone. A check before the connection would not do: between it and
 * the connection's own look-up the name could change (DNS rebinding).
 */
export function onlyTo(isAllowedAddress: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = (addresses ?? []).filter(({ address }) => isAllowedAddress(address));
      const fault =
        error ?? (allowed.length === 0 ? new Error(`${hostname} has no address that may be asked`) : null);
      if (options.all) callback(fault, allowed);
      else callback(fault, allowed[0]?.address ?? '', allowed[0]?.family);
    });
  };
}
