import { DomainError } from '../../core/errors.ts';

export const NONCE_OCTETS = 16;
/** What the build leaves where the nonce of a page stands (web/vite.config.ts). */
export const NONCE_PLACEHOLDER = /__CSP_NONCE__/g;

export function refuseUnbuilt(): never {
  throw new DomainError('console-not-built', 'the console was not built: npm run build');
}
