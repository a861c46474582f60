import { encodeCsrAttributes } from '../../pki/csr-attributes.ts';
import { ALG } from '../../pki/oid.ts';
import type { PublishedAuthority } from '../api-services.ts';
import type { TypedApp } from '../typed-app.ts';
import { authorityOfLabel } from './est-label.ts';
import { sendEst } from './send-est.ts';

/** P-256 with SHA-256: what every phone makes in hardware, and every profile of phones certifies. Nothing else of a request is read. */
const ATTRIBUTES = encodeCsrAttributes([
  { type: ALG.ecPublicKey, values: [ALG.prime256v1] },
  { oid: ALG.ecdsaWithSha256 },
]);

/** RFC 7030 §4.5: what a request had best look like. */
export function csrAttributesRoute(
  app: TypedApp,
  base: string,
  authorities: readonly PublishedAuthority[],
): void {
  app.get(
    `${base}/csrattrs`,
    { config: { access: 'public' }, schema: { hide: true } },
    async (request, reply) => {
      authorityOfLabel(authorities, request.params);
      return sendEst(reply, 'application/csrattrs', ATTRIBUTES);
    },
  );
}
