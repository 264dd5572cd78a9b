import { styleText } from 'node:util'
import type { Language, Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'
import { areHealthy, type Finding, type FindingStatus, type LeftOut } from './finding.ts'
import type { TestAlert } from './test-alerts.ts'

export interface DoctorReport {
  readonly findings: readonly Finding[]
  readonly leftOut: readonly LeftOut[]
  readonly testAlerts: readonly TestAlert[]
}

const statusWords: Readonly<Record<FindingStatus, Text>> = {
  ok: { en: 'ok', zh: '正常' },
  remark: { en: 'remark', zh: '提示' },
  problem: { en: 'PROBLEM', zh: '问题' },
  unknown: { en: 'unknown', zh: '未知' },
}

const statusStyles = { ok: 'green', remark: 'cyan', problem: 'red', unknown: 'yellow' } as const

/** The report for people: a line for each finding, and what to do next under those that need it. */
export function renderReport(terminal: Pick<Terminal, 'language' | 'env' | 'stdout'>, report: DoctorReport): string[] {
  const { language } = terminal
  const isColored = 'isTTY' in terminal.stdout && terminal.stdout.isTTY === true && !terminal.env.NO_COLOR
  return [
    ...report.findings.flatMap((finding) => renderFinding(finding, language, isColored)),
    ...report.leftOut.map(
      ({ check, reason }) => `- ${language === 'zh' ? '未检查' : 'left out'} ${check}: ${reason[language]}`,
    ),
    ...report.testAlerts.map(({ channel, text }) => `- ${channel}: ${text[language]}`),
    summarize(report.findings)[language],
  ]
}

function renderFinding({ status, check, text, next, page }: Finding, language: Language, isColored: boolean): string[] {
  const word = statusWords[status][language]
  const shown = isColored ? styleText(statusStyles[status], word, { validateStream: false }) : word
  const padding = ' '.repeat(Math.max(0, (language === 'zh' ? 4 : 7) - word.length * (language === 'zh' ? 2 : 1)))
  const advice = [next?.[language], page === undefined ? undefined : `(${page})`].filter(Boolean).join(' ')
  return [`${shown}${padding} ${check}: ${text[language]}`, ...(advice === '' ? [] : [`        → ${advice}`])]
}

function summarize(findings: readonly Finding[]): Text {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length
  const [problems, unknown, remarks] = [count('problem'), count('unknown'), count('remark')]
  if (areHealthy(findings)) return { en: `Healthy, with ${remarks} remarks.`, zh: `运行正常，有 ${remarks} 条提示。` }
  return {
    en: `Not healthy: ${problems} problems, ${unknown} unknown, ${remarks} remarks.`,
    zh: `存在异常：问题 ${problems} 个，未知 ${unknown} 个，提示 ${remarks} 条。`,
  }
}

/** The report for programs. Sentences are in the terminal's language. */
export function toJson({ language }: Pick<Terminal, 'language'>, { findings, leftOut, testAlerts }: DoctorReport) {
  return {
    healthy: areHealthy(findings),
    findings: findings.map(({ check, status, text, next, page }) => ({
      check,
      status,
      text: text[language],
      next: next?.[language] ?? null,
      page: page ?? null,
    })),
    left_out: leftOut.map(({ check, reason }) => ({ check, reason: reason[language] })),
    ...(testAlerts.length > 0 && {
      test_alerts: testAlerts.map(({ channel, outcome, text }) => ({ channel, outcome, text: text[language] })),
    }),
  }
}
