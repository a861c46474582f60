import type { AddressInfo } from 'node:net';

import type { Browser, Locator } from 'playwright-core';
import type { Test } from 'tap';

import type { TextKey } from '../../web/i18n/catalogue.ts';
import type { Language } from '../../web/i18n/language.ts';
import { ActivationDesk } from './activation-desk.ts';
import { Clinic } from './clinic.ts';
import { persianDigits, press, sees, word } from './console-acts.ts';
import { openDesk, startBrowser } from './console-browser.ts';
import type { Desk } from './console-browser.ts';
import { openBrowserPhone } from './phone-browser.ts';
import { until } from './page-until.ts';
import type { BrowserPhone, BrowserPhoneOptions } from './phone-browser.ts';
import { PrescriptionSystem } from './prescription-system.ts';
import type { TestService } from './test-service.ts';

/** What the office hands out for one doctor's phone. */
export interface Activation {
  path: string;
  code: string;
  applicant: Awaited<ReturnType<ActivationDesk['filePhone']>>['applicant'];
}

export const PIN = '482915';

/** A service on a socket, an office that activates, a clinic, and browsers for both sides. */
export class PhonePlace {
  readonly service: TestService;
  readonly origin: string;
  readonly browser: Browser;
  readonly clinic: Clinic;
  readonly desk: ActivationDesk;
  readonly clinicDesk: Desk;
  readonly phones: BrowserPhone[] = [];

  private constructor(
    parts: Pick<PhonePlace, 'service' | 'origin' | 'browser' | 'clinic' | 'desk' | 'clinicDesk'>,
  ) {
    this.service = parts.service;
    this.origin = parts.origin;
    this.browser = parts.browser;
    this.clinic = parts.clinic;
    this.desk = parts.desk;
    this.clinicDesk = parts.clinicDesk;
  }

  static async open(t: Pick<Test, 'teardown'>, service: TestService): Promise<PhonePlace> {
    await service.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = service.app.server.address() as AddressInfo;
    const origin = `http://localhost:${port}`;
    const browser = await startBrowser();
    t.teardown(() => browser.close());
    const clinic = await Clinic.open(t, await PrescriptionSystem.register(service));
    const clinicDesk = await openDesk(browser, clinic.origin);
    await clinicDesk.page.goto('/');
    const desk = new ActivationDesk(service);
    return new PhonePlace({ service, origin, browser, clinic, desk, clinicDesk });
  }

  async phone(options: BrowserPhoneOptions = {}): Promise<BrowserPhone> {
    const phone = await openBrowserPhone(this.browser, this.origin, options);
    this.phones.push(phone);
    return phone;
  }

  /** Filed, approved, and waiting for the phone. */
  async activation(): Promise<Activation> {
    const { id, applicant } = await this.desk.filePhone();
    const code = await this.desk.approveAndRead(id);
    const values = new URLSearchParams({ application: id, secret: await this.desk.deskSecret(id) });
    return { path: `/phone#${values.toString()}`, code, applicant };
  }

  /** A phone in its holder's hands, ready to sign. */
  async enrolled(options: BrowserPhoneOptions = {}): Promise<BrowserPhone & Activation> {
    const activation = await this.activation();
    const phone = await this.phone(options);
    await this.enrolOn(phone, activation, options.language ?? 'fa');
    return { ...phone, ...activation };
  }

  async enrolOn({ page }: BrowserPhone, { path, code }: Activation, language: Language): Promise<void> {
    await page.goto(path);
    await typeActivation(page, language, code);
    await press(page, language, 'phone.enrol-action');
    await sees(page, language, 'phone.watching');
  }

  /** The clinic asks that doctor; resolves with the code on its screen. */
  async ask({ applicant }: Pick<Activation, 'applicant'>, request: object): Promise<string> {
    this.clinic.next = { holder: { councilNumber: applicant.councilNumber }, ...request };
    return this.press();
  }

  /** Has signed what comes next. */
  async press(): Promise<string> {
    const { page } = this.clinicDesk;
    await page.getByRole('button').click();
    await until(page, "document.getElementById('code').textContent.length === 4");
    return page.locator('#code').innerText();
  }

  /** Everything that went wrong on a page, the clinic's included. */
  faults(): string[] {
    return [...this.phones, this.clinicDesk].flatMap(({ faults }) => faults);
  }

  /** What the clinic's screen says in the end. */
  async clinicSees(state: string): Promise<void> {
    await this.clinicDesk.page.locator('#state', { hasText: new RegExp(`^${state}$`) }).waitFor();
  }
}

type Page = BrowserPhone['page'];

export async function typeActivation(page: Page, language: Language, code: string, pin = PIN): Promise<void> {
  await textbox(page, language, 'phone.sms-code').fill(persianDigits(code));
  await textbox(page, language, 'phone.pin-new').fill(persianDigits(pin));
  await textbox(page, language, 'phone.pin-repeat').fill(pin);
}

export function textbox(page: Page, language: Language, key: TextKey) {
  return page.getByLabel(word(language, key), { exact: false }).and(page.locator('input'));
}

/** Touches one of the three codes. */
export async function touchCode(page: Page, language: Language, code: string): Promise<void> {
  await page
    .getByRole('button', { name: language === 'fa' ? persianDigits(code) : code, exact: true })
    .click();
}

/** Types the PIN where the key is unlocked, and presses the button beside it. */
export async function typePin(page: Page | Locator, language: Language, pin = PIN): Promise<void> {
  await page.getByLabel(word(language, 'phone.pin')).and(page.locator('input')).fill(pin);
  await page.locator('form:has(input[type=password]) button[type=submit]').click();
}

/** Waits for the last word on a request. */
export async function ends(page: Page, language: Language, state: Outcome): Promise<void> {
  const outcome = page.locator(`[data-state="${state}"]`);
  await outcome.getByRole('heading', { name: word(language, `phone.outcome-${state}`) }).waitFor();
}

type Outcome = 'SIGNED' | 'USER_REFUSED' | 'WRONG_VC' | 'PIN_BLOCKED' | 'OVER';
