export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export interface AlarmRule {
  readonly comparison:
    | 'GreaterThanOrEqualToThreshold'
    | 'GreaterThanThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold'
  readonly threshold: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm: number
  readonly missingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching'
}

/**
 * CloudWatch's rule: so many of the last periods breach.
 *
 * @param datapoints of the last `evaluationPeriods` periods, the latest first; undefined where there is none.
 * @returns the new state; `before` where missing data is to be ignored and leaves it open.
 */
export function evaluate(
  rule: AlarmRule,
  datapoints: readonly (number | undefined)[],
  before: AlarmState,
): { readonly state: AlarmState; readonly reason: string } {
  const looked = datapoints.slice(0, rule.evaluationPeriods)
  const known = looked.filter((value) => value !== undefined)
  const missing = rule.evaluationPeriods - known.length
  const breaching = known.filter((value) => breaches(rule, value)).length
  const counted = breaching + (rule.missingData === 'breaching' ? missing : 0)
  const reason =
    `${breaching} of ${rule.evaluationPeriods} periods [${looked.map((value) => value ?? '-').join(', ')}] ` +
    `${words[rule.comparison]} ${rule.threshold}`
  if (counted >= rule.datapointsToAlarm) return { state: 'ALARM', reason }
  if (known.length === 0 && rule.missingData === 'missing') return { state: 'INSUFFICIENT_DATA', reason }
  if (known.length === 0 && rule.missingData === 'ignore') return { state: before, reason }
  return { state: 'OK', reason }
}

const words = {
  GreaterThanOrEqualToThreshold: '>=',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
}

export function breaches({ comparison, threshold }: AlarmRule, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'GreaterThanThreshold':
      return value > threshold
    case 'LessThanThreshold':
      return value < threshold
    case 'LessThanOrEqualToThreshold':
      return value <= threshold
  }
}
