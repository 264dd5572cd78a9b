import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import * as metricNames from '../names/metrics.ts'
import { installationName } from './installation-name.ts'
import { RunbookAlarm } from './runbook-alarm.ts'

/** Secrets that cannot be used. All functions emit the same metric, since each metric of an alarm costs. */
export function secretsUnusableMetric(scope: Construct): Metric {
  return new Metric({
    namespace: installationName(scope),
    metricName: metricNames.secretsUnusable,
    statistic: 'Sum',
    period: Duration.minutes(5),
  })
}

/** The alarm on secrets that cannot be used. */
export class SecretAlarm extends Construct {
  constructor(scope: Construct, id: string, topic: sns.ITopic) {
    super(scope, id)
    new RunbookAlarm(this, 'SecretUnusable', {
      topic,
      metric: secretsUnusableMetric(this),
      threshold: 1,
      impact: {
        chinese:
          '有 secret 的内容无法使用：正在运行的函数沿用上一个可用的值，新启动的函数没有可用的密钥或令牌；与平台的核对会失败。',
        english:
          'A secret holds something that cannot be used: running functions keep the last usable value, functions that start now have no key or token, and sweeps fail.',
      },
    })
  }
}
