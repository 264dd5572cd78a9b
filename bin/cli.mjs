#!/usr/bin/env node
// The entry of `npm run northbound` and `npx northbound`.
import { loadCommand } from './check-installation.mjs'

await loadCommand(() => import('./cli.ts'))
