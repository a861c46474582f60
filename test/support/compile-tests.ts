import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

/**
 * Compiles test files, and the programs that tests start, with all of our own that they import, into modules that share what
 * they have in common: a process then loads some tens of files in place of a thousand. Resolves to where each has gone.
 */
export async function compileTests(
  root: string,
  folder: string,
  files: readonly string[],
): Promise<Map<string, string>> {
  await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: folder,
    outbase: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    plugins: [packages, sourceUrls],
  });
  return new Map(files.map((file) => [file, join(relative(root, folder), file.replace(/\.ts$/, '.mjs'))]));
}

/** Of hundreds of small files, which find nothing by where they stand: they are compiled with what imports them. */
const COMPILED_PACKAGES = new Set(['typebox', 'jose']);

/** All others are what npm has installed, as they are in production. */
const packages: Plugin = {
  name: 'packages',
  setup(compiler) {
    compiler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
      return kind === 'entry-point' || COMPILED_PACKAGES.has(name) ? undefined : { path, external: true };
    });
  },
};

/** Modules keep the address of their source: what lies beside it is found, and threads and processes start from it. */
const sourceUrls: Plugin = {
  name: 'source-urls',
  setup(compiler) {
    compiler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const own = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      const contents = source.replace(
        /\bimport\.meta\.(url|dirname|filename)\b/g,
        (_, name: keyof typeof own) => JSON.stringify(own[name]),
      );
      return { contents, loader: 'ts' };
    });
  },
};
