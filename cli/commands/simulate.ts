import { randomInt } from 'node:crypto'
import { Option } from '@commander-js/extra-typings'
import { confirmTarget, localCallbackUrl, readUrl } from '../callback-url.ts'
import { exitCodes, usageError } from '../cli-error.ts'
import { createCommand } from '../create-command.ts'
import { readNumber } from '../number-option.ts'
import { optionsOfKey } from '../option-texts.ts'
import { startProgress } from '../progress.ts'
import { keyInput, readSecret } from '../secret-input.ts'
import { describeSummary } from '../simulate/describe-summary.ts'
import { type Fault, faults } from '../simulate/faults.ts'
import { readFaults } from '../simulate/read-faults.ts'
import { runSimulation, type SimulationOptions } from '../simulate/run-simulation.ts'
import type { SimulationSummary } from '../simulate/tally.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

const maxSeed = 2 ** 32 - 2

/** `simulate`: sends the callbacks of a simulated installation at a fixed rate. */
export function simulateCommand(terminal: Terminal) {
  const say = (en: string, zh: string) => inLanguage(terminal, { en, zh })
  const text = optionsOfKey(terminal)
  return createCommand(
    terminal,
    'simulate',
    { en: 'sends the callbacks of a simulated installation', zh: '模拟整套平台发送回调' },
    ['--rooms 5 --rate 20 --duration 60', '--key-file key.txt --faults duplicate,reorder,crash --seed 7'],
  )
    .option('--url <url>', say('the callback URL', '回调地址'), localCallbackUrl)
    .option('--key <key>', text.key)
    .option('--key-file <file>', text.keyFile)
    .option(
      '--rooms <n>',
      say('most rooms at the same time', '同时打开的房间数上限'),
      readNumber('--rooms', { min: 1, max: 2000, isInteger: true }),
      5,
    )
    .option(
      '--users <n>',
      say('most users in a room', '每个房间的用户数上限'),
      readNumber('--users', { min: 1, max: 1000, isInteger: true }),
      12,
    )
    .option('--rate <n>', say('events a second', '每秒事件数'), readNumber('--rate', { min: 0.1, max: 2000 }), 5)
    .option('--duration <seconds>', say('how long', '持续秒数'), readNumber('--duration', { min: 1, max: 86_400 }), 60)
    .option(
      '--seed <n>',
      say('the same seed gives the same events', '相同的种子（seed）产生相同的事件'),
      readNumber('--seed', { min: 0, max: maxSeed, isInteger: true }),
    )
    .option(
      '--faults <list>',
      say(`faults to inject: ${faults.join(',')}`, `注入的故障：${faults.join(',')}`),
      readFaults,
    )
    .option(
      '--warnings',
      say(
        'also send port warnings, which alert everybody who is subscribed',
        '同时发送端口告警（会向告警接收人发出通知）',
      ),
    )
    .addOption(
      new Option('--method <method>', say('how to send', '发送方式'))
        .choices(['GET', 'POST'] as const)
        .default('GET' as const),
    )
    .option('--yes', say('also send to another machine', '允许发送到其他机器'))
    .action(async (options) => {
      const url = readUrl('--url', options.url)
      confirmTarget(url, options.yes === true)
      const key = await readSecret(terminal, keyInput, options.key, options.keyFile)
      const { rooms, users, rate, duration, method, seed = randomInt(maxSeed) } = options
      const enabled: ReadonlySet<Fault> = options.faults ?? new Set()
      if (key === undefined && enabled.has('bad-signature')) throw bad
      const summary = await simulateVisibly(terminal, {
        ...{ url, method, key, rooms, users, rate, seed, faults: enabled, durationMs: duration * 1000 },
        sendsWarnings: options.warnings === true,
      })
      terminal.exitCode = exitCodeOf(summary)
      printResult(terminal, options, { json: summary, lines: describeSummary(terminal, summary) })
    })
}

const bad = usageError({
  en: 'the fault bad-signature needs a key: without one, nothing is signed',
  zh: '故障 bad-signature 需要密钥：没有密钥时不签名',
})

async function simulateVisibly(
  terminal: Terminal,
  options: Omit<SimulationOptions, 'signal' | 'onProgress'>,
): Promise<SimulationSummary> {
  const total = Math.max(1, Math.round((options.rate * options.durationMs) / 1000))
  const progress = startProgress(terminal, { label: { en: 'Sending', zh: '正在发送' }, total })
  const startedAt = performance.now()
  try {
    return await runSimulation({
      ...options,
      signal: terminal.signal,
      onProgress(eventCount, notAcknowledged) {
        const rate = (eventCount / Math.max(1, performance.now() - startedAt)) * 1000
        const en = `${rate.toFixed(1)}/s, ${notAcknowledged} not acknowledged`
        progress.update(
          eventCount,
          inLanguage(terminal, { en, zh: `${rate.toFixed(1)}/s，未被接受 ${notAcknowledged}` }),
        )
      },
    })
  } finally {
    progress.stop()
  }
}

function exitCodeOf({ interrupted, unexpected, rooms }: SimulationSummary) {
  if (interrupted) return exitCodes.interrupted
  return unexpected === 0 && rooms.left_open === 0 ? exitCodes.success : exitCodes.failure
}
