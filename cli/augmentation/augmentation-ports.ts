import { checkedTimeStamper } from '../../signing/checked-time-stamper.ts';
import type { AugmentationHouse } from '../../signing/augment-for-relying-party.ts';
import type { TimeStamper } from '../../signing/signature-level.ts';
import { HttpTimeStamper } from './http-time-stamper.ts';
import { PathMaterialSource } from './path-material-source.ts';
import type { PathMaterialOptions } from './path-material-source.ts';

export interface AugmentationOptions extends PathMaterialOptions {
  /** This deployment's own authority. */
  timeStamper: TimeStamper;
  /** Another one in its place. */
  tsaUrl?: string | undefined;
}

/** Wires where time stamps and validation material come from when signatures are lifted to higher levels. */
export function augmentationPorts({
  timeStamper,
  tsaUrl,
  ...material
}: AugmentationOptions): Pick<AugmentationHouse, 'timeStamper' | 'material'> {
  return {
    timeStamper: checkedTimeStamper(tsaUrl === undefined ? timeStamper : new HttpTimeStamper(tsaUrl)),
    material: new PathMaterialSource(material),
  };
}
