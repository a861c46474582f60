// Imported first in each process of a test: tsx is for who starts from a source; what was compiled before starts without it, and a
// second sooner. Processes pass their arguments on to those that they start, which may be of either kind.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

// PGlite is nine megabytes of WebAssembly. V8 would compile the busiest of it once more, and better, in threads of its own: over a
// second of CPU, which no process of a test lives long enough to earn.
setFlagsFromString('--liftoff-only');

if (process.argv[1]?.endsWith('.ts')) await import('tsx');
