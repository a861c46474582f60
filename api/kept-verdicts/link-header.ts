import { Type } from 'typebox';

const PREFIX = 'Bearer ';

/** The secret of a link, in a header: addresses get into the logs of proxies. */
export const LinkHeader = Type.Object({
  authorization: Type.String({
    pattern: `^${PREFIX}[A-Za-z0-9_-]{43}$`,
    description: 'Bearer, and what follows `#kept=` in the link',
  }),
});

export function secretOf({ authorization }: { authorization: string }): string {
  return authorization.slice(PREFIX.length);
}

/** Guessing is hopeless; this keeps it quiet. */
export const LINK_RATE = { max: 60, timeWindow: '1 minute' };
