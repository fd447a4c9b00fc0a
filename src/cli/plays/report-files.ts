import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Reporter } from '../../core/event.ts';
import type { RunResult } from '../../core/host-result.ts';
import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import type { FleetData } from '../../report/fleet-data.ts';
import { checkReplaceable, replaceFile } from '../replace-file.ts';
import { allOrProblems } from './gather-problems.ts';
import { type ReportedRun, reportData } from './report-data.ts';

/** The files in which a run is reported, besides what it prints. */
export interface ReportFiles {
  /** To be told how the run goes on. */
  readonly listen: Reporter;
  /**
   * Writes them, each as a whole or not at all.
   * @returns what could not be written, for people: no trouble with them is trouble of the run.
   */
  write(result: RunResult, exitCode: number): Promise<readonly string[]>;
  /** The same where the program itself failed before they were written, with what the run has come to. */
  close(): Promise<readonly string[]>;
}

const KINDS = ['junit', 'metrics', 'html'] as const;
type Kind = (typeof KINDS)[number];

/**
 * Makes ready what `--junit`, `--metrics` and `--html` name; the run begins with this.
 *
 * @throws {InputError} for files that cannot be written, or that are one and the same.
 */
export async function openReportFiles(run: Omit<ReportedRun, 'startedAt'>): Promise<ReportFiles> {
  const { options } = run;
  const startedAt = Date.now();
  const wanted = KINDS.flatMap(kind => {
    const file = options[kind];
    return file === undefined ? [] : [{ kind, file }];
  });
  refuseSame(wanted);
  await allOrProblems(
    wanted.map(({ kind, file }) => checkReplaceable(file, `The file of --${kind} cannot be written`)),
  );
  let latest: RunResult | undefined;
  let isWritten = wanted.length === 0;
  const reports: ReportFiles = {
    listen(event) {
      latest = event.type === 'run-finished' ? event.result : latest;
    },
    async write(result, exitCode) {
      if (isWritten) {
        return [];
      }
      isWritten = true;
      const data = reportData({ ...run, startedAt }, result, exitCode);
      const written = await Promise.allSettled(
        wanted.map(async ({ kind, file }) => replaceFile(file, await textOf(kind, file, await data, run))),
      );
      return written.flatMap((one, i) =>
        one.status === 'fulfilled' ? [] : [warning(wanted[i]?.file ?? '', one.reason)],
      );
    },
    async close() {
      return latest === undefined ? [] : reports.write({ ...latest, stopped: latest.stopped ?? BROKEN }, 1);
    },
  };
  return reports;
}

const BROKEN = 'An error of hookfleet itself has ended the run';

function refuseSame(wanted: readonly { readonly kind: Kind; readonly file: string }[]): void {
  const problems = wanted.flatMap(({ kind, file }, i) =>
    wanted
      .slice(0, i)
      .filter(other => resolve(other.file) === resolve(file))
      .map(other => ({ message: `--${other.kind} and --${kind} name the same file: ${file}` })),
  );
  if (problems.length > 0) {
    throw new InputError(problems);
  }
}

/** What is not asked for is not loaded. */
async function textOf(
  kind: Kind,
  file: string,
  data: FleetData,
  { plays }: Pick<ReportedRun, 'plays'>,
): Promise<string> {
  switch (kind) {
    case 'junit': {
      const { junitReport } = await import('../../report/junit.ts');
      return junitReport(data);
    }
    case 'metrics': {
      const { lastSuccessIn, metricsReport } = await import('../../report/metrics.ts');
      return metricsReport(data, lastSuccessIn(await textIn(file), data));
    }
    case 'html': {
      const { pageReport } = await import('../../report/page/page.ts');
      const hosts = plays.flatMap(play => play.hosts);
      return pageReport(data, new Map(hosts.map(({ name, address }) => [name, [address]])));
    }
  }
}

/** Of a file that is not there, or cannot be read, nothing. */
async function textIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

function warning(file: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `warning: the report ${printable(`${file} cannot be written: ${why}`)}`;
}
