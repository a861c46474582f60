/** A pairing as this browser keeps it; the key cannot be exported. */
export interface StoredPairing {
  agentUrl: string;
  pairingId: string;
  agentId: string;
  key: CryptoKey;
}

/** Where pairings are kept, one for each address of an agent. */
export interface PairingStore {
  get(agentUrl: string): Promise<StoredPairing | undefined>;
  put(pairing: StoredPairing): Promise<void>;
  remove(agentUrl: string): Promise<void>;
  /** A number that this pairing has not used, in any tab. */
  nextCounter(agentUrl: string): Promise<number>;
}

const DATABASE = 'mohr-card-agent';
const PAIRINGS = 'pairings';
const COUNTERS = 'counters';

/** Keeps pairings in IndexedDB: the only place of a browser that takes a key without showing it to the page. */
export function indexedPairings(): PairingStore {
  return {
    get: (agentUrl) =>
      inStore(PAIRINGS, 'readonly', (store) => store.get(agentUrl) as IDBRequest<StoredPairing | undefined>),
    put: async (pairing) => {
      await inStore(COUNTERS, 'readwrite', (store) => store.put(0, pairing.agentUrl));
      await inStore(PAIRINGS, 'readwrite', (store) => store.put(pairing, pairing.agentUrl));
    },
    remove: async (agentUrl) => {
      await inStore(PAIRINGS, 'readwrite', (store) => store.delete(agentUrl));
    },
    nextCounter,
  };
}

/** Read and written in one transaction, which IndexedDB gives to one tab at a time. */
async function nextCounter(agentUrl: string): Promise<number> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(COUNTERS, 'readwrite');
    const store = transaction.objectStore(COUNTERS);
    let next = 0;
    const reading = store.get(agentUrl) as IDBRequest<number | undefined>;
    reading.onsuccess = () => {
      next = (reading.result ?? 0) + 1;
      store.put(next, agentUrl);
    };
    ended(database, transaction, () => resolve(next), reject);
  });
}

async function inStore<T>(
  name: string,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const asking = ask(transaction.objectStore(name));
    ended(database, transaction, () => resolve(asking.result), reject);
  });
}

function ended(
  database: IDBDatabase,
  transaction: IDBTransaction,
  resolve: () => void,
  reject: (reason: Error) => void,
): void {
  transaction.oncomplete = () => {
    database.close();
    resolve();
  };
  transaction.onabort = () => {
    database.close();
    reject(transaction.error ?? new Error('the browser did not store the pairing'));
  };
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(PAIRINGS);
      opening.result.createObjectStore(COUNTERS);
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('the browser keeps no database'));
  });
}
