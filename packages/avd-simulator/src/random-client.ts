import type { ClientInfo } from './installation-state.ts'
import type { SeededRandom } from './seeded-random.ts'

const chineseNameProbability = 0.65
const surnames = ['王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '欧阳', '司马']
const givenNames = ['小明', '雷', '梅', '伟', '芳', '娜', '秀英', '敏', '静', '强', '磊', '洋', '艳', '杰', '涛', '超']
const latinNames = [
  'Ada Lovelace',
  'Björn Åkesson',
  'Chloé Dubois',
  'Dmitri Orlov',
  'Elif Yılmaz',
  'Frank O’Neill',
  'Grace Hopper',
  'Hedy Lamarr',
  'Jürgen Groß',
  'María José Núñez',
  'Nguyễn Văn An',
  'Zoë Kaufmann',
]

/** Repeated entries weight the choice. */
const endpointTypes = [
  ...['web', 'web', 'web', 'win', 'win', 'ios', 'androidHW', 'weixin', 'weixin', 'mac'],
  ...['pstn', 'sip', 'h323'],
]

/** Picks a user name and an endpoint type. */
export function randomClient(random: SeededRandom): Required<ClientInfo> {
  const chineseName = `${random.pick(surnames)}${random.pick(givenNames)}`
  const isChinese = random.nextBoolean(chineseNameProbability)
  const user_name = isChinese ? chineseName : (random.pick(latinNames) ?? chineseName)
  return { user_name, endpoint_type: random.pick(endpointTypes) ?? 'web' }
}
