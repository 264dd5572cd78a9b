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
 * Applies CloudWatch's rule: the alarm goes off if `datapointsToAlarm` of the last `evaluationPeriods` periods breach.
 *
 * @param datapoints one for each of the last periods, latest first; undefined for a period without data.
 * @returns the new state, which is `previous` if all data is missing and the rule ignores missing data.
 */
export function evaluateRule(
  rule: AlarmRule,
  datapoints: readonly (number | undefined)[],
  previous: AlarmState,
): { readonly state: AlarmState; readonly reason: string } {
  const evaluated = datapoints.slice(0, rule.evaluationPeriods)
  const known = evaluated.filter((value) => value !== undefined)
  const missing = rule.evaluationPeriods - known.length
  const breaching = known.filter((value) => isBreaching(rule, value)).length
  const counted = breaching + (rule.missingData === 'breaching' ? missing : 0)
  const reason =
    `${breaching} of ${rule.evaluationPeriods} periods [${evaluated.map((value) => value ?? '-').join(', ')}] ` +
    `${comparisonSigns[rule.comparison]} ${rule.threshold}`
  if (counted >= rule.datapointsToAlarm) return { state: 'ALARM', reason }
  if (known.length === 0 && rule.missingData === 'missing') return { state: 'INSUFFICIENT_DATA', reason }
  if (known.length === 0 && rule.missingData === 'ignore') return { state: previous, reason }
  return { state: 'OK', reason }
}

const comparisonSigns = {
  GreaterThanOrEqualToThreshold: '>=',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
}

export function isBreaching({ comparison, threshold }: AlarmRule, value: number): boolean {
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
