import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from './free-port.ts';

const DEPLOYMENT = new URL('../../docs/deployment/', import.meta.url);

/** Runs nginx with the files of docs/deployment, as they stand but for the addresses of the nodes and the cache's folder. */
export async function runNginx(
  t: { teardown(undo: () => Promise<void>): void },
  folder: string,
  nodes: readonly { port: number }[],
  { apiNodes = [], port }: { apiNodes?: readonly { port: number }[]; port?: number } = {},
): Promise<string> {
  const listening = port ?? (await freePort());
  const text = (name: string) => readFileSync(new URL(name, DEPLOYMENT), 'utf8');
  let upstream = text('nginx-upstream.conf').replace('/var/cache/nginx/mohr-ocsp', join(folder, 'cache'));
  for (const [at, node] of nodes.entries())
    upstream = upstream.replace(`127.0.0.1:${8081 + at}`, `127.0.0.1:${node.port}`);
  for (const [at, node] of apiNodes.entries())
    upstream = upstream.replace(`127.0.0.1:${8091 + at}`, `127.0.0.1:${node.port}`);
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  mkdirSync(join(folder, 'scratch'), { recursive: true });
  writeFileSync(join(folder, 'upstream.conf'), upstream);
  for (const name of ['ocsp', 'api']) writeFileSync(join(folder, `${name}.conf`), text(`nginx-${name}.conf`));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off;
    master_process off;
    pid pid;
    error_log stderr crit;
    events { worker_connections 512; }
    http {
      access_log off;
      ${scratch.map((name) => `${name}_temp_path scratch;`).join('\n')}
      include ${join(folder, 'upstream.conf')};
      server {
        listen 127.0.0.1:${listening};
        include ${join(folder, 'ocsp.conf')};
        ${apiNodes.length > 0 ? `include ${join(folder, 'api.conf')};` : ''}
      }
    }`,
  );
  const nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.teardown(async () => {
    if (nginx.exitCode !== null) return;
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
  });
  return `http://127.0.0.1:${listening}`;
}
