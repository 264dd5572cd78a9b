import type { Chance } from './chance.ts'
import type { Client } from './world.ts'

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

/** More often what more people use. */
const endpointTypes = [
  ...['web', 'web', 'web', 'win', 'win', 'ios', 'androidHW', 'weixin', 'weixin', 'mac'],
  ...['pstn', 'sip', 'h323'],
]

export function somebody(chance: Chance): Required<Client> {
  const chinese = `${chance.pick(surnames)}${chance.pick(givenNames)}`
  const user_name = chance.happens(0.65) ? chinese : (chance.pick(latinNames) ?? chinese)
  return { user_name, endpoint_type: chance.pick(endpointTypes) ?? 'web' }
}
