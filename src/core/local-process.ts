/**
 * The environment variable by which what runs on hookfleet's own machine knows the process that has started it: a login
 * by SSH may stand above that, or none any more, and neither tells whether hookfleet is still there.
 */
export const LOCAL_PROCESS = 'HOOKFLEET_PROCESS';
