import { FormatError } from '../format-error.ts';
import { PdfStream } from './pdf-value.ts';
import type { PdfView } from './pdf-view.ts';

/** The document security store (ETSI EN 319 142-1 §5.4.2, ISO 32000-2 §12.8.4.3), in DER. */
export interface SecurityStore {
  certificates: readonly Buffer[];
  crls: readonly Buffer[];
  ocspResponses: readonly Buffer[];
}

/** Of each kind, those of the entries for single signatures included. */
const VALUES_MAX = 512;

const EMPTY: SecurityStore = { certificates: [], crls: [], ocspResponses: [] };

/** Reads what is in the store of a view; values that cannot be read are left out. */
export function readSecurityStore(view: PdfView): SecurityStore {
  const store = view.dictionary(view.catalog.get('DSS'));
  if (!store) return EMPTY;
  const perSignature = [...(view.dictionary(store.get('VRI'))?.entries.values() ?? [])]
    .slice(0, VALUES_MAX)
    .flatMap((entry) => view.dictionary(entry) ?? []);
  const collect = (whole: string, single: string) =>
    valuesIn(view, [
      ...view.array(store.get(whole)),
      ...perSignature.flatMap((entry) => view.array(entry.get(single))),
    ]);
  return {
    certificates: collect('Certs', 'Cert'),
    crls: collect('CRLs', 'CRL'),
    ocspResponses: collect('OCSPs', 'OCSP'),
  };
}

function valuesIn(view: PdfView, values: ReturnType<PdfView['array']>): Buffer[] {
  const streams = new Set<PdfStream>();
  for (const value of values) {
    const stream = view.resolve(value);
    if (stream instanceof PdfStream) streams.add(stream);
    if (streams.size === VALUES_MAX) break;
  }
  return [...streams].flatMap((stream) => dataOf(view, stream) ?? []);
}

/** One value that is broken does not take the others with it. */
function dataOf(view: PdfView, stream: PdfStream): Buffer | undefined {
  try {
    return view.decodedData(stream);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
