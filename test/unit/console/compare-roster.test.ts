import { describe, expect, it } from 'vitest'
import { compareRoster } from '../../../console/roster/compare-roster.ts'
import { parseRoster } from '../../../console/roster/parse-roster.ts'

const ann = { user_id: 'u1', user_name: 'Ann Lee' }
const bob = { user_id: 'U2', user_name: '张三' }
const namesake = { user_id: 'u3', user_name: '张三' }
const unnamed = { user_id: '007', user_name: null }

const compare = (roster: string, ...attendees: Parameters<typeof compareRoster>[1]) =>
  compareRoster(parseRoster(roster), attendees)

describe('compareRoster', () => {
  it('finds people by id or by name, whatever the case and width', () => {
    const { attended, missing, additional } = compare('ＡＮＮ LEE\nu2\n007\nCarl', ann, bob, unnamed)
    expect(attended).toEqual([ann, bob, unnamed])
    expect(missing).toEqual(['Carl'])
    expect(additional).toEqual([])
  })

  it('lists those who are not on the roster', () => {
    expect(compare('Ann Lee', ann, bob, unnamed).additional).toEqual([bob, unnamed])
  })

  it('does not decide between people of the same name, and counts none of them as additional', () => {
    const result = compare('张三\nAnn Lee', ann, bob, namesake)
    expect(result.ambiguous).toEqual([{ text: '张三', listed: 1, people: [bob, namesake] }])
    expect(result).toMatchObject({ listed: 2, attended: [ann], missing: [], additional: [] })
  })

  it('decides between people of the same name by the id beside it', () => {
    const result = compare('u3,张三', bob, namesake)
    expect(result).toMatchObject({ attended: [namesake], ambiguous: [], additional: [bob] })
  })

  it('finds as many people of the same name as the roster has', () => {
    expect(compare('张三\n张三', bob, namesake)).toMatchObject({ listed: 2, attended: [bob, namesake], ambiguous: [] })
  })

  it('does not take one person for two of the same name', () => {
    const result = compare('张三\n张三', bob)
    expect(result.ambiguous).toEqual([{ text: '张三', listed: 2, people: [bob] }])
    expect(compare('Carl\nCarl', bob).missing).toEqual(['Carl', 'Carl'])
  })

  it('counts an id that is repeated once', () => {
    expect(compare('u1\nU1\nu1,Ann Lee', ann)).toMatchObject({ listed: 1, attended: [ann], missing: [] })
  })

  it('reports a line whose id and name belong to different people as ambiguous', () => {
    expect(compare('u1,张三', ann, bob).ambiguous).toEqual([{ text: 'u1 张三', listed: 1, people: [ann, bob] }])
  })
})
