import type { TypedApp } from '../api/typed-app.ts';
import { DomainError, errorCode } from '../core/errors.ts';

/** What the operator can mend: a port that is taken or not ours to take, an address that this machine does not have. */
const UNAVAILABLE = ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'];

/** Starts to listen; throws DomainError `address-unavailable`. */
export async function listen(
  app: Pick<TypedApp, 'listen'>,
  { host, port }: { host: string; port: number },
): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const code = errorCode(cause) ?? '';
    if (!UNAVAILABLE.includes(code)) throw cause;
    throw new DomainError('address-unavailable', `cannot listen on ${host}:${port}: ${code}`, { cause });
  }
}
