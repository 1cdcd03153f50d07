{% comment %} The service worker: keeps the shell, and the registration that met no network. {% endcomment %}"use strict";

importScripts("{{ outbox }}");

const NAME = "fq-{{ version }}";
const PAGE = "{{ page }}";
const REGISTER = "{{ register }}";
const KEPT = [{% for file in kept %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const HASHED = /\.[0-9a-f]{12}\.[a-z0-9]+$/;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(clear()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(navigate(event.request, address));
  else if (KEPT.includes(address.pathname) && event.request.method === "GET") event.respondWith(file(event.request));
});

async function fill() {
  const cache = await caches.open(NAME);
  await cache.addAll([...KEPT, PAGE].map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
}

async function clear() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("fq-") && name !== NAME).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/* The network always comes first; nothing that it says is kept, because it is about people. */
async function navigate(request, address) {
  const copy = request.method === "POST" && address.pathname === REGISTER ? request.clone() : null;
  try {
    return await fetch(request);
  } catch (error) {
    if (copy) return keepForm(copy, error);
    if (request.method !== "GET") throw error;
    return (await caches.match(PAGE)) || Response.error();
  }
}

async function keepForm(request, error) {
  if (!self.fqOutbox.works()) throw error;
  await self.fqOutbox.keep((await request.formData()).entries());
  return Response.redirect(`${PAGE}?kept=1`, 303);
}

/* Files whose name tells their content never change; others are asked for while there is a network. */
async function file(request) {
  const kept = await caches.match(request);
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
