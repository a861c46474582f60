import { createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { AgentError } from '../agent-error.ts';

/** What a release's signature stands for. */
export interface Release {
  version: string;
  /** Of the package, hexadecimal. */
  sha256: string;
}

/** Three lines: what it is, which version, and the package's digest. */
const STATEMENT = /^mohr release\nversion: (\d{1,6}\.\d{1,6}\.\d{1,6})\nsha256: ([0-9a-f]{64})\n$/;

/** Reads a public Ed25519 key (PEM); throws AgentError `update-unreadable` for anything else. */
export function readReleaseKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below.
  }
  throw new AgentError('update-unreadable', 'the release key is no public Ed25519 key in PEM');
}

/**
 * Verifies a package against its signed statement. Throws AgentError `update-unsigned` (no statement, another key, another
 * package) or `update-older` (not newer than what runs: an old package with an old fault is signed, too).
 */
export function verifyRelease(
  parts: { package: Buffer; statement: string; signature: Buffer },
  { releaseKey, running }: { releaseKey: KeyObject; running: string },
): Release {
  if (!verify(null, Buffer.from(parts.statement), releaseKey, parts.signature))
    throw new AgentError('update-unsigned', 'the statement is not signed by the pinned release key');
  const match = STATEMENT.exec(parts.statement);
  if (!match) throw new AgentError('update-unsigned', 'what is signed is no statement of a release');
  const [, version, sha256] = match;
  const digest = createHash('sha256').update(parts.package).digest();
  if (!timingSafeEqual(digest, Buffer.from(sha256, 'hex')))
    throw new AgentError('update-unsigned', 'the package is not the one that was signed');
  if (!isNewer(version, running))
    throw new AgentError('update-older', `the package is ${version}, what runs is ${running}`);
  return { version, sha256 };
}

function isNewer(version: string, running: string): boolean {
  const [ours, theirs] = [running, version].map((text) => text.split('.').map(Number));
  const at = theirs.findIndex((part, index) => part !== ours[index]);
  return at >= 0 && theirs[at] > ours[at];
}
