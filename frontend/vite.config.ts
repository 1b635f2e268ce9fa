import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const stack = process.env['QUEUECRAFT_UI_URL'] ?? 'http://127.0.0.1:3000';

/** The policy that the page carries wherever it is served from; the server's header may only narrow it. */
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'";

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: `${policy}; connect-src 'self' ws: wss:` }, injectTo: 'head-prepend' },
  ],
};

export default defineConfig({
  plugins: [react(), tailwindcss(), contentSecurityPolicy],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // Data URIs would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // What most pages share, in one chunk: dozens of small ones, one for each icon, compress worse.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', test: /src.(lib|components|live|features.(session|live))|lucide-react/, minShareCount: 8 }] } } },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: stack },
      '/config.json': { target: stack },
      '/ws': { target: stack, ws: true },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
