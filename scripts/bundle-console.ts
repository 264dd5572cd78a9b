import { copyFileSync, mkdirSync } from 'node:fs'
import { buildSync } from 'esbuild'

/** `node lib/bundle-console.ts FOLDER` puts the files of the console there, as a browser gets them. */
const [, , target = ''] = process.argv
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
