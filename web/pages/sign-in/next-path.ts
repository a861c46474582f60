/** Where the officer wanted to go: a path of this console; anything else (`//host`, `https:`) is not followed. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next');
  return next !== null && /^\/(?![/\\])/.test(next) ? next : '/';
}
