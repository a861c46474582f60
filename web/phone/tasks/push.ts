import { endSubscription, keepSubscription, readPushKey } from '../../client/device-push.ts';
import { ProblemError } from '../../client/problem.ts';
import { toBase64Url } from '../../client/base64url.ts';

/** `none`: browser or service has no push; the page watches while it is open. */
export type PushState = 'none' | 'off' | 'on' | 'denied';

/** How being told stands; a subscription that is there is shown to the service again, for it ends with the token. */
export async function pushState(token: string): Promise<PushState> {
  if (!('PushManager' in window) || !('Notification' in window)) return 'none';
  const key = await keyOrNone();
  if (key === undefined) return 'none';
  if (Notification.permission === 'denied') return 'denied';
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (!known || Notification.permission !== 'granted') return 'off';
  return (await keep(token, await madeWith(known, key), key)) ? 'on' : 'none';
}

/** Asks the holder, subscribes and tells the service. */
export async function askForPush(token: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') return;
  const key = await keyOrNone();
  if (key === undefined) return;
  const { pushManager } = await navigator.serviceWorker.ready;
  await keep(token, await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }), key);
}

/** Ends it at both ends. */
export async function endPush(token: string): Promise<void> {
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  await endSubscription(token);
}

async function keyOrNone(): Promise<string | undefined> {
  try {
    return await readPushKey();
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  }
}

/** The service may have another key by now. */
async function madeWith(known: PushSubscription, key: string): Promise<PushSubscription> {
  const own = known.options.applicationServerKey;
  if (own && toBase64Url(own) === key) return known;
  return subscribeAnew(known, key);
}

async function subscribeAnew(known: PushSubscription, key: string): Promise<PushSubscription> {
  await known.unsubscribe();
  const { pushManager } = await navigator.serviceWorker.ready;
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** False where the service does not call this browser's push service. */
async function keep(token: string, subscription: PushSubscription, key: string): Promise<boolean> {
  try {
    await keepSubscription(token, { ...subscription.toJSON(), applicationServerKey: key });
    return true;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.code === 'push-endpoint-not-allowed') return false;
    if (error.code !== 'push-key-unknown') throw error;
    const next = (await keyOrNone()) ?? key;
    const again = await subscribeAnew(subscription, next);
    await keepSubscription(token, { ...again.toJSON(), applicationServerKey: next });
    return true;
  }
}
