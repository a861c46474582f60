import type { Clock } from '../../core/clock.ts';
import type { Dossier, DossierRequest } from '../dossier/dossier.ts';
import { ValidationError } from '../validation-error.ts';
import type { KeptVerdictStore } from './kept-verdict.ts';
import { linkSha256, newLinkSecret, sealUnderLink } from './link-secret.ts';

export interface KeptVerdictHouse {
  keptVerdicts: KeptVerdictStore;
  reports: { make(request: DossierRequest): Promise<Dossier> };
  clock: Clock;
}

export interface NewLink {
  /** Opens what was kept; it is nowhere but here. */
  secret: string;
  expiresAt: Date;
}

/** So long a pharmacy may want to show again what it has dispensed upon; an evidence pack is for the years. */
const KEPT_DAYS = 30;
/** Anybody may ask. One has some 30 KiB, so that all of them stay below 2 GiB. */
const KEPT_MAX = 50_000;

/**
 * Validates a document and keeps the sealed verdict for whoever has the link; the document itself is not kept. Rejects as
 * `makeDossier` does, and with ValidationError `kept-verdicts-full`.
 */
export async function keepVerdict(request: DossierRequest, house: KeptVerdictHouse): Promise<NewLink> {
  const { seal } = await house.reports.make(request);
  const secret = newLinkSecret();
  const keptAt = house.clock.now();
  const expiresAt = new Date(keptAt.getTime() + KEPT_DAYS * 86_400_000);
  const kept = { linkSha256: linkSha256(secret), sealed: sealUnderLink(secret, seal), keptAt, expiresAt };
  if (!(await house.keptVerdicts.insert(kept, KEPT_MAX)))
    throw new ValidationError(
      'kept-verdicts-full',
      `${KEPT_MAX} verdicts are kept, which is all that there is room for`,
    );
  return { secret, expiresAt };
}

/** Deletes a verdict before its time, as whoever has the link may. Throws ValidationError `kept-verdict-unknown`. */
export async function removeKeptVerdict(
  secret: string,
  { keptVerdicts }: Pick<KeptVerdictHouse, 'keptVerdicts'>,
): Promise<void> {
  if (!(await keptVerdicts.remove(linkSha256(secret)))) throw unknownVerdict();
}

/** The same for a link that never was, and for one whose time is over. */
export function unknownVerdict(): ValidationError {
  return new ValidationError(
    'kept-verdict-unknown',
    'there is no verdict behind this link, or its time is over',
  );
}
