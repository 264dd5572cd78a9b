import { isRecord } from '../is-record.ts'
import { StartupError } from '../startup-error.ts'
import { resolve, type Scope } from './intrinsics.ts'

/** Evaluates one entry of a template's `Conditions`. */
export function evaluateCondition(condition: unknown, scope: Scope): boolean {
  const [entry, ...others] = isRecord(condition) ? Object.entries(condition) : []
  if (!entry || others.length > 0) {
    throw new StartupError(`a condition of the template must be a single function, not ${JSON.stringify(condition)}`)
  }
  const [name, argument] = entry
  const operands = Array.isArray(argument) ? argument : [argument]
  switch (name) {
    case 'Condition':
      return scope.condition(String(argument))
    case 'Fn::Equals': {
      const [left, right] = operands.map((operand) => JSON.stringify(resolve(operand, scope)))
      return left === right
    }
    case 'Fn::And':
      return operands.every((operand) => evaluateCondition(operand, scope))
    case 'Fn::Or':
      return operands.some((operand) => evaluateCondition(operand, scope))
    case 'Fn::Not':
      return !evaluateCondition(operands[0], scope)
    default:
      throw new StartupError(`a condition of the template uses ${name}, which the local runner does not support`)
  }
}
