import type { ApiServices } from './api-services.ts';
import { challengeDeviceRoute } from './device/challenge-device.ts';
import { claimPairingRoute } from './device/claim-pairing.ts';
import { confirmCodeRoute } from './device/confirm-code.ts';
import { countWrongPinRoute } from './device/count-wrong-pin.ts';
import { displayRequestRoute } from './device/display-request.ts';
import { readOpenRequestRoute } from './device/read-open-request.ts';
import { refuseRequestRoute } from './device/refuse-request.ts';
import { signInDeviceRoute } from './device/sign-in-device.ts';
import { readPushKeyRoute } from './device/read-push-key.ts';
import { signOutDeviceRoute } from './device/sign-out-device.ts';
import { signRequestRoute } from './device/sign-request.ts';
import { subscribeDeviceRoute } from './device/subscribe-device.ts';
import { unsubscribeDeviceRoute } from './device/unsubscribe-device.ts';
import { watchRequestsRoute } from './device/watch-requests.ts';
import { addCredentialRoute } from './relying-parties/add-credential.ts';
import { changeRelyingPartyRoute } from './relying-parties/change-relying-party.ts';
import { createClientTokenRoute } from './relying-parties/create-client-token.ts';
import { listRelyingPartiesRoute } from './relying-parties/list-relying-parties.ts';
import { registerRelyingPartyRoute } from './relying-parties/register-relying-party.ts';
import { removeCredentialRoute } from './relying-parties/remove-credential.ts';
import { setRedirectUrisRoute } from './relying-parties/set-redirect-uris.ts';
import { createSignatureSessionRoute } from './signature-sessions/create-signature-session.ts';
import { listServiceKeysRoute } from './signature-sessions/list-service-keys.ts';
import { readSignatureEvidenceRoute } from './signature-sessions/read-signature-evidence.ts';
import { readSignatureSessionRoute } from './signature-sessions/read-signature-session.ts';
import type { TypedApp } from './typed-app.ts';
import { untilGone } from './until-gone.ts';

/** Everything about signature sessions: what operators, relying parties and phones do. */
export function signingRoutes(
  app: TypedApp,
  services: Pick<ApiServices, 'signing' | 'csc' | 'consoleUrl'>,
): void {
  const gone = untilGone(app);
  registerRelyingPartyRoute(app, services);
  listRelyingPartiesRoute(app, services);
  changeRelyingPartyRoute(app, services);
  addCredentialRoute(app, services);
  removeCredentialRoute(app, services);
  setRedirectUrisRoute(app, services);
  app.register(async (part) => createClientTokenRoute(part as TypedApp, services));
  createSignatureSessionRoute(app, services);
  readSignatureSessionRoute(app, services, gone);
  readSignatureEvidenceRoute(app, services);
  listServiceKeysRoute(app, services);
  challengeDeviceRoute(app, services);
  signInDeviceRoute(app, services);
  signOutDeviceRoute(app, services);
  readPushKeyRoute(app, services);
  subscribeDeviceRoute(app, services);
  unsubscribeDeviceRoute(app, services);
  claimPairingRoute(app, services);
  readOpenRequestRoute(app, services, gone);
  watchRequestsRoute(app, services, gone);
  displayRequestRoute(app, services);
  confirmCodeRoute(app, services);
  countWrongPinRoute(app, services);
  refuseRequestRoute(app, services);
  signRequestRoute(app, services);
}
