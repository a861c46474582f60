const PHONE = '/phone';

/** Said in both languages: what was chosen lies where a worker does not see it. It names nobody and nothing. */
const TITLE = 'مُهر · Mohr';
const TEXT = 'از شما امضا خواسته شده است. · A signature is asked for.';
const TAG = 'signature-request';

/** Browsers want each push to be seen; one that came too late is shown and taken away. */
export async function tellOfRequest(
  { registration }: ServiceWorkerGlobalScope,
  data: PushMessageData | null,
): Promise<void> {
  await registration.showNotification(TITLE, {
    body: TEXT,
    tag: TAG,
    icon: '/phone/icon-192.png',
    badge: '/phone/icon-192.png',
    requireInteraction: true,
  });
  if (!isOver(data)) return;
  for (const shown of await registration.getNotifications({ tag: TAG })) shown.close();
}

/** Brings the page to the front, or opens it. */
export async function openPhone({ clients }: ServiceWorkerGlobalScope): Promise<void> {
  const open = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const phone = open.find(({ url }) => new URL(url).pathname === PHONE);
  await (phone ? phone.focus() : clients.openWindow(PHONE));
}

function isOver(data: PushMessageData | null): boolean {
  try {
    const { expiresAt } = data?.json() as { expiresAt?: string };
    return expiresAt !== undefined && Date.parse(expiresAt) <= performance.timeOrigin + performance.now();
  } catch {
    return false;
  }
}
