import type { SeededRandom } from '../seeded-random.ts'
import type { SchoolOptions, ScriptedUser } from './school.ts'

const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗'].concat(['欧阳', '司马', '诸葛', '上官'])
const givenNames = [
  '小明',
  '雷',
  '梅',
  '伟',
  '芳',
  '娜',
  '秀英',
  '敏',
  '静',
  '强',
  '磊',
  '洋',
  '艳',
  '杰',
  '涛',
  '子涵',
  '浩然',
  '雨桐',
  '梓萱',
]

/** Names that are hard to show or to put into a table: right to left, marks that cannot be seen, formulas, markup, none. */
const oddNames: readonly (string | null)[] = [
  'محمد علي',
  'שרה כהן',
  '\u202eנועם',
  '李\u200b雷',
  '=SUM(A1:A9)',
  '<b>小红</b>',
  'Björn Åkesson',
  'María José Núñez',
  'Nguyễn Văn An',
  '👩🏽‍🏫 陈老师',
  '@王, "小明"; 三班',
  null,
]

/** Ids as different platforms give them to their users. */
const idKinds: readonly ((number: number) => string)[] = [
  (number) => String(20_230_100 + number),
  (number) => String(number).padStart(5, '0'),
  (number) => `33010020230101${String(1000 + number)}`,
  (number) => `pupil${number}@school.example`,
  (number) => `oAbC_${String(number)}-xYz`,
  (number) => `1-${number}`,
  (number) => `${number}E5`,
  (number) => `7/1/${number}`,
  (number) => `学号 ${number}`,
  (number) => `a b+${number}%2F&c`,
]

/** One in so many pupils has an odd name. */
const oddNameEvery = 7

export type SchoolPeople = {
  readonly teachers: readonly ScriptedUser[]
  /** By class. */
  readonly classes: readonly (readonly ScriptedUser[])[]
}

/** Creates the teachers and pupils. Their ids and names are of many kinds. */
export function createPeople(
  random: SeededRandom,
  options: Pick<SchoolOptions, 'teachers' | 'classes' | 'pupilsPerClass'>,
): SchoolPeople {
  const chineseName = () => `${random.pick(surnames)}${random.pick(givenNames)}`
  const teachers = Array.from({ length: options.teachers }, (_, index) => ({
    user_id: `teacher${index + 1}@school.example`,
    user_name: `${chineseName()}老师`,
  }))
  let serial = 0
  const createPupil = (): ScriptedUser => {
    const number = serial++
    const odd = number % oddNameEvery === 0 ? oddNames[(number / oddNameEvery) % oddNames.length] : undefined
    const createId = idKinds[number % idKinds.length] ?? String
    return { user_id: createId(number + 1), user_name: odd === undefined ? chineseName() : odd }
  }
  const classes = Array.from({ length: options.classes }, () =>
    Array.from({ length: options.pupilsPerClass }, createPupil),
  )
  return { teachers, classes }
}
