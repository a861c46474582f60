import type { Certificate } from '../../pki/certificate.ts';
import type { AndroidStatusList } from './android-status-list.ts';

/** What a deployment asks of devices. */
export interface AttestationPolicy {
  /** Absent: no Android key counts. */
  android?: AndroidPolicy;
  /** Absent: no iOS key counts. */
  apple?: ApplePolicy;
}

export interface AndroidPolicy {
  /** Trust anchors: their keys and names, as RFC 5280 §6.1.1 takes them. */
  roots: readonly Certificate[];
  /** The deployment's own app, which alone may have had the key made. */
  apps: readonly AndroidApp[];
  /** `YYYYMM`; absent: any. */
  patchLevelMin?: number;
  /** What the manufacturer has withdrawn. `outdated`: nothing counts. `not-asked`: for keys that were judged before. */
  statuses: AndroidStatusList | 'outdated' | 'not-asked';
}

export interface AndroidApp {
  packageName: string;
  /** SHA-256 of its signing certificates. */
  signerSha256: readonly Buffer[];
}

export interface ApplePolicy {
  roots: readonly Certificate[];
  /** `<team>.<bundle>` of the deployment's own app. */
  appIds: readonly string[];
}
