import { copyFileSync, mkdirSync } from 'node:fs'
import { buildSync } from 'esbuild'

// Usage: node scripts/bundle-console.ts FOLDER
// Writes the console's files, as browsers load them, to the folder.
const [, , target] = process.argv
if (target === undefined) throw new Error('usage: node scripts/bundle-console.ts FOLDER')
const source = new URL('../console/', import.meta.url)

mkdirSync(target, { recursive: true })
for (const name of ['index.html', 'app.css']) copyFileSync(new URL(name, source), `${target}/${name}`)
buildSync({
  entryPoints: [new URL('app.ts', source).pathname],
  outfile: `${target}/app.js`,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  logLevel: 'warning',
})
