/** The settings as options of the command line; their names and kinds are those of the command line itself. */

/** Settings of the extension itself, which the command line does not know. */
const OWN = new Set(["command", "apps", "trace.server"]);

/**
 * The options for some settings; those that are empty are left out, so that the app's own configuration counts.
 *
 * @param settings - Values by name, without the extension's prefix.
 */
export function options(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (OWN.has(name)) {
      return [];
    }
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    return text === "" ? [] : [`--${name}`, text];
  });
}
