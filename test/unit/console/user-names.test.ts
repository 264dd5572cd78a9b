import { expect, it } from 'vitest'
import { findUserName, forgetUserName, noteUserName } from '../../../console/people/user-names.ts'

it('knows the name of the user whose page was loaded last, until the names are forgotten', () => {
  expect(findUserName('s2')).toBeNull()
  noteUserName('s2', '王小明')
  expect(findUserName('s2')).toBe('王小明')
  expect(findUserName('s3')).toBeNull()
  noteUserName('s3', '李雷')
  expect(findUserName('s2')).toBeNull()
  forgetUserName()
  expect(findUserName('s3')).toBeNull()
})
