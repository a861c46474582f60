import type { DocumentNode, DocumentObject } from '../../prescriptions/document-tree.ts';

/**
 * Reads a tree and remembers what was read: what nobody asked for is shown as it is, so that no value of a document is signed
 * unseen.
 */
export class DocumentReading {
  readonly root: DocumentObject;
  readonly #read = new Set<DocumentNode>();

  constructor(root: DocumentObject) {
    this.root = root;
  }

  /** Objects that stand under a name. */
  objects(parent: DocumentObject | undefined, name: string): DocumentObject[] {
    const found = parent?.members.get(name) ?? [];
    return found.filter((node): node is DocumentObject => node.kind === 'object');
  }

  /** The first text at the end of a path; it counts as read. */
  take(parent: DocumentObject | undefined, ...path: readonly string[]): string | undefined {
    const [name, ...rest] = path;
    for (const node of parent?.members.get(name) ?? []) {
      if (rest.length > 0) {
        const found = node.kind === 'object' ? this.take(node, ...rest) : undefined;
        if (found !== undefined) return found;
      } else if (node.kind === 'leaf' && !this.#read.has(node)) {
        this.#read.add(node);
        return node.text;
      }
    }
    return undefined;
  }

  /** All texts under a name. */
  takeAll(parent: DocumentObject | undefined, name: string): string[] {
    const texts: string[] = [];
    for (let text = this.take(parent, name); text !== undefined; text = this.take(parent, name))
      texts.push(text);
    return texts;
  }

  /** Counts everything under a node as read and returns how many values that were. */
  takeWhole(node: DocumentNode): number {
    if (node.kind === 'leaf') {
      if (this.#read.has(node)) return 0;
      this.#read.add(node);
      return 1;
    }
    let count = 0;
    for (const nodes of node.members.values()) for (const inner of nodes) count += this.takeWhole(inner);
    return count;
  }

  /** Values that nobody has read, but those of names that say nothing to a reader. */
  rest(isSilent: (name: string) => boolean): { path: string; text: string }[] {
    const found: { path: string; text: string }[] = [];
    const walk = (node: DocumentNode, path: string) => {
      if (node.kind === 'leaf') {
        if (!this.#read.has(node)) found.push({ path, text: node.text });
        return;
      }
      for (const [name, nodes] of node.members)
        if (!isSilent(name))
          nodes.forEach((inner, index) =>
            walk(inner, joined(path, nodes.length > 1 ? `${name}[${index}]` : name)),
          );
    };
    walk(this.root, '');
    return found;
  }
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
