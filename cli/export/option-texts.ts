import { inLanguage, type Terminal } from '../terminal.ts'

/** The descriptions of the options of `export`. */
export function exportOptionTexts(terminal: Pick<Terminal, 'language'>) {
  const say = (en: string, zh: string) => inLanguage(terminal, { en, zh })
  return {
    what: say('what to export; without it, all about the user', '导出的内容；不指定时导出该用户的全部数据'),
    from: say(
      'start of the interval, inclusive: ISO 8601 with an offset',
      '时间段起点（含），ISO 8601 格式，须带时区偏移',
    ),
    to: say('end of the interval, exclusive; by default now', '时间段终点（不含），默认为当前时间'),
    user: say('only this user', '只导出该用户'),
    room: say('only this room', '只导出该房间'),
    format: say('by default as the name of the file ends, or ndjson', '默认取文件扩展名，否则为 ndjson'),
    out: say('the file, or "-" for standard output', '文件；“-”表示标准输出'),
    timeZone: say('time zone of tables for people and of platform times', '表格及平台时间所用的时区'),
  }
}
