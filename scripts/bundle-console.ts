import { copyFileSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

// Usage: node scripts/bundle-console.ts FOLDER
// Writes the console's three files, as browsers load them, to the folder: index.html, app.js and app.css.
const [, , target] = process.argv
if (target === undefined) throw new Error('usage: node scripts/bundle-console.ts FOLDER')
const source = fileURLToPath(new URL('../console/', import.meta.url))

mkdirSync(target, { recursive: true })
copyFileSync(`${source}index.html`, `${target}/index.html`)
buildSync({
  entryPoints: { app: `${source}app.tsx` },
  outdir: target,
  bundle: true,
  minify: true,
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  target: 'es2022',
  charset: 'utf8',
  logLevel: 'warning',
})
buildSync({
  entryPoints: { app: `${source}styles/app.css` },
  outdir: target,
  bundle: true,
  minify: true,
  charset: 'utf8',
  logLevel: 'warning',
})
