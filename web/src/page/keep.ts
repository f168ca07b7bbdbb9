// Has a service worker keep the files of the page for the next visit.

/** Milliseconds that a first visit waits for the service worker, which then sees what is loaded, and keeps it. */
const PATIENCE = 3000;

// Not everywhere: some private windows have none.
const services = navigator.serviceWorker as ServiceWorkerContainer | undefined;

/**
 * Start the service worker, and wait until it sees what is loaded. Without one the page works all the same, and loads
 * everything at each visit.
 *
 * @param address - of the service worker
 */
export async function startKeeping(address: string): Promise<void> {
  if (!services) {
    return;
  }
  const seen = new Promise<void>((done) => {
    services.addEventListener("controllerchange", () => done(), { once: true });
  });
  try {
    await services.register(address);
  } catch {
    return;
  }
  if (!services.controller) {
    await Promise.race([seen, new Promise((done) => setTimeout(done, PATIENCE))]);
  }
}

/** Have all files kept that are not yet: those that came before the service worker, and those that nothing needed. */
export function keepAll(): void {
  void services?.ready.then(({ active }) => active?.postMessage("keep all"));
}
