// The entry of `npm start`.
import { loadCommand } from '../bin/check-installation.mjs'

await loadCommand(() => import('./start.ts'))
