import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';

// What would be an attack's first foothold, looked for in every source file of the product. Each place that looks like one and is
// none stands here with its reason; a row that nothing needs any more fails too.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const house = JSON.parse(readFileSync(join(ROOT, 'test/support/house.json'), 'utf8')) as {
  folders: Record<string, unknown>;
};
const FOLDERS = Object.keys(house.folders).filter((name) => name !== 'test' && name !== 'bench');

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => {
      const path = `${folder}/${name}`;
      return { path, text: withoutComments(readFileSync(join(ROOT, path), 'utf8')) };
    }),
);

function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/^\s*\/\/.*$/gm, '');
}

/** Places of a pattern, without those that a table excuses; each of its rows has to excuse something. */
function places(pattern: RegExp, excused: Readonly<Record<string, string>> = {}, where = /./): string[] {
  const found = new Map<string, string>();
  for (const { path, text } of sources.filter((one) => where.test(one.path)))
    for (const line of text.split('\n')) if (pattern.test(line)) found.set(path, line.trim());
  const left = [...found].filter(([path]) => !(path in excused)).map(([path, line]) => `${path}: ${line}`);
  const unneeded = Object.keys(excused).filter((path) => !found.has(path));
  return [...left, ...unneeded.map((path) => `${path}: nothing to excuse`)];
}

const SECRET = String.raw`(?:secret|token|password|passphrase|hmac|\bmac|pin|code|nonce|challenge|verifier)\b`;
/** Two values of a program; a comparison with a literal tells nothing about a secret, and `.code` is an error's. */
const COMPARED = new RegExp(
  [
    String.raw`(?<!\.)\b\w*${SECRET}\s*(?:===|!==)\s*(?!undefined|null|true|false|typeof|['"\d]|[A-Z_]{3,}\b)[A-Za-z]`,
    String.raw`(?:===|!==)\s*[\w.?]*${SECRET}(?!\()`,
    String.raw`${SECRET}\)?\??\.equals\(`,
  ].join('|'),
);
/** Where people’s secrets, sessions and tokens are: parsers, documents and lints have none. */
const WITH_SECRETS = /^(ra|signing|api|oauth|passkeys|messages|registers|keys|tsa|cli|ocsp)\//;

/** None of these is a secret that somebody could learn by the time that a comparison takes. */
const COMPARED_ALL_THE_SAME: Record<string, string> = {
  'ra/passkeys/challenged-response.ts': 'a text with itself, encoded again; the store looks for its hash',
  'signing/devices/answer-session.ts': 'a wrong code ends the session: there is no second try to measure',
  'signing/display/fhir-prescription.ts': 'the code of a unit',
  'cli/augmentation/http-time-stamper.ts': 'a nonce that went out in the clear',
  'cli/card-agent/terminal-prompter.ts': 'a code that stands on the same terminal',
  'cli/card-agent/card-work.ts': 'the state of a PIN',
  'keys/card/card-type.ts': 'the label of a token',
  'keys/attestation/judge-android-key.ts': 'a challenge that was given to whoever shows it',
};

t.test('no secret is compared octet by octet until the first that differs', (t) => {
  t.strictSame(places(COMPARED, COMPARED_ALL_THE_SAME, WITH_SECRETS), []);
  const constant = sources.filter(({ text }) => /timingSafeEqual\(/.test(text)).map(({ path }) => path);
  for (const path of [
    'cli/metrics-token.ts',
    'cli/card-agent/request-mac.ts',
    'cli/card-agent/prompt-pages.ts',
    'ra/self-service/secret-hash.ts',
  ])
    t.ok(constant.includes(path), `${path} compares in one time`);
  // Links, sessions and tokens are looked up by the hash of 256 random bits, which nobody can approach octet by octet.
  for (const path of [
    'ra/sign-in.ts',
    'signing/devices/device-login.ts',
    'signing/relying-parties/authenticate-client.ts',
  ])
    t.match(sources.find((one) => one.path === path)?.text, /sha256/i, `${path} looks up a hash`);
  t.end();
});

t.test('random numbers that matter come from the operating system', (t) => {
  t.strictSame(places(/Math\.random\(/), []);
  t.end();
});

t.test('no text becomes a program', (t) => {
  t.strictSame(places(/\beval\(|new Function\(|\bvm\.run|shell: true|\bexec(Sync)?\(['"`]/), []);
  const page = /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|\bdocument\.write\(/;
  t.strictSame(places(page, { 'signing/pades/reserved-contents.ts': 'a PDF, and octets into a Buffer' }), []);
  t.end();
});

t.test('no text becomes SQL', (t) => {
  // Statements are put together of constants and of fragments; what comes from outside has these names, and goes by parameters.
  const statement = String.raw`\b(?:select|insert|update|delete|where|values|order by|limit)\b.*`;
  const foreign = String.raw`\$\{(?!conditions\.)[^}]*\b(?:filter|input|body|request|params|applicant|officer|query|text)\b`;
  const excused = {
    'db/pg-certificate-directory.ts': 'a statement of its own, whose values are parameters',
    'db/pg-certificate-store.ts': 'the number of a parameter',
    'db/told-questions.ts': 'the name of an action',
  };
  t.strictSame(places(new RegExp(statement + foreign), excused, /^db\//), []);
  t.end();
});

t.test('nobody’s certificate is taken without being verified', (t) => {
  const accepting = /rejectUnauthorized: false|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity/;
  const excused = { 'api/tls-listener.ts': 'of clients, whose certificate is judged where it is used' };
  t.strictSame(places(accepting, excused), []);
  t.end();
});

t.test('no broken algorithm protects anything', (t) => {
  t.strictSame(places(/createHash\(['"]md5|createCipheriv\(['"](des|rc4|bf|aes-\d+-ecb)/i), []);
  t.end();
});
