/** Texts about finding people, and about comparing attendance with a roster: [Chinese, English]. */
export const peopleTexts = {
  people: ['用户', 'People'],
  findPeople: ['按姓名或 ID 查找用户', 'Find people by name or id'],
  find: ['查找', 'Find'],
  noPeople: ['没有姓名或 ID 包含“{q}”的用户', 'No user whose name or id contains “{q}”'],
  nobodyYet: ['还没有用户加入过房间', 'Nobody has joined a room yet'],
  peopleHelp: [
    '用户加入约一分钟后可查到；停留不足一分钟的用户可能查不到。',
    'People are found about a minute after they join; those who stayed for less than a minute may be missing.',
  ],
  wholeId: ['查看用户 ID 正好为“{q}”的参会记录', 'Show the sessions of the user whose id is exactly “{q}”'],
  presentIn: ['当前所在房间', 'Now in'],
  lastSeenAt: ['最近在线', 'Last seen'],
  roster: ['对照名单', 'Compare with a roster'],
  rosterHelp: [
    '粘贴姓名或用户 ID，每行一个，或选择文本、CSV 文件。名单只在浏览器中比对，不会上传。',
    'Paste names or user ids, one a line, or choose a text or CSV file. The roster stays in the browser.',
  ],
  rosterText: ['名单', 'Roster'],
  rosterFile: ['名单文件', 'File with the roster'],
  rosterTooLarge: ['文件超过 1 MB', 'The file is larger than 1 MB'],
  rosterResult: [
    '名单 {listed} 人：到场 {attended} 人，缺席 {missing} 人；名单之外 {additional} 人',
    '{listed} on the roster: {attended} attended, {missing} missing; {additional} others attended',
  ],
  missing: ['缺席', 'Missing'],
  ambiguous: ['同名，无法确定', 'Several people match'],
  ambiguousOf: ['名单中出现 {listed} 次，可能是：', '{listed} on the roster; may be: '],
  additional: ['名单之外', 'Not on the roster'],
  none: ['无', 'none'],
} as const
