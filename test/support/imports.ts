import { posix } from 'node:path';

import ts from 'typescript';

/** One import, re-export, `import()` or `import()` type, as written in a file. */
export type Import = { specifier: string; typeOnly: boolean; line: number };

/** The imports of TypeScript source text, in order. */
export function importsOf(path: string, text: string): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ specifier, typeOnly: isTypeOnly(node), line });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The path a relative specifier points to from a file, both relative to the repository. */
export function resolveImport(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) return literal(node.argument);
  if (ts.isCallExpression(node) && isModuleCall(node.expression)) {
    // A computed specifier could reach anything, so it is reported as one that no table allows.
    return literal(node.arguments[0]) ?? `(computed) ${node.arguments[0]?.getText() ?? ''}`;
  }
  return undefined;
}

function isModuleCall(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function literal(node: ts.Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isLiteralTypeNode(node)) return literal(node.literal);
  return ts.isStringLiteralLike(node) ? node.text : undefined;
}

// `import { type X }` still loads the module under verbatimModuleSyntax, so only `import type` counts.
function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  }
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return ts.isImportTypeNode(node);
}
