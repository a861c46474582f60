import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The service replaces it in every page that it sends, together with the nonce of its Content-Security-Policy. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

export const configuration = defineConfig({
  base: '/',
  plugins: [react()],
  html: { cspNonce: NONCE_PLACEHOLDER },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    rolldownOptions: {
      input: {
        console: 'index.html',
        phone: 'phone.html',
        verify: 'verify.html',
        worker: 'worker/worker.ts',
      },
      output: {
        // A service worker is known by its address, and is asked for anew under the same.
        entryFileNames: ({ name }) => (name === 'worker' ? 'phone/worker.js' : 'assets/[name]-[hash].js'),
      },
    },
    // Fonts and pictures are files: the policy admits no data: font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
});

export { configuration as default };
