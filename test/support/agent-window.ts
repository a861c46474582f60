import type { Page } from 'playwright-core';

import type { Desk } from './console-browser.ts';

/** What somebody types at the agent, by the names of its fields. */
export type Typed = Record<string, string>;

/** The agent's own window, which the console opens beside its page. */
export class AgentWindow {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Reads the code of a pairing there, and accepts when it is the one that the console shows. */
  async confirm(codeAtConsole: string): Promise<string> {
    const window = await this.#open();
    const code = (await window.locator('.code').innerText()).trim();
    await answer(window, code === codeAtConsole ? 'accept' : 'refuse');
    return code;
  }

  /** Types what is asked for; resolves to the whole text of the question. */
  async type(typed: Typed): Promise<string> {
    const window = await this.#open();
    const asked = await window.locator('body').innerText();
    for (const input of await window.locator('input[type="password"]').all()) {
      const name = (await input.getAttribute('name')) ?? '';
      await input.fill(typed[name] ?? '');
    }
    await answer(window, 'accept');
    return asked;
  }

  /** By the link of the page: a window that opened by itself is closed. */
  async #open(): Promise<Page> {
    const link = this.#desk.page.locator('a[target="_blank"][href*="/prompts/"]');
    const address = await link.getAttribute('href');
    const others = this.#desk.context.pages().filter((page) => page !== this.#desk.page);
    await Promise.all(others.map((page) => page.close()));
    const window = await this.#desk.context.newPage();
    await window.goto(address!);
    return window;
  }
}

/** Closed when the agent has the answer, which would otherwise be lost with its window. */
async function answer(window: Page, value: 'accept' | 'refuse'): Promise<void> {
  const taken = window.waitForResponse((response) => response.request().method() === 'POST');
  await window.locator(`button[value="${value}"]`).click();
  await taken;
  await window.close();
}
