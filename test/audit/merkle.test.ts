import { createHash } from 'node:crypto';

import fc from 'fast-check';
import t from 'tap';

import { growTree } from '../../audit/merkle/grow-tree.ts';
import { HASH_OCTETS } from '../../audit/merkle/hash-source.ts';
import type { HashSource } from '../../audit/merkle/hash-source.ts';
import { consistencyProof, inclusionProof } from '../../audit/merkle/prove.ts';
import { parseTilePath, tilePath, tilesBetween } from '../../audit/merkle/tile-path.ts';
import { EMPTY_ROOT, leafHash, nodeHash, rootHash } from '../../audit/merkle/tree-hash.ts';
import { TreeRoots } from '../../audit/merkle/tree-roots.ts';
import { verifyConsistency, verifyInclusion } from '../../audit/merkle/verify-proof.ts';

/** The definition of RFC 6962 §2.1, word for word: what everything else is held against. */
function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}

const LEAVES = Array.from({ length: 70_000 }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));

/** Levels as the database keeps them, grown batch by batch. */
async function grown(sizes: readonly number[]): Promise<HashSource> {
  const levels: Buffer[] = [Buffer.alloc(0)];
  const source: HashSource = {
    hashes: async (level, start, count) => {
      const wanted = levels[level].subarray(start * HASH_OCTETS, (start + count) * HASH_OCTETS);
      if (wanted.length !== count * HASH_OCTETS) throw new Error(`level ${level} has no ${start}+${count}`);
      return wanted;
    },
  };
  let size = 0;
  for (const next of sizes) {
    const added = Buffer.concat(LEAVES.slice(size, next));
    const above = await growTree(source, size, added);
    levels[0] = Buffer.concat([levels[0], added]);
    for (const { level, start, hashes } of above) {
      const before = (levels as (Buffer | undefined)[])[level] ?? Buffer.alloc(0);
      if (before.length !== start * HASH_OCTETS) throw new Error('a level has a gap');
      levels[level] = Buffer.concat([before, hashes]);
    }
    size = next;
  }
  return source;
}

t.test('hashes are those of RFC 6962', async (t) => {
  t.equal(EMPTY_ROOT.toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  t.equal(
    leafHash(Buffer.alloc(0)).toString('hex'),
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'of the empty leaf, as in its reference implementations',
  );
});

t.test('roots and proofs hold for every size, however the tree has grown', async (t) => {
  const sizes = [1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 1000, 65_535, 65_536, 65_537, 70_000];
  const source = await grown(sizes);
  for (const size of [0, ...sizes])
    t.strictSame(await rootHash(source, size), treeHash(LEAVES.slice(0, size)), `root of ${size}`);
  const roots = new TreeRoots(source);
  for (let size = 0; size <= 600; size += 1)
    if (!(await roots.rootOf(size)).equals(treeHash(LEAVES.slice(0, size)))) t.fail(`root of ${size}`);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 70_000 }), fc.nat(), fc.nat(), async (size, a, b) => {
      const root = await rootHash(source, size);
      const leafIndex = a % size;
      const proof = await inclusionProof(source, leafIndex, size);
      verifyInclusion({ leafHash: LEAVES[leafIndex], leafIndex, size, root, proof });
      const oldSize = b % (size + 1);
      const oldRoot = await rootHash(source, oldSize);
      t.strictSame(await roots.rootOf(size), root, `one of many roots: ${size}`);
      t.strictSame(await roots.rootOf(oldSize), oldRoot, `and ${oldSize} after it`);
      const consistency = await consistencyProof(source, oldSize, size);
      verifyConsistency({ oldSize, oldRoot, size, root, proof: consistency });
    }),
    { numRuns: 60 },
  );
});

t.test('a proof that was touched proves nothing', async (t) => {
  const source = await grown([300]);
  const size = 300;
  const root = await rootHash(source, size);
  const proof = await inclusionProof(source, 77, size);
  const other = leafHash(Buffer.from('another'));
  const inclusion = { leafHash: LEAVES[77], leafIndex: 77, size, root, proof };
  const wrongInclusions = {
    leaf: { ...inclusion, leafHash: other },
    index: { ...inclusion, leafIndex: 78 },
    'index beyond': { ...inclusion, leafIndex: 300 },
    root: { ...inclusion, root: other },
    shorter: { ...inclusion, proof: proof.slice(1) },
    longer: { ...inclusion, proof: [...proof, other] },
    'another hash': { ...inclusion, proof: [other, ...proof.slice(1)] },
  };
  for (const [name, wrong] of Object.entries(wrongInclusions))
    t.throws(() => verifyInclusion(wrong), { code: 'proof-wrong' }, name);
  const consistency = {
    oldSize: 200,
    oldRoot: await rootHash(source, 200),
    size,
    root,
    proof: await consistencyProof(source, 200, size),
  };
  const wrongConsistencies = {
    'old root': { ...consistency, oldRoot: other },
    root: { ...consistency, root: other },
    'old size': { ...consistency, oldSize: 199 },
    'older than new': { ...consistency, oldSize: 301 },
    empty: { ...consistency, proof: [] },
    longer: { ...consistency, proof: [...consistency.proof, other] },
    'same size, other root': { ...consistency, oldSize: size, proof: [] },
    'from nothing, with a root': { ...consistency, oldSize: 0, proof: [] },
  };
  for (const [name, wrong] of Object.entries(wrongConsistencies))
    t.throws(() => verifyConsistency(wrong), { code: 'proof-wrong' }, name);
  await t.rejects(inclusionProof(source, 300, 300), { code: 'tree-size' });
  await t.rejects(consistencyProof(source, 301, 300), { code: 'tree-size' });
});

t.test('tiles have one name each', async (t) => {
  t.equal(tilePath({ level: 0, index: 1_234_067, width: 256 }), 'tile/0/x001/x234/067');
  t.equal(tilePath({ level: 'entries', index: 5, width: 112 }), 'tile/entries/005.p/112');
  t.strictSame(parseTilePath('entries/x001/x234/067.p/8'), { level: 'entries', index: 1_234_067, width: 8 });
  for (const wrong of [
    '64/000',
    '0/67',
    '0/067.p/256',
    '0/067.p/0',
    '0/x000/067',
    '0/001/067',
    '0/067/',
    '../0/067',
    '00/067',
  ])
    t.equal(parseTilePath(wrong), undefined, wrong);
  t.strictSame(
    [...tilesBetween(250, 515)].map(tilePath),
    ['tile/0/000', 'tile/0/001', 'tile/0/002.p/3', 'tile/1/000.p/2'],
    'what a tree that has grown shows anew',
  );
});
