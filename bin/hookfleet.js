#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { main } from '../dist/cli/main.js';

/** A run lasts seconds, much of which V8 would spend on compiling anew what is soon done: it does so ten times as late. */
const LATE = new Map([
  ['20', '--interrupt-budget=700000'],
  ['22', '--invocation-count-for-turbofan=30000'],
]);

// V8 complains of a flag that it does not know, so other versions are left alone.
const flag = LATE.get(process.versions.node.split('.')[0]);
if (flag !== undefined) {
  setFlagsFromString(flag);
}
process.exitCode = await main(process.argv.slice(2));
