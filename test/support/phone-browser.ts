import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

import { watchFaults } from './console-browser.ts';

/** A small phone of these years. */
const SCREEN = { width: 360, height: 740 };
/** Far more than any page takes, on a machine with much else to do. */
const WAIT_MILLISECONDS_MAX = 90_000;

/** A phone with the holder's page in its browser, and everything that went wrong there. */
export interface BrowserPhone {
  page: Page;
  context: BrowserContext;
  devtools: CDPSession;
  /** Present where the phone recognises its user. */
  authenticatorId?: string;
  /** Breaches of the Content-Security-Policy, requests to other origins, errors of scripts. */
  faults: string[];
  /** Addresses of everything that was asked for. */
  addresses: string[];
}

export interface BrowserPhoneOptions {
  language?: 'fa' | 'en';
  /** A platform authenticator that recognises its user and derives secrets (CTAP 2.1 hmac-secret). */
  recognises?: boolean;
  /** For injecting a checker; nothing else may. */
  bypassCSP?: boolean;
}

export async function openBrowserPhone(
  browser: Browser,
  origin: string,
  { language = 'fa', recognises = false, bypassCSP = false }: BrowserPhoneOptions = {},
): Promise<BrowserPhone> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: SCREEN,
    isMobile: true,
    hasTouch: true,
    deviceScaleFactor: 2,
    locale: 'fa-IR',
    timezoneId: 'Asia/Tehran',
    reducedMotion: 'reduce',
    bypassCSP,
  });
  context.setDefaultTimeout(WAIT_MILLISECONDS_MAX);
  await context.addInitScript(
    `localStorage.getItem('mohr.language') ?? localStorage.setItem('mohr.language', '${language}')`,
  );
  const page = await context.newPage();
  const faults = watchFaults(page, origin);
  const addresses: string[] = [];
  context.on('request', (request) => addresses.push(request.url()));
  const devtools = await context.newCDPSession(page);
  const authenticatorId = recognises ? await addAuthenticator(devtools) : undefined;
  return { page, context, devtools, faults, addresses, ...(authenticatorId && { authenticatorId }) };
}

async function addAuthenticator(devtools: CDPSession): Promise<string> {
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf: true,
    },
  });
  return authenticatorId;
}
