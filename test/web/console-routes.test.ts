import fastify from 'fastify';
import t from 'tap';

import { answerErrors } from '../../api/answer-errors.ts';
import { CONSOLE_PATHS } from '../../api/console/console-paths.ts';
import { consoleRoutes } from '../../api/console/console-routes.ts';

const PAGE =
  '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/a.js" nonce="__CSP_NONCE__"></script>';

const PAGES = { 'index.html': PAGE, 'phone.html': PAGE, 'verify.html': PAGE };

const AGENT = 'http://127.0.0.1:28447';

async function appOf(folder: string | undefined) {
  const app = fastify();
  answerErrors(app);
  await app.register(async (part) => consoleRoutes(part, { folder, cardAgentUrl: AGENT }));
  return app;
}

t.test('a page bears a nonce of its own, and its policy admits nothing inline or foreign', async (t) => {
  const app = await appOf(t.testdir({ ...PAGES, assets: {} }));
  const nonces = new Set<string>();
  for (const path of CONSOLE_PATHS) {
    const { statusCode, headers, body } = await app.inject(path.replaceAll(/:\w+/g, 'x'));
    t.equal(statusCode, 200, path);
    t.equal(headers['cache-control'], 'no-store');
    const policy = headers['content-security-policy'] as string;
    const [, nonce] = /'nonce-([A-Za-z0-9+/=]{24})'/.exec(policy) ?? [];
    nonces.add(nonce);
    t.equal(body, PAGE.replaceAll('__CSP_NONCE__', nonce));
    t.match(policy, /default-src 'none'; script-src 'self';/);
    t.notMatch(policy.replace(`connect-src 'self' ${AGENT};`, ''), /unsafe|https?:|\*/);
  }
  t.equal(nonces.size, CONSOLE_PATHS.length, 'no nonce twice');
});

t.test('files are sent from the folder of built files only, and may be kept', async (t) => {
  const folder = t.testdir({ ...PAGES, 'secret.txt': 'x', assets: { 'a-1.js': 'void 0;' } });
  const app = await appOf(folder);
  const { statusCode, headers } = await app.inject('/assets/a-1.js');
  t.equal(statusCode, 200);
  t.match(headers, { 'cache-control': /immutable/, 'content-type': /javascript/ });
  for (const path of [
    '/assets/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/none.js',
  ])
    t.ok([403, 404].includes((await app.inject(path)).statusCode), path);
});

t.test('where nothing was built, its addresses say what to do', async (t) => {
  const app = await appOf(undefined);
  const { statusCode, json } = await app.inject('/sign-in');
  t.equal(statusCode, 503);
  t.match(json(), { code: 'console-not-built', detail: /npm run build/ });
  for (const path of ['/phone', '/verify']) t.equal((await app.inject(path)).statusCode, 503, path);
});

t.test("the holder's page has a nonce of its own, and may ask this origin only", async (t) => {
  const app = await appOf(t.testdir({ ...PAGES, assets: {} }));
  const [first, second] = [await app.inject('/phone'), await app.inject('/phone')];
  t.match(first, { statusCode: 200, headers: { 'cache-control': 'no-store' } });
  const policy = first.headers['content-security-policy'] as string;
  t.match(policy, /default-src 'none'; script-src 'self';.*connect-src 'self';.*worker-src 'self'/);
  t.notMatch(policy, /unsafe|https?:|\*/);
  t.not(first.body, second.body, 'no nonce twice');
  t.notMatch(first.body, /__CSP_NONCE__/);
});

t.test('the page that checks signatures has a policy that admits nothing inline or foreign', async (t) => {
  const app = await appOf(t.testdir({ ...PAGES, assets: {} }));
  const [first, second] = [await app.inject('/verify'), await app.inject('/verify')];
  t.match(first, { statusCode: 200, headers: { 'cache-control': 'no-store' } });
  const policy = first.headers['content-security-policy'] as string;
  t.match(policy, /default-src 'none'; script-src 'self';.*connect-src 'self'; form-action 'none'/);
  t.notMatch(policy, /unsafe|https?:|\*|worker/);
  t.not(first.body, second.body, 'no nonce twice');
});

t.test('the service worker of the holder’s page may serve its address, and is looked for anew', async (t) => {
  const phone = { 'worker.js': 'void 0;', 'manifest.webmanifest': '{}', 'icon-192.png': 'x' };
  const app = await appOf(t.testdir({ ...PAGES, assets: {}, phone }));
  const worker = await app.inject('/phone/worker.js');
  t.match(worker, {
    statusCode: 200,
    headers: {
      'service-worker-allowed': '/phone',
      'cache-control': 'no-cache',
      'content-type': /javascript/,
      'content-security-policy': "default-src 'none'; connect-src 'self'",
    },
  });
  t.match(await app.inject('/phone/manifest.webmanifest'), {
    statusCode: 200,
    headers: { 'content-type': /manifest\+json/, 'cache-control': 'no-cache' },
  });
  t.match(await app.inject('/phone/icon-192.png'), { headers: { 'content-type': 'image/png' } });
  t.equal((await app.inject('/phone/none.js')).statusCode, 404);
});
