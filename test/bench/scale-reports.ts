/** One cold process: makes all reports of a run over so many hosts, and prints how long that took, in milliseconds. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { junitReport } from '../../src/report/junit.ts';
import { metricsReport } from '../../src/report/metrics.ts';
import { pageReport } from '../../src/report/page/page.ts';
import { fleetStory } from '../report/fleet-story.ts';

const [folder = '', hosts = '1000'] = process.argv.slice(2);
const story = fleetStory(Number(hosts));
const startedAt = performance.now();
writeFileSync(join(folder, 'fleet.xml'), junitReport(story));
writeFileSync(join(folder, 'fleet.prom'), metricsReport(story, undefined));
writeFileSync(join(folder, 'fleet.html'), pageReport(story, new Map()));
process.stdout.write(String(performance.now() - startedAt));
