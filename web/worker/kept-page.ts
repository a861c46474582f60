const CACHE = 'mohr-phone';
const PAGE = '/phone';
/** A network that answers later than that is worse than none: the holder stands at a desk. */
const PATIENCE_MILLISECONDS = 4_000;
const NONCE_OCTETS = 16;

/** Keeps the page and every file that it names, and forgets files of older pages. */
export async function keepPage(page?: Response): Promise<void> {
  const fresh = page ?? (await fetch(PAGE, { cache: 'no-store', credentials: 'omit' }));
  if (!fresh.ok) throw new Error(`the page was answered with ${fresh.status}`);
  const cache = await caches.open(CACHE);
  const named = await filesOf(cache, await fresh.clone().text());
  // Last: a page is kept only together with its files.
  await cache.put(PAGE, fresh);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== PAGE && !named.has(pathname)) await cache.delete(request);
  }
}

/** The page of the network, so that a correction reaches every phone with its next start; else the one that was kept. */
export async function answerPage(event: FetchEvent): Promise<Response> {
  const asking = fetch(event.request, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
  try {
    const page = await asking;
    if (page.ok && page.type === 'basic') {
      event.waitUntil(keepPage(page.clone()).catch(() => undefined));
      return page;
    }
    return (await kept()) ?? page;
  } catch (error) {
    const found = await kept();
    if (found) return found;
    throw error;
  }
}

/** Names of files carry a hash of their content: what is kept is right. */
export async function answerAsset(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

/** A nonce is for one start of the page (CSP 3 §7.1), so the kept page gets another each time. */
async function kept(): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  const page = await cache.match(PAGE);
  const policy = page?.headers.get('content-security-policy');
  const nonce = /'nonce-([A-Za-z0-9+/=]+)'/.exec(policy ?? '')?.[1];
  if (!page || !policy || nonce === undefined) return undefined;
  const next = freshNonce();
  const headers = new Headers(page.headers);
  headers.set('content-security-policy', policy.replaceAll(nonce, next));
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response((await page.text()).replaceAll(nonce, next), { headers });
}

/** Scripts and styles that the page links, and fonts that the styles name; each is fetched once. */
async function filesOf(cache: Cache, html: string): Promise<Set<string>> {
  const named = new Set<string>();
  const add = async (path: string): Promise<void> => {
    if (named.has(path)) return;
    named.add(path);
    if (!(await cache.match(path))) await cache.add(path);
    if (!path.endsWith('.css')) return;
    const style = await (await cache.match(path))!.text();
    await Promise.all(pathsIn(style).map(add));
  };
  await Promise.all(pathsIn(html).map(add));
  return named;
}

function pathsIn(text: string): string[] {
  return Array.from(text.matchAll(/\/assets\/[\w.-]+/g), ([path]) => path);
}

function freshNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(NONCE_OCTETS))));
}
