import type { Clock } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { augmentSignature } from '../../signing/augment-signature.ts';
import { checkedTimeStamper } from '../../signing/checked-time-stamper.ts';
import type { SignatureLevel } from '../../signing/signature-level.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { HttpTimeStamper } from '../augmentation/http-time-stamper.ts';
import { PathMaterialSource } from '../augmentation/path-material-source.ts';
import { HttpRevocationSource } from '../http-revocation-source.ts';

export interface LiftOrder {
  /** As the table of augmentation names it. */
  format: string;
  level: SignatureLevel;
  content: Buffer;
  /** Whom B-T and above is stamped by. */
  tsaUrl: string;
  /** Anchors of the signer's certificate and of the time-stamping authority's. */
  anchors: readonly Certificate[];
  clock: Clock;
}

/**
 * Lifts a signature that was just made: time stamps over HTTP, statuses from the addresses in the signer's own certificates and
 * their issuers', whose paths end at the given anchors. Throws what `augmentSignature` throws.
 */
export async function liftSignature(
  signature: Buffer,
  { format, level, content, tsaUrl, anchors, clock }: LiftOrder,
): Promise<Buffer> {
  const source = new HttpRevocationSource({ hosts: 'any', clock, isAllowedAddress: () => true });
  const augmented = await augmentSignature(signature, {
    format,
    level,
    content,
    timeStamper: checkedTimeStamper(new HttpTimeStamper(tsaUrl)),
    material: new PathMaterialSource({
      clock,
      trust: new TrustStore({ anchors, intermediates: [] }),
      source,
    }),
  });
  return augmented.signature;
}
