import { defineConfig } from 'vitest/config'

/** Tests of many random histories, of large inputs and of times: seconds for each mutant that they execute. */
const slow = [
  'test/unit/core/erasure/fold-of-others.test.ts',
  'test/unit/core/state/{mistaken-corrections,mistaken-room-close,void-ends}.test.ts',
  'test/unit/lambdas/apply-events/{bounded-work,conflicts,convergence,publish,recording-sizes,retention,session-ended}.test.ts',
  'test/unit/lambdas/notify-chat/burst.test.ts',
  'test/unit/lambdas/query-api/{abuse,response-cache,response-size}.test.ts',
  'test/unit/lambdas/rebuild/any-history.test.ts',
  'test/unit/lambdas/receive-callback/{abuse,callback-senders,large-requests}.test.ts',
  'test/unit/lambdas/reconcile-rooms/{agreement,mistakes}.test.ts',
  'test/unit/lambdas/deferred/{abuse,long-outage,verified-later}.test.ts',
]

/** The tests of `npm run test:mutation`: the unit tests that execute `core/`, without the slow ones. */
export default defineConfig({
  test: {
    include: ['test/unit/{core,lambdas}/**/*.test.ts'],
    exclude: slow,
    setupFiles: ['test/support/seed-properties.ts'],
    env: { POWERTOOLS_METRICS_DISABLED: 'true', NORTHBOUND_SETTINGS_FILE: '' },
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
