import { defineConfig } from 'vitest/config'

// Without NORTHBOUND_SETTINGS_FILE, the developer's own northbound.json would change the synthesized stack.
const env = { POWERTOOLS_METRICS_DISABLED: 'true', NORTHBOUND_SETTINGS_FILE: '' }
// They end tests that hang and measure nothing: on a busy machine, everything takes several times as long.
const timeouts = { testTimeout: 180_000, hookTimeout: 180_000 }

/** Tests of how long the whole system takes, or waits. They run one after another, with nothing beside them. */
const timed = ['test/system/{start,stop,unreadable-key}.test.ts', 'test/system/console/many-rooms.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        // Pure rules and single modules: no synthesis, no engine, no running system.
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'packages/*/test/unit/**/*.test.ts'],
          env,
          isolate: false,
          maxWorkers: 2,
          ...timeouts,
        },
      },
      {
        // Everything that needs the synthesized stack, an engine or the running system.
        test: {
          name: 'system',
          include: ['test/{contracts,stack,system}/**/*.test.ts', 'packages/*/test/system/**/*.test.ts'],
          exclude: timed,
          globalSetup: ['test/support/global-setup.ts'],
          env,
          maxWorkers: 2,
          ...timeouts,
        },
      },
      {
        test: {
          name: 'timed',
          include: timed,
          globalSetup: ['test/support/global-setup.ts'],
          env,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          ...timeouts,
        },
      },
      {
        // Tests that run for minutes.
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          env,
          maxWorkers: 2,
          testTimeout: 600_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['core/**/*.ts'], reporter: ['text'] },
  },
})
