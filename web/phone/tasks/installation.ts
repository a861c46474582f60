import { signalStore } from '../../client/signal-store.ts';

/** How this page can be installed: by a button of ours, by the browser's menu, or not at all any more. */
export type InstallationWay = 'by-button' | 'by-hand' | 'none';

/** Chromium's; no standard has it. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

const way = signalStore<InstallationWay>('none');
let prompt: InstallPromptEvent | undefined;

export const useInstallation = way.use;

export const installation = {
  /** Listens to what the browser offers; before the first picture. */
  follow(): void {
    if (isStandalone()) return;
    // Safari tells nothing, and has the way in its menu.
    if ('standalone' in navigator) way.set('by-hand');
    window.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      prompt = event as InstallPromptEvent;
      way.set('by-button');
    });
    window.addEventListener('appinstalled', () => way.set('none'));
  },

  async install(): Promise<void> {
    await prompt?.prompt();
    way.set('none');
  },
};

function isStandalone(): boolean {
  return window.matchMedia('(display-mode: standalone)').matches;
}
