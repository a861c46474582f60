import type { TypedApp } from '../typed-app.ts';
import { authorizeCredentialRoute } from './authorize-credential.ts';
import { checkAuthorizationRoute } from './check-authorization.ts';
import { answerInCscWords } from './csc-answers.ts';
import { CSC_PREFIX } from './csc-services.ts';
import type { CscRouteServices } from './csc-services.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { listCredentialsRoute } from './list-credentials.ts';
import { logoRoute } from './logo.ts';
import { oauthEndpoints } from './oauth-endpoints.ts';
import { pollSignaturesRoute } from './poll-signatures.ts';
import { readCredentialRoute } from './read-credential.ts';
import { readInfoRoute } from './read-info.ts';
import { revokeTokenRoute } from './revoke-token.ts';
import { signDocumentRoute } from './sign-document.ts';
import { signHashRoute } from './sign-hash.ts';

/**
 * The API of the Cloud Signature Consortium over the same signature sessions, and the OAuth server that its clients get tokens from.
 *
 * @see CSC API v2.0.0.2
 */
export function cscRoutes(app: TypedApp, services: CscRouteServices): void {
  app.register(async (part) => methods(part as TypedApp, services), { prefix: `${CSC_PREFIX}/v2` });
  app.register(async (part) => oauthEndpoints(part as TypedApp, services));
  app.register(async (part) => interactionRoutes(part as TypedApp, services));
  logoRoute(app);
}

function methods(app: TypedApp, services: CscRouteServices): void {
  answerInCscWords(app);
  app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  readInfoRoute(app, services);
  listCredentialsRoute(app, services);
  readCredentialRoute(app, services);
  authorizeCredentialRoute(app, services);
  checkAuthorizationRoute(app, services);
  signHashRoute(app, services);
  signDocumentRoute(app, services);
  pollSignaturesRoute(app, services);
  revokeTokenRoute(app, services);
}
