// What this phone keeps, in IndexedDB, so that it outlives a closed app:
//   queue     what was tapped, in the order it was tapped, until the school has it and a day more
//   person    who is signed in on this phone, as the school last described it (one record)
//   settings  a person's choice about location, until the school has been told
// Nothing else is kept: no page with a name in it, no password, no CSRF token.

const NAME = "portico-check-in";
const VERSION = 1;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const queue = request.result.createObjectStore("queue", {
        keyPath: "number",
        autoIncrement: true,
      });
      queue.createIndex("key", "key", { unique: true });
      request.result.createObjectStore("person");
      request.result.createObjectStore("settings", { keyPath: "user" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Run work(store) in one transaction; what it returns (or a request's result) comes back once
// the transaction is durable, so whoever awaits it may tell the student "saved".
export async function within(storeName, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(storeName, mode, { durability: "strict" });
      const result = work(transaction.objectStore(storeName));
      transaction.oncomplete = () =>
        resolve(result instanceof IDBRequest ? result.result : result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
