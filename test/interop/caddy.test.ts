import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { freePort } from '../support/free-port.ts';
import { runProgram } from '../support/run-program.ts';
import { serveOcsp } from '../support/served-ocsp.ts';

// Caddy staples what Go's x/crypto/ocsp has read and verified: the reader of most programs that are written in Go.

for (const responderKey of ['p-256', 'rsa-2048'] as const) {
  t.test(`Go reads the answer of a ${responderKey} responder: Caddy staples it`, async (t) => {
    const { folder } = await serveOcsp(t, { responderKey });
    const file = (name: string) => join(folder, name);
    const port = await freePort();
    writeFileSync(
      file('chain.pem'),
      ['requestor.pem', 'issuer.pem'].map((name) => readFileSync(file(name), 'utf8')).join('\n'),
    );
    const server = {
      listen: [`127.0.0.1:${port}`],
      // The certificate is a person's: no server name selects it.
      tls_connection_policies: [{ certificate_selection: { any_tag: ['stapled'] } }],
      automatic_https: { disable: true },
    };
    const certificate = { certificate: file('chain.pem'), key: file('requestor.key'), tags: ['stapled'] };
    const configuration = {
      admin: { disabled: true },
      apps: {
        http: { servers: { stapling: server } },
        tls: { certificates: { load_files: [certificate] } },
      },
    };
    writeFileSync(file('caddy.json'), JSON.stringify(configuration));
    const caddy = spawn('/usr/bin/caddy', ['run', '--config', 'caddy.json'], {
      cwd: folder,
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    caddy.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
    t.teardown(async () => {
      caddy.kill('SIGTERM');
      if (caddy.exitCode === null) await once(caddy, 'exit');
    });
    // It fetches what it staples before it listens.
    while (!printed.includes('serving initial configuration') && caddy.exitCode === null)
      await Promise.race([once(caddy.stderr, 'data'), once(caddy, 'exit')]);
    const line = ['s_client', '-connect', `127.0.0.1:${port}`, '-status', '-CAfile', 'issuer.pem'];
    const { output } = await runProgram('openssl', line, { folder });
    t.match(output, /OCSP Response Status: successful[\s\S]*Cert Status: good/, printed);
    t.notMatch(printed, /stapling OCSP/, 'it complains of nothing');
  });
}
