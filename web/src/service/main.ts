// The service worker: keeps all files of the page, so that the next visit loads nothing, and works without a network.

/** The files of this build, without the page itself; written by tools/build_page.py. */
declare const FILES: readonly string[];

const CACHE = "pydeploy-lint";
const worker = self as unknown as ServiceWorkerGlobalScope;
const scope = new URL("./", worker.location.href);
const known = new Set(FILES.map((path) => new URL(path, scope).href));

worker.addEventListener("install", (event) => {
  event.waitUntil(newest().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (event) => {
  event.waitUntil(Promise.all([...known].map(kept)));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = request.url.split(/[?#]/, 1)[0] ?? "";
  if (known.has(url)) {
    event.respondWith(kept(url));
  } else if (request.mode === "navigate" && (url === scope.href || url === `${scope.href}index.html`)) {
    event.respondWith(newest());
  }
});

/** A file whose address changes with its content: one that is there is the right one. */
async function kept(url: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const found = await cache.match(url);
  if (found) {
    return found;
  }
  const response = await fetch(url);
  if (response.ok) {
    await cache.put(url, response.clone());
  }
  return response;
}

/** The page itself, which names the files of its build: the newest one there is. */
async function newest(): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(scope, { cache: "no-cache" });
    if (response.ok) {
      await cache.put(scope, response.clone());
    }
    return response;
  } catch (error) {
    const found = await cache.match(scope);
    if (!found) {
      throw error;
    }
    return found;
  }
}

/** Remove what belongs to other builds. */
async function forgetOthers(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys()) {
    if (!known.has(url) && url !== scope.href) {
      await cache.delete(url);
    }
  }
}
