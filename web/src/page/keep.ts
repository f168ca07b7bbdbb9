// Has a service worker keep the files of the page for the next visit.

/** Milliseconds that a visit waits for it: what is loaded before is not kept. */
const PATIENCE = 3000;

/**
 * Start the service worker, and wait until it sees what is loaded. Without one, as in some private windows, the page
 * works all the same, and loads everything at each visit.
 *
 * @param address - of the service worker
 * @param others - what is loaded later, if at all, and kept all the same
 */
export async function keepFiles(address: string, others: readonly string[]): Promise<void> {
  const services = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!services) {
    return;
  }
  try {
    await services.register(address);
  } catch {
    return;
  }
  if (services.controller) {
    return;
  }
  const controlled = new Promise<void>((done) => {
    services.addEventListener("controllerchange", () => done(), { once: true });
    setTimeout(done, PATIENCE);
  });
  await controlled;
  // The page came before there was anybody to keep it, and so did its scripts.
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  await Promise.all([...loaded, ...others].map((url) => fetch(url)));
}
