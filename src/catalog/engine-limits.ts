/**
 * How many definitions one value may hold: engine-config validates it with a recursive regex; 400 short definitions pass,
 * about 530 overflow its stack.
 */
export const MOST_DEFINITIONS = 450;
