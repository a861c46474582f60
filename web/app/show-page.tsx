import '@fontsource-variable/vazirmatn/wght.css';
import '@mantine/core/styles.css';
import './base.css';

import { DirectionProvider, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

import { queryClient } from '../client/queries.ts';
import type { Language } from '../i18n/language.ts';
import { LanguageProvider } from '../i18n/language-context.tsx';
import { contentSecurityNonce } from './content-security-nonce.ts';
import { cssVariables, theme } from './theme.ts';

/** Draws one of the pages of this package in its document, in the language that was chosen, or in this one. */
export function showPage(page: ReactNode, unlessChosen?: Language): void {
  const nonce = contentSecurityNonce();
  // Dialogs keep the page behind them from scrolling by a style element of their own.
  setNonce(nonce);
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <DirectionProvider initialDirection="rtl" detectDirection={false}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          forceColorScheme="light"
          getStyleNonce={() => nonce}
        >
          <QueryClientProvider client={queryClient}>
            <LanguageProvider {...(unlessChosen && { unlessChosen })}>{page}</LanguageProvider>
          </QueryClientProvider>
        </MantineProvider>
      </DirectionProvider>
    </StrictMode>,
  );
}
