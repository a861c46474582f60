const STORAGE_KEY = 'mohr.filing';

/**
 * The Idempotency-Key under which a form is filed: the same for the same content until it is filed, so that a connection that
 * broke before the answer came does not file twice; also after the page was loaded anew.
 */
export async function filingKey(content: string): Promise<string> {
  const octets = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  const digest = Array.from(new Uint8Array(octets), (octet) => octet.toString(16).padStart(2, '0')).join('');
  const [known, key] = (localStorage.getItem(STORAGE_KEY) ?? '').split(' ');
  if (known === digest && key !== undefined) return key;
  const made = crypto.randomUUID();
  localStorage.setItem(STORAGE_KEY, `${digest} ${made}`);
  return made;
}

/** The next form is another one, even with the same content. */
export function forgetFilingKey(): void {
  localStorage.removeItem(STORAGE_KEY);
}
