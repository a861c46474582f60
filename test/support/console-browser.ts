import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Debian's; as root it has no sandbox of its own. */
const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

/** The smallest screen that offices have. */
const DESK = { width: 1280, height: 720 };
/** Far more than any page takes, on a machine with much else to do. */
const WAIT_MILLISECONDS_MAX = 90_000;

/** Somebody at a browser of their own, with a security key that says yes, and everything that went wrong on their pages. */
export interface Desk {
  page: Page;
  context: BrowserContext;
  authenticator: VirtualAuthenticator;
  /** Breaches of the Content-Security-Policy, requests to other origins, errors of scripts. */
  faults: string[];
}

/** What happens to a security key. */
export interface VirtualAuthenticator {
  forgetAll(): Promise<void>;
  /** Whether it recognises its user. */
  verifies(isVerified: boolean): Promise<void>;
}

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

export interface DeskOptions {
  language?: 'fa' | 'en';
  viewport?: { width: number; height: number };
  /** For injecting a checker; nothing else may. */
  bypassCSP?: boolean;
}

/** A fresh profile with a virtual authenticator (WebAuthn §11.2), which verifies its user and keeps passkeys. */
export async function openDesk(browser: Browser, origin: string, options: DeskOptions = {}): Promise<Desk> {
  const { language = 'fa', viewport = DESK, bypassCSP = false } = options;
  const context = await browser.newContext({
    baseURL: origin,
    viewport,
    bypassCSP,
    locale: 'fa-IR',
    timezoneId: 'Asia/Tehran',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(WAIT_MILLISECONDS_MAX);
  await context.addInitScript(
    `localStorage.getItem('mohr.language') ?? localStorage.setItem('mohr.language', '${language}')`,
  );
  const page = await context.newPage();
  const faults = watchFaults(page, origin);
  const authenticator = await addAuthenticator(context, page);
  return { page, context, authenticator, faults };
}

/** Collects what goes wrong on a page from now on. */
export function watchFaults(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) faults.push(`policy: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['data:', 'blob:'].includes(url.protocol))
      faults.push(`foreign: ${url.href}`);
  });
  return faults;
}

async function addAuthenticator(context: BrowserContext, page: Page): Promise<VirtualAuthenticator> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    forgetAll: async () => void (await devtools.send('WebAuthn.clearCredentials', { authenticatorId })),
    verifies: async (isUserVerified) =>
      void (await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })),
  };
}
