// Checks what a command of this project needs before the command is loaded. It is plain JavaScript without recent syntax,
// because an old Node.js must be able to execute it.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const minNodeMajor = 24

/**
 * Loads a command if this installation can execute it; otherwise prints one line and sets the exit code to 1.
 *
 * @param {() => Promise<unknown>} load
 */
export async function loadCommand(load) {
  const problem = findProblem()
  if (problem !== undefined) return fail(problem)
  await load().catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    fail(`${error.message.split('\n', 1)[0]}; run: npm install`)
  })
}

function findProblem() {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(pathOf('package.json'), 'utf8'))
  const required = Object.keys({ ...dependencies, ...peerDependencies })
  const missing = required.find((name) => !isInstalled(name))
  if (missing !== undefined) return `the package ${missing} is not installed; run: npm install`
  const bundler = `@esbuild/${process.platform}-${process.arch}`
  if (!isInstalled(bundler)) return `the package ${bundler} is not installed; run: npm ci --include=optional`
  const version = process.versions.node
  if (Number.parseInt(version, 10) >= minNodeMajor) return undefined
  return `Node.js ${minNodeMajor} or later is needed, but this is ${version}; install it from https://nodejs.org`
}

/** @param {string} name */
function isInstalled(name) {
  return existsSync(pathOf(`node_modules/${name}/package.json`))
}

/** @param {string} path relative to the project. */
function pathOf(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}

/** @param {string} reason */
function fail(reason) {
  process.stderr.write(`northbound: ${reason}\n`)
  process.exitCode = 1
}
