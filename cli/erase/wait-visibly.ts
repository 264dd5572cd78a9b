import { setTimeout as sleep } from 'node:timers/promises'
import { startProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

const label = {
  en: 'waiting until all functions know of the erasure (s):',
  zh: '等待所有函数获知删除请求（秒）：',
}

/** Shorter waits are not shown. */
const minShownMs = 5_000

/** Waits, and shows it. @throws if the terminal's signal aborts. */
export async function waitVisibly(terminal: Terminal, ms: number): Promise<void> {
  if (ms < minShownMs) return sleep(ms, undefined, { signal: terminal.signal })
  const seconds = Math.ceil(ms / 1000)
  const progress = startProgress(terminal, { label, total: seconds })
  try {
    for (let second = 0; second < seconds; second++) {
      progress.update(second)
      await sleep(1000, undefined, { signal: terminal.signal })
    }
  } finally {
    progress.stop()
  }
}
