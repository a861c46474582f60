// Imported first in each process of a test: tsx is for who starts from a source; what was compiled before starts without it, and a
// second sooner. Processes pass their arguments on to those that they start, which may be of either kind.
import process from 'node:process';

if (process.argv[1]?.endsWith('.ts')) await import('tsx');
