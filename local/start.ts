#!/usr/bin/env node
import { help, readCommandLine, type StartCommand } from './command-line.ts'
import { type LocalRun, startLocal } from './run.ts'

// Lambda's clock is UTC. A worker shares the time zone of its process, whatever its own variables say.
process.env.TZ = 'UTC'

const stopping = new AbortController()
let run: LocalRun | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)

try {
  const command = readCommandLine(process.argv.slice(2))
  if (command.help) {
    process.stdout.write(help)
  } else {
    run = await startLocal({ ...command.local, signal: stopping.signal })
    if (stopping.signal.aborted) await stop(run)
    else announce(run, command)
  }
} catch (error) {
  if (stopping.signal.aborted) process.exit(0)
  fail(error)
}

function fail(error: unknown): never {
  process.stderr.write(`northbound: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}\n`)
  process.exit(1)
}

function onSignal(): void {
  // The second one means: now.
  if (stopping.signal.aborted) process.exit(1)
  stopping.abort()
  if (run) stop(run).catch(fail)
}

async function stop(running: LocalRun): Promise<void> {
  const lost = await running.stop()
  const count = running.denials.length
  if (count > 0) process.stderr.write(`northbound: denied calls: ${count}; see the lines that begin with DENIED\n`)
  process.exit(count + lost > 0 ? 1 : 0)
}

function announce(running: LocalRun, { json, local }: StartCommand): void {
  process.stdout.write(json ? `${JSON.stringify(machineOutput(running))}\n` : greeting(running, local.demo ?? false))
}

function machineOutput({ url, callbackUrl, consoleUrl, apiToken, awsEndpointUrl, region, outputs }: LocalRun) {
  return { ready: true, url, callbackUrl, consoleUrl, apiToken, awsEndpointUrl, region, outputs }
}

function greeting(running: LocalRun, demo: boolean): string {
  const { url, callbackUrl, consoleUrl, apiToken, awsEndpointUrl, checkCodeKey, avdUrl } = running
  return `
Northbound 已启动 / is running

  回调地址 / callback URL     ${callbackUrl}
    (在管理后台填写 / type it into the back office)
  签名密钥 / check_code key   ${checkCodeKey ?? '无 / none'}
  ${demo ? '模拟平台 / simulated AVD  ' : '对账平台 / reconciles with'}  ${avdUrl ?? '无 / nothing'}
  控制台 / console            ${consoleUrl}
  查询接口 / query API        ${url}/api/rooms
  令牌 / token                ${apiToken}
  AWS 端点 / AWS endpoint     ${awsEndpointUrl}

  curl -H 'Authorization: Bearer ${apiToken}' '${url}/api/rooms?status=all'

  Ctrl+C 停止 / stops it
`
}
