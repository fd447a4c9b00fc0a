/**
 * What may stand beside the event folders in the folder of a site's own hook, and never goes to a host: `hooks new`
 * makes some of it.
 */
export const BESIDE_EVENTS: readonly string[] = ['README.md', 'LICENSE', 'samples', 'tests', 'packaging'];
