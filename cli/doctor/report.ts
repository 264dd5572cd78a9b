import { styleText } from 'node:util'
import { toPrintable } from '../../core/notifications/alert.ts'
import type { Language, Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'
import type { TestAlert } from './describe-chat-report.ts'
import { areHealthy, type Finding, type FindingStatus } from './finding.ts'
import { pageIn } from './pages.ts'

export interface DoctorReport {
  readonly findings: readonly Finding[]
  readonly testAlerts: readonly TestAlert[]
  /** Whether the command was stopped before the checks had ended. */
  readonly isStopped: boolean
}

const statusWords: Readonly<Record<FindingStatus, Text>> = {
  ok: { en: 'ok', zh: '正常' },
  remark: { en: 'remark', zh: '提示' },
  problem: { en: 'PROBLEM', zh: '问题' },
  unknown: { en: 'unknown', zh: '未知' },
  left_out: { en: 'left out', zh: '未检查' },
}

const statusStyles = { ok: 'green', remark: 'cyan', problem: 'red', unknown: 'yellow', left_out: 'dim' } as const

/** The report for people: a line for each finding, and what to do next under those that need it. */
export function renderReport(terminal: Pick<Terminal, 'language' | 'env' | 'stdout'>, report: DoctorReport): string[] {
  const { language } = terminal
  const isColored = 'isTTY' in terminal.stdout && terminal.stdout.isTTY === true && !terminal.env.NO_COLOR
  return [
    ...report.findings.flatMap((finding) => renderFinding(finding, language, isColored)),
    ...report.testAlerts.map(({ channel, text }) => `- ${joinWithColon(channel, text, language)}`),
    summarize(report)[language],
  ]
}

/** Columns of a terminal for the status; a Chinese character takes two. */
const statusColumns: Readonly<Record<Language, number>> = { en: 8, zh: 6 }

function renderFinding({ status, check, text, next, page }: Finding, language: Language, isColored: boolean): string[] {
  const word = statusWords[status][language]
  const shown = isColored ? styleText(statusStyles[status], word, { validateStream: false }) : word
  const columns = word.length * (language === 'zh' ? 2 : 1)
  const indent = ' '.repeat(statusColumns[language] + 1)
  const [open, close] = language === 'zh' ? ['（', '）'] : [' (', ')']
  const link = page === undefined ? '' : `${open}${pageIn(language, page)}${close}`
  const advice = `${next?.[language] ?? ''}${link}`.trim()
  return [
    `${shown}${indent.slice(columns)}${joinWithColon(check, text, language)}`,
    ...(advice === '' ? [] : [`${indent}→ ${advice}`]),
  ]
}

/** The text may have parts from outside, such as the answer of a robot. */
function joinWithColon(name: string, text: Text, language: Language): string {
  return `${name}${language === 'zh' ? '：' : ': '}${toPrintable(text[language])}`
}

function summarize({ findings, isStopped }: DoctorReport): Text {
  if (isStopped) return { en: 'Stopped before all checks had ended.', zh: '检查未完成，已停止。' }
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length
  const [problems, unknown, remarks] = [count('problem'), count('unknown'), count('remark')]
  if (areHealthy(findings)) return { en: `Healthy; remarks: ${remarks}.`, zh: `运行正常；提示 ${remarks} 条。` }
  return {
    en: `Not healthy; problems: ${problems}, unknown: ${unknown}, remarks: ${remarks}.`,
    zh: `存在异常；问题 ${problems} 个，未知 ${unknown} 个，提示 ${remarks} 条。`,
  }
}

/** The report for programs. Sentences and pages are in the terminal's language. */
export function toJson({ language }: Pick<Terminal, 'language'>, report: DoctorReport) {
  const { findings, testAlerts, isStopped } = report
  const made = findings.filter(({ status }) => status !== 'left_out')
  const leftOut = findings.filter(({ status }) => status === 'left_out')
  return {
    healthy: areHealthy(findings) && !isStopped,
    findings: made.map(({ check, status, text, next, page }) => ({
      check,
      status,
      text: text[language],
      next: next?.[language] ?? null,
      page: page === undefined ? null : pageIn(language, page),
    })),
    left_out: leftOut.map(({ check, text }) => ({ check, reason: text[language] })),
    ...(testAlerts.length > 0 && {
      test_alerts: testAlerts.map(({ channel, outcome, text }) => ({ channel, outcome, text: text[language] })),
    }),
  }
}
