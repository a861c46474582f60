import { bench } from './bench.ts';
import { campaign } from './campaign/campaign.ts';
import { ceremony } from './ceremony/ceremony.ts';
import { demo } from './demo/demo.ts';
import { fsck } from './fsck/fsck.ts';
import { keys } from './keys/keys.ts';
import { lint } from './lint.ts';
import { serve } from './serve.ts';

export interface Command {
  name: string;
  usage: string;
  summary: string;
  /** Resolves to the exit code. */
  run(args: string[]): Promise<number>;
}

export const COMMANDS: readonly Command[] = [
  { name: 'serve', usage: 'serve [flags]', summary: 'run the service', run: serve },
  {
    name: 'ceremony',
    usage: 'ceremony <file.yaml> [flags]',
    summary: 'run one reviewed act: keys, certificates and CRLs of authorities',
    run: ceremony,
  },
  {
    name: 'campaign',
    usage: 'campaign issue|renew|re-key|revoke [flags]',
    summary: 'issue, renew, re-key or revoke by the thousand',
    run: campaign,
  },
  {
    name: 'keys',
    usage: 'keys bench|block|list [flags]',
    summary: 'measure, block or list keys',
    run: keys,
  },
  {
    name: 'lint',
    usage: 'lint <file> [--issuer <file>] [--json]',
    summary: 'what the rules say of certificates, CRLs and OCSP responses',
    run: lint,
  },
  {
    name: 'bench',
    usage: 'bench <name> [--json]',
    summary: 'measure, beside the peers that are installed',
    run: bench,
  },
  {
    name: 'fsck',
    usage: 'fsck [--repair] [flags]',
    summary: 'check every record, complete what a crash left',
    run: fsck,
  },
  { name: 'demo', usage: 'demo', summary: 'run the whole main job once, against a fresh service', run: demo },
];
