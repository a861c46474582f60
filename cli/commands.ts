import { ceremony } from './ceremony/ceremony.ts';
import { demo } from './demo/demo.ts';
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
  { name: 'demo', usage: 'demo', summary: 'run the whole main job once, against a fresh service', run: demo },
];
