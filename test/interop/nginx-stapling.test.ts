import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { freePort } from '../support/free-port.ts';
import { runProgram } from '../support/run-program.ts';
import { serveOcsp } from '../support/served-ocsp.ts';

/** It fetches with the first connection and staples from the next on. */
const CONNECTIONS_MAX = 50;

for (const responderKey of ['p-256', 'rsa-2048'] as const) {
  t.test(`nginx staples, verified, the answer of a ${responderKey} responder`, async (t) => {
    const { folder } = await serveOcsp(t, { responderKey });
    const port = await freePort();
    const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    mkdirSync(join(folder, 'scratch'));
    // The address of the responder stands in the certificate.
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off;
      master_process off;
      pid pid;
      error_log stderr;
      events { worker_connections 32; }
      http {
        access_log off;
        ${scratch.map((name) => `${name}_temp_path scratch;`).join('\n')}
        server {
          listen 127.0.0.1:${port} ssl;
          ssl_certificate requestor.pem;
          ssl_certificate_key requestor.key;
          ssl_stapling on;
          ssl_stapling_verify on;
          ssl_trusted_certificate issuer.pem;
        }
      }`,
    );
    const nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    nginx.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
    t.teardown(async () => {
      nginx.kill('SIGTERM');
      if (nginx.exitCode === null) await once(nginx, 'exit');
    });
    let output = '';
    for (let count = 0; count < CONNECTIONS_MAX && !output.includes('Cert Status'); count += 1) {
      const line = ['s_client', '-connect', `127.0.0.1:${port}`, '-status', '-CAfile', 'issuer.pem'];
      output = (await runProgram('openssl', line, { folder })).output;
    }
    t.match(output, /OCSP Response Status: successful[\s\S]*Cert Status: good/, printed);
  });
}
