import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { digestOid } from '../../pki/digest-algorithm.ts';
import { encodeTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../pki/tsp/time-stamp-response.ts';
import type { TimeStamper } from '../../signing/signature-level.ts';
import { opensslTsaFiles } from './openssl-tsa.ts';
import type { FixtureTsa } from './openssl-tsa.ts';
import { runOpenssl } from './run-openssl.ts';

/** Time stamps of `openssl ts -reply` in a folder; they say the time at which the test runs. */
export function opensslTimeStamper(folder: string, tsa: FixtureTsa): TimeStamper {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(opensslTsaFiles(tsa)))
    writeFileSync(join(folder, name), content);
  return {
    stamp: async (digest, hash) => {
      const imprint = { digestOid: digestOid(digest), hash: Buffer.from(hash) };
      writeFileSync(join(folder, 'request.tsq'), encodeTimeStampRequest({ ...imprint, certReq: true }));
      const reply = runOpenssl(['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'request.tsq'], {
        cwd: folder,
      });
      const response = parseTimeStampResponse(reply);
      if (!('token' in response)) throw new Error(`openssl ts: ${response.status}`);
      return response.token;
    },
  };
}
