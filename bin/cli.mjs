#!/usr/bin/env node
// The entry of `npm run northbound` and `npx northbound`.
import { setFlagsFromString } from 'node:v8'
import { loadCommand } from './check-installation.mjs'

// By default, V8 lets the heap grow to several times what is in use before it collects garbage: an export of 100,000 sessions,
// which needs about 40 MB of it, took 340 MB. With this flag it collects earlier, which costs some seconds of such an export.
setFlagsFromString('--optimize-for-size')

await loadCommand(() => import('./cli.ts'))
