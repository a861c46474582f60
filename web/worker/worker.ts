import { answerPage, answerAsset, keepPage } from './kept-page.ts';
import { openPhone, tellOfRequest } from './notifications.ts';

// The service worker of the phone's page: it starts the page without a connection, and tells of requests while it is closed. It sees
// neither keys nor tokens nor answers of the API.

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname === '/phone') event.respondWith(answerPage(event));
  else if (pathname.startsWith('/assets/')) event.respondWith(answerAsset(request));
});

self.addEventListener('push', (event) => {
  event.waitUntil(tellOfRequest(self, event.data));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openPhone(self));
});
