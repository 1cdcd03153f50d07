{% comment %} The service worker of wall screens: keeps the empty frame, never a figure. {% endcomment %}"use strict";

const NAME = "wall-{{ version }}";
const PAGE = "{{ page }}";
const KEPT = [{% for file in kept %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(clear()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(first(event.request, PAGE));
  else if (KEPT.includes(address.pathname)) event.respondWith(first(event.request, address.pathname));
});

async function fill() {
  const cache = await caches.open(NAME);
  await cache.addAll([...KEPT, PAGE].map((address) => new Request(address, { cache: "reload", credentials: "omit" })));
  await self.skipWaiting();
}

async function clear() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("wall-") && name !== NAME).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/* The network first. A server that is just coming up answers 502 through its proxy: then what is kept, too. */
async function first(request, address) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
  } catch {
    /* The server is away. */
  }
  return (await caches.match(address)) || Response.error();
}
