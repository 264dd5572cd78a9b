import { usageError } from './cli-error.ts'

export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly isInteger?: boolean
}

/** Returns a parser of an option with a number. @throws CliError if it is outside the range. */
export function readNumber(option: string, { min, max, isInteger = false }: NumberRange): (text: string) => number {
  return (text) => {
    const number = Number(text)
    const isValid = text.trim() !== '' && number >= min && number <= max && (!isInteger || Number.isInteger(number))
    if (isValid) return number
    throw usageError({
      en: `${option} must be ${isInteger ? 'a whole number' : 'a number'} from ${min} to ${max}, not "${text}"`,
      zh: `${option} 必须是 ${min} 到 ${max} 之间的${isInteger ? '整数' : '数字'}，而不是“${text}”`,
    })
  }
}
