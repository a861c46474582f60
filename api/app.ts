import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify';
import helmet from 'helmet';

import { requireDeclaredAccess } from './access.ts';
import { sessionCookieOf } from './session-cookie.ts';
import { answerErrors } from './answer-errors.ts';
import type { ApiServices } from './api-services.ts';
import { activateApplicationRoute } from './applications/activate-application.ts';
import { acceptApplicationRoute } from './applications/accept-application.ts';
import { approveApplicationRoute } from './applications/approve-application.ts';
import { askRegistersRoute } from './applications/ask-registers.ts';
import { checkDraftRoute } from './applications/check-draft.ts';
import { checkRegistersRoute } from './applications/check-registers.ts';
import { decideApplicationRoutes } from './applications/decide-application.ts';
import { discardDraftRoute } from './applications/discard-draft.ts';
import { fileApplicationRoute } from './applications/file-application.ts';
import { listApplicationsRoute } from './applications/list-applications.ts';
import { readActivationRoute } from './applications/read-activation.ts';
import { readApplicationRoute } from './applications/read-application.ts';
import { readApprovalRoute } from './applications/read-approval.ts';
import { renewActivationRoute } from './applications/renew-activation.ts';
import { saveDraftRoute } from './applications/save-draft.ts';
import { submitDraftRoute } from './applications/submit-draft.ts';
import { listAuthoritiesRoute } from './authorities/list-authorities.ts';
import { lookUpCertificateStatus } from './certificate-statuses/look-up-certificate-status.ts';
import { changeCertificateStatusRoutes } from './certificates/change-certificate-status.ts';
import { readCertificateRoute } from './certificates/read-certificate.ts';
import { searchCertificatesRoute } from './certificates/search-certificates.ts';
import { consoleRoutes } from './console/console-routes.ts';
import { readHolderRoute } from './holders/read-holder.ts';
import { searchHoldersRoute } from './holders/search-holders.ts';
import { setContactRoute } from './holders/set-contact.ts';
import { OcspRate, sampleEachMinute } from './dashboard/ocsp-rate.ts';
import { readDashboardRoute } from './dashboard/read-dashboard.ts';
import { UPLOAD_OCTETS_MAX, addEvidenceRoute } from './evidence/add-evidence.ts';
import { layLegalHoldRoute } from './evidence/lay-legal-hold.ts';
import { liftLegalHoldRoute } from './evidence/lift-legal-hold.ts';
import { listEvidenceRoute } from './evidence/list-evidence.ts';
import { readEvidenceRoute } from './evidence/read-evidence.ts';
import { closeInspectionRoute } from './inspections/close-inspection.ts';
import { listInspectionsRoute } from './inspections/list-inspections.ts';
import { openInspectionRoute } from './inspections/open-inspection.ts';
import { readInspectionRoute } from './inspections/read-inspection.ts';
import { recordFindingRoute } from './inspections/record-finding.ts';
import { challengeForEnrolmentRoute } from './enrolments/challenge-for-enrolment.ts';
import { createEnrolmentRoute } from './enrolments/create-enrolment.ts';
import { readStandingRoute } from './enrolments/read-standing.ts';
import { estRoutes } from './est/est-routes.ts';
import { cscRoutes } from './csc/csc-routes.ts';
import { healthRoutes } from './health.ts';
import { leavePolitely } from './leave-politely.ts';
import { createKeptVerdictRoute } from './kept-verdicts/create-kept-verdict.ts';
import { readKeptVerdictRoute } from './kept-verdicts/read-kept-verdict.ts';
import { removeKeptVerdictRoute } from './kept-verdicts/remove-kept-verdict.ts';
import { limitBodyTime, uploadMillisecondsMax } from './limit-body-time.ts';
import { receiveLicenceMessageRoute } from './licence/receive-licence-message.ts';
import { countAnswers, metricsRoute } from './metrics-route.ts';
import { readConsistencyProofRoute } from './log/read-consistency-proof.ts';
import { readInclusionProofRoute } from './log/read-inclusion-proof.ts';
import { searchEventsRoute } from './log/search-events.ts';
import { tileRoutes } from './log/tile-routes.ts';
import { createPathValidation } from './path-validations/create-path-validation.ts';
import { challengeForRegistrationRoute } from './passkeys/challenge-for-registration.ts';
import { listPasskeysRoute } from './passkeys/list-passkeys.ts';
import { registerPasskeyRoute } from './passkeys/register-passkey.ts';
import { removePasskeyRoute } from './passkeys/remove-passkey.ts';
import type { OcspCounts } from './ocsp-front/ocsp-counts.ts';
import { caRoutes } from './public/ca-routes.ts';
import { crlRoutes } from './public/crl-routes.ts';
import { ocspRoutes } from './public/ocsp-routes.ts';
import { practiceStatementRoute } from './public/practice-statement-route.ts';
import { challengeForSignInRoute } from './sessions/challenge-for-sign-in.ts';
import { answerWithIds } from './request-ids.ts';
import { traceRequests } from './request-tracer.ts';
import type { RequestTracer } from './request-tracer.ts';
import { acceptRenewalRoute } from './renewals/accept-renewal.ts';
import { challengeForRenewalRoute } from './renewals/challenge-for-renewal.ts';
import { renewCertificateRoute } from './renewals/renew-certificate.ts';
import { blockCertificatesRoute } from './self-service/block-certificates.ts';
import { requestCodeRoute } from './self-service/request-code.ts';
import { setOwnPasswordRoute } from './self-service/set-own-password.ts';
import { setPasswordAtCounterRoute } from './self-service/set-password-at-counter.ts';
import { createAugmentation } from './augmentations/create-augmentation.ts';
import { timeStampRoute } from './public/time-stamp-route.ts';
import { createSessionRoute } from './sessions/create-session.ts';
import { endOtherSessionsRoute } from './sessions/end-other-sessions.ts';
import { endOwnSessionRoute } from './sessions/end-own-session.ts';
import { endSessionRoute } from './sessions/end-session.ts';
import { listSessionsRoute } from './sessions/list-sessions.ts';
import { readSessionRoute } from './sessions/read-session.ts';
import { serverOptions } from './server-options.ts';
import { RATE_LIMITS } from './rate-limits.ts';
import { isStrictTransport } from './strict-transport.ts';
import { recogniseMachines } from './signing-callers.ts';
import { cardRoutes } from './card-routes.ts';
import { officerRoutes } from './officer-routes.ts';
import { requireOneHost } from './one-host.ts';
import { openapi } from './openapi-options.ts';
import { signingRoutes } from './signing-routes.ts';
import { refuseUnstorableValues } from './storable-values.ts';
import { httpsOptions } from './tls-listener.ts';
import type { TlsListener } from './tls-listener.ts';
import type { TypedApp } from './typed-app.ts';
import { createValidationReport } from './validation-reports/create-validation-report.ts';
import { createValidationBatchRoute } from './validation-batches/create-validation-batch.ts';
import { createValidation } from './validations/create-validation.ts';

export interface AppOptions {
  logger: FastifyBaseLogger;
  version: string;
  /** Addresses and networks of proxies whose word on a caller's address is believed; absent: nobody's. */
  trustedProxies?: readonly string[];
  /** Absent: plain HTTP. */
  tls?: TlsListener;
  /** Aborted when the process is about to stop: it is not ready any more, and answers what still comes. */
  stopping?: AbortSignal;
  /** Absent: nothing is traced. */
  tracer?: RequestTracer;
}

/** The whole HTTP side: public endpoints, API and its documentation; does not listen yet. */
export async function buildApp(services: ApiServices, options: AppOptions): Promise<TypedApp> {
  const https = options.tls && { https: httpsOptions(options.tls) };
  // With TLS only the sockets are others; the routes are the same.
  const server = fastify({
    ...serverOptions(options.logger, options.trustedProxies),
    requestTimeout: uploadMillisecondsMax(UPLOAD_OCTETS_MAX),
    ...https,
  } as FastifyServerOptions);
  const app: TypedApp = server.withTypeProvider<TypeBoxTypeProvider>();
  // JSON is what the API reads. What a form of another site can send without asking (text/plain) is not even parsed.
  app.removeContentTypeParser('text/plain');
  if (options.tracer) traceRequests(app, options.tracer);
  answerWithIds(app);
  leavePolitely(app, options.stopping);
  answerErrors(app, services);
  requireOneHost(app);
  limitBodyTime(app);
  countAnswers(app, services.metrics);
  await app.register(cookie);
  protectPages(app, isStrictTransport(services.consoleUrl));
  await app.register(rateLimit, RATE_LIMITS);
  await app.register(swagger, openapi(options.version, services.publicUrl));
  // Before the rule that each route declares who may call it: these are the library's own, and public.
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: false });
  const ownUrls = [services.publicUrl, services.consoleUrl];
  const sessionCookie = sessionCookieOf(services.consoleUrl);
  const recognise = recogniseMachines(services);
  requireDeclaredAccess(app, { signIn: services.offices, ownUrls, sessionCookie, recognise });
  refuseUnstorableValues(app);
  const rate = new OcspRate(services.clock);
  sampleEachMinute(app, rate);
  await app.register(async (part) => {
    publicRoutes(part, services, rate, options.stopping);
  });
  await app.register(async (part) => apiRoutes(part as TypedApp, services, rate), { prefix: '/api/v1' });
  return app;
}

function publicRoutes(
  app: TypedApp,
  services: ApiServices,
  rate: OcspRate,
  stopping: AbortSignal | undefined,
): void {
  healthRoutes(app, services, stopping);
  metricsRoute(app, services.metrics);
  caRoutes(app, services.authorities);
  practiceStatementRoute(app, services.practiceStatement);
  const onCounts = (counts: OcspCounts) => {
    rate.counts = counts;
    services.metrics.watchOcspAnswers(counts);
  };
  app.register(async (part) => ocspRoutes(part, { responder: services.ocspResponder, onCounts, stopping }));
  app.register(async (part) => crlRoutes(part, { crls: services.publishedCrls, clock: services.clock }));
  app.register(async (part) => timeStampRoute(part, services.tsa));
  tileRoutes(app, services);
  app.register(async (part) => estRoutes(part as TypedApp, services));
  app.register(async (part) => cscRoutes(part as TypedApp, services));
  app.register(async (part) =>
    consoleRoutes(part, { folder: services.consoleFolder, cardAgentUrl: services.cardAgentUrl }),
  );
}

function apiRoutes(app: TypedApp, services: ApiServices, rate: OcspRate): void {
  const { registration, signIn, directory } = services;
  // Answers name people: no cache keeps one unless its route says so.
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  challengeForSignInRoute(app, signIn);
  const sessionCookie = sessionCookieOf(services.consoleUrl);
  createSessionRoute(app, services.offices, sessionCookie);
  readSessionRoute(app, services.offices);
  endSessionRoute(app, signIn, sessionCookie);
  listSessionsRoute(app, signIn);
  endOwnSessionRoute(app, signIn);
  endOtherSessionsRoute(app, signIn);
  fileApplicationRoute(app, registration);
  saveDraftRoute(app, registration);
  checkDraftRoute(app, registration);
  submitDraftRoute(app, registration);
  discardDraftRoute(app, registration);
  acceptApplicationRoute(app, registration);
  listApplicationsRoute(app, registration);
  readApplicationRoute(app, registration);
  challengeForRegistrationRoute(app, signIn);
  registerPasskeyRoute(app, signIn);
  listPasskeysRoute(app, signIn);
  removePasskeyRoute(app, signIn);
  officerRoutes(app, services);
  readApprovalRoute(app, registration);
  approveApplicationRoute(app, registration);
  decideApplicationRoutes(app, registration);
  readActivationRoute(app, registration);
  renewActivationRoute(app, registration);
  activateApplicationRoute(app, registration);
  checkRegistersRoute(app, registration);
  askRegistersRoute(app, registration);
  app.register(async (part) => receiveLicenceMessageRoute(part as TypedApp, services.licence));
  searchCertificatesRoute(app, directory);
  readCertificateRoute(app, services);
  changeCertificateStatusRoutes(app, services.statusChanges);
  searchHoldersRoute(app, services);
  readHolderRoute(app, services);
  setContactRoute(app, services.contacts);
  app.register(async (part) => addEvidenceRoute(part as TypedApp, services.papers));
  listEvidenceRoute(app, services.papers);
  readEvidenceRoute(app, services.papers);
  layLegalHoldRoute(app, services.papers);
  liftLegalHoldRoute(app, services.papers);
  openInspectionRoute(app, services);
  listInspectionsRoute(app, services);
  readInspectionRoute(app, services);
  recordFindingRoute(app, services);
  closeInspectionRoute(app, services);
  challengeForEnrolmentRoute(app, registration);
  createEnrolmentRoute(app, services);
  readStandingRoute(app, services);
  renewCertificateRoute(app, services.renewal);
  challengeForRenewalRoute(app, services.renewal);
  acceptRenewalRoute(app, services.renewal);
  requestCodeRoute(app, services.selfService);
  blockCertificatesRoute(app, services.selfService);
  setOwnPasswordRoute(app, services.selfService);
  setPasswordAtCounterRoute(app, services.selfService);
  cardRoutes(app, services);
  readDashboardRoute(app, services, rate);
  listAuthoritiesRoute(app, services);
  createValidation(app, { validate: services.validate });
  createValidationReport(app, services);
  createKeptVerdictRoute(app, services);
  readKeptVerdictRoute(app, services);
  removeKeptVerdictRoute(app, services);
  lookUpCertificateStatus(app, services);
  app.register(async (part) => createValidationBatchRoute(part as TypedApp, services));
  createPathValidation(app, services);
  createAugmentation(app, services);
  signingRoutes(app, services);
  readInclusionProofRoute(app, services);
  readConsistencyProofRoute(app, services);
  searchEventsRoute(app, services);
}

/** The plugin of Fastify makes the headers anew for each request. */
function protectPages(app: TypedApp, hsts: boolean): void {
  const protect = helmet({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, hsts });
  app.addHook('onRequest', (request, reply, done) =>
    protect(request.raw, reply.raw, (fault) => done(fault as Error | undefined)),
  );
}

/** The documentation page of Swagger UI needs inline styles; nothing here needs inline scripts or another origin. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
};
