import type { TypedApp } from '../typed-app.ts';

/**
 * What a login link opens. The secret stands behind `#`, so it reaches neither server logs nor referrers, and opening
 * the link uses nothing up: mail scanners and previews do that. The button does.
 */
export function signInPageRoute(app: TypedApp): void {
  for (const [path, mediaType, body] of [
    ['/sign-in', 'text/html', HTML],
    ['/sign-in.js', 'text/javascript', SCRIPT],
  ]) {
    app.get(path, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
      reply.type(`${mediaType}; charset=utf-8`).header('cache-control', 'no-store').send(body),
    );
  }
}

const HTML = `<!doctype html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>مُهر — ورود · Mohr — sign in</title>
<script src="/sign-in.js" defer></script>
</head>
<body>
<main>
<h1>مُهر</h1>
<p>برای ورود دکمه را بزنید. این پیوند فقط یک بار کار می‌کند.</p>
<p lang="en" dir="ltr">Press the button to sign in. This link works once.</p>
<button id="enter" type="button">ورود · Sign in</button>
<p id="message" role="status"></p>
</main>
</body>
</html>
`;

const SCRIPT = `const message = document.getElementById('message');
document.getElementById('enter').addEventListener('click', async () => {
  const response = await fetch('/api/v1/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ loginLink: location.hash.slice(1) }),
  });
  if (response.ok) location.replace('/docs');
  else message.textContent = 'این پیوند استفاده شده یا منقضی است. · This link was used or has expired.';
});
`;
