import type { LocalRun } from './local-run.ts'

/** The text that `npm start` prints when the system is ready. */
export function formatGreeting(run: LocalRun, isDemo: boolean): string {
  const { url, callbackUrl, consoleUrl, apiToken, awsEndpointUrl, checkCodeKey, avdUrl, robots } = run
  const robotLine =
    robots.length === 0
      ? ''
      : '\n  群机器人 / group robots     企业微信、钉钉、飞书（模拟） / simulated; messages appear below'
  return `
Northbound 已启动 / is running

  回调地址 / callback URL     ${callbackUrl}
    填入两个管理后台页面 / enter it on both back-office pages
  校验密钥 / check_code key   ${checkCodeKey ?? '无 / none'}
  ${isDemo ? '模拟平台 / simulated AVD  ' : '核对平台 / reconciles with'}  ${avdUrl ?? '无 / nothing'}
  控制台 / console            ${consoleUrl}
  查询接口 / query API        ${url}/api/rooms
  令牌 / token                ${apiToken}
  AWS 端点 / AWS endpoint     ${awsEndpointUrl}${robotLine}

  curl -H 'Authorization: Bearer ${apiToken}' '${url}/api/rooms?status=all'

  按 Ctrl+C 停止 / press Ctrl+C to stop
`
}

/** The line of JSON that `npm start -- --json` prints when the system is ready. */
export function formatReadyLine(run: LocalRun): string {
  const { url, callbackUrl, consoleUrl, apiToken, awsEndpointUrl, region, outputs } = run
  return `${JSON.stringify({ ready: true, url, callbackUrl, consoleUrl, apiToken, awsEndpointUrl, region, outputs })}\n`
}
