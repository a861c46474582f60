import '@fontsource-variable/vazirmatn/wght.css';
import '@mantine/core/styles.css';
import '../app/base.css';

import { DirectionProvider, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { contentSecurityNonce } from '../app/content-security-nonce.ts';
import { cssVariables, theme } from '../app/theme.ts';
import { queryClient } from '../client/queries.ts';
import { LanguageProvider } from '../i18n/language-context.tsx';
import { languageOfBrowser } from '../i18n/stored-language.ts';
import { VerifyApp } from './verify-app.tsx';

const nonce = contentSecurityNonce();
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
          <LanguageProvider unlessChosen={languageOfBrowser()}>
            <VerifyApp />
          </LanguageProvider>
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  </StrictMode>,
);
