import type { DocumentNode, DocumentObject } from './document-tree.ts';

/** The objects that stand under a name. */
export function objectsAt(parent: DocumentObject, name: string): DocumentObject[] {
  return (parent.members.get(name) ?? []).filter((node): node is DocumentObject => node.kind === 'object');
}

/** The first text at the end of a path. */
export function textAt(parent: DocumentObject, ...path: readonly string[]): string | undefined {
  let nodes: readonly DocumentNode[] = [parent];
  for (const name of path)
    nodes = nodes.flatMap((node) => (node.kind === 'object' ? (node.members.get(name) ?? []) : []));
  return nodes.find((node) => node.kind === 'leaf')?.text;
}
