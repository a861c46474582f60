import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { digestOid } from '../../pki/digest-algorithm.ts';
import { encodeTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../pki/tsp/time-stamp-response.ts';
import type { TimeStamper } from '../../signing/signature-level.ts';
import { opensslTsaFiles } from './openssl-tsa.ts';
import type { FixtureTsa } from './openssl-tsa.ts';
import { runOpenssl } from './run-openssl.ts';

/** Stamps with `openssl ts` in a folder of the test, at the time of this machine. */
export function opensslTimeStamper(
  t: { testdir(files: Record<string, string>): string },
  tsa: FixtureTsa,
): TimeStamper {
  const cwd = t.testdir(opensslTsaFiles(tsa));
  return {
    stamp: async (digest, hash) => {
      const request = { digestOid: digestOid(digest), hash: Buffer.from(hash), certReq: true };
      writeFileSync(join(cwd, 'request.tsq'), encodeTimeStampRequest(request));
      runOpenssl(['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'request.tsq', '-out', 'reply.tsr'], {
        cwd,
      });
      const response = parseTimeStampResponse(readFileSync(join(cwd, 'reply.tsr')));
      if (!('token' in response)) throw new Error(`openssl ts answers ${response.status}`);
      return response.token;
    },
  };
}
