// biome-ignore lint/style/noDefaultExport: ava reads its settings from the default export
export default {
  files: ['test/**/*.test.ts', '!test/lab/**', '!test/differential/**', '!test/browser/**'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  timeout: '60s',
};
