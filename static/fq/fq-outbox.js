/* Fengqiao: what could not be sent yet, kept on this device. Shared by pages and the service worker.

   An item is the form as it would have been sent, encrypted with a key that this device cannot give away.
   Its key is the form's own number, so that sending it twice registers it once. */
(() => {
  "use strict";

  const NAME = "fq-outbox";
  const ITEMS = "items";
  const SETTINGS = "settings";

  function opened() {
    return new Promise((resolve, reject) => {
      const asking = indexedDB.open(NAME, 1);
      asking.addEventListener("upgradeneeded", () => {
        asking.result.createObjectStore(ITEMS, { keyPath: "key" });
        asking.result.createObjectStore(SETTINGS, { keyPath: "name" });
      });
      asking.addEventListener("success", () => resolve(asking.result));
      asking.addEventListener("error", () => reject(asking.error));
    });
  }

  /* One question to one store; the answer comes when the transaction is on disk. */
  async function ask(store, mode, question) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode);
        const asked = question(transaction.objectStore(store));
        transaction.addEventListener("complete", () => resolve(asked && asked.result));
        transaction.addEventListener("abort", () => reject(transaction.error));
      });
    } finally {
      database.close();
    }
  }

  async function setting(name) {
    const row = await ask(SETTINGS, "readonly", (store) => store.get(name));
    return row && row.value;
  }

  const remember = (name, value) => ask(SETTINGS, "readwrite", (store) => store.put({ name, value }));

  async function cipher() {
    const known = await setting("cipher");
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    /* `add`: of two pages that begin at once, the first one's key stays. */
    await ask(SETTINGS, "readwrite", (store) => store.add({ name: "cipher", value: made })).catch(() => null);
    return setting("cipher");
  }

  async function seal(bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cipher(), bytes) };
  }

  async function unseal(sealed) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, await cipher(), sealed.data);
  }

  /* `entries`: pairs of a form, without its token. Returns the key. */
  async function keep(entries) {
    const texts = [];
    const files = [];
    for (const [name, value] of entries) {
      if (name === "csrfmiddlewaretoken") continue;
      if (typeof value === "string") texts.push([name, value]);
      else if (value.size) files.push({ name, file: value.name, type: value.type, ...(await seal(await value.arrayBuffer())) });
    }
    const key = (texts.find(([name]) => name === "client_id") || [])[1];
    if (!key) throw new Error("This form has no number of its own.");
    const words = await seal(new TextEncoder().encode(JSON.stringify(texts)));
    const person = ((await setting("who")) || {}).person || "";
    await ask(ITEMS, "readwrite", (store) => store.put({ key, person, at: Date.now(), state: "waiting", said: "", words, files }));
    return key;
  }

  async function list() {
    const rows = (await ask(ITEMS, "readonly", (store) => store.getAll())) || [];
    return rows.map(({ key, person, at, state, said }) => ({ key, person, at, state, said })).sort((a, b) => a.at - b.at);
  }

  /* The pairs of an item as they were given to `keep`. */
  async function read(key) {
    const row = await ask(ITEMS, "readonly", (store) => store.get(key));
    if (!row) return null;
    const entries = JSON.parse(new TextDecoder().decode(await unseal(row.words)));
    for (const kept of row.files) entries.push([kept.name, new File([await unseal(kept)], kept.file, { type: kept.type })]);
    return entries;
  }

  async function change(key, news) {
    const row = await ask(ITEMS, "readonly", (store) => store.get(key));
    if (row) await ask(ITEMS, "readwrite", (store) => store.put({ ...row, ...news }));
  }

  const drop = (key) => ask(ITEMS, "readwrite", (store) => store.delete(key));

  /* Encryption and the worker need https, or this very device as the server. */
  const works = () => Boolean(self.indexedDB && self.crypto && self.crypto.subtle);

  self.fqOutbox = { works, keep, list, read, change, drop, setting, remember };
})();
