import { FormatError } from '../format-error.ts';
import { decodeStream } from './decode-stream.ts';
import { PdfStream } from './pdf-value.ts';
import type { PdfDictionary } from './pdf-value.ts';
import type { PdfView } from './pdf-view.ts';
import { ReadingBudget } from './reading-budget.ts';

/** The document security store (ETSI EN 319 142-1 §5.4.2, ISO 32000-2 §12.8.4.3), in DER. */
export interface SecurityStore {
  certificates: readonly Buffer[];
  crls: readonly Buffer[];
  ocspResponses: readonly Buffer[];
}

/** Of each kind, those of the entries for single signatures included. */
const VALUES_MAX = 512;

/** Certificates and OCSP responses have kilobytes; a CRL may have megabytes. */
const VALUE_OCTETS_MAX = 32 * 1024 * 1024;

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
  const budget = new ReadingBudget(VALUE_OCTETS_MAX);
  return [...streams].flatMap((stream) => dataOf(view, stream, budget) ?? []);
}

/** One value that is broken does not take the others with it. */
function dataOf(view: PdfView, stream: PdfStream, budget: ReadingBudget): Buffer | undefined {
  try {
    return decodeStream(resolvedFilters(view, stream.dictionary), view.storedData(stream), budget);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function resolvedFilters(view: PdfView, dictionary: PdfDictionary): PdfDictionary {
  return dictionary.with({
    Filter: view.resolve(dictionary.get('Filter')),
    DecodeParms: view.resolve(dictionary.get('DecodeParms')),
  });
}
