import { idOf } from './ids.ts';
import type { Route } from './route.ts';

export interface JobWish {
  readonly description: string;
  /** `started` by default. */
  status?: string;
}

/** `/jobs`: all of them, also those that are done. */
export function jobRoutes(jobs: readonly JobWish[]): Route[] {
  return [
    {
      method: 'GET',
      path: /^\/jobs$/,
      answer: () => ({
        json:
          jobs.length === 0
            ? {}
            : {
                job: jobs.map(({ description, status = 'started' }) => ({
                  id: idOf('job', description),
                  description,
                  status,
                  auto_cleared: 'true',
                  external: 'false',
                  start_time: 1_795_000_000_000,
                  owner: { id: idOf('user', 'admin') },
                })),
              },
      }),
    },
  ];
}
