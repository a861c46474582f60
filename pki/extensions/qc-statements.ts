import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE, PKIX } from '../oid.ts';

export interface QcStatement {
  id: string;
  /** Encoding of statementInfo. */
  info?: Buffer;
}

/** QCStatements (RFC 3739 §3.2.6) saying only that serialNumber follows ETSI EN 319 412-1 §5.1.3 (`PNOIR-…`). */
export function naturalPersonSemanticsExtension(): Extension {
  const info = asn1.sequence(asn1.oid(PKIX.qcsSemanticsNatural));
  const statement = asn1.sequence(asn1.oid(PKIX.qcStatementSemantics), info);
  return { oid: CE.qcStatements, critical: false, value: asn1.sequence(statement) };
}

export function parseQcStatements(value: Uint8Array): QcStatement[] {
  const list = openWhole(value);
  const statements: QcStatement[] = [];
  while (!list.atEnd) {
    const statement = list.into(TAG.sequence);
    const id = oidOf(statement.read(TAG.oid));
    const info = statement.rest;
    statements.push({ id, ...(info.length > 0 && { info }) });
  }
  return statements;
}
