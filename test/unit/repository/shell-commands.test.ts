import { describe, expect, it } from 'vitest'
import { splitShellCommands } from '../../support/shell-commands.ts'

describe('splitShellCommands', () => {
  it.each([
    [
      'commands of several lines',
      'a b\nc \\\n  d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['commands of one line', 'a && b; c | d & e', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ['quoted words', `a 'b | c' "d ; e" f\\ g`, [['a', 'b | c', 'd ; e', 'f g']]],
    ['comments', '# first\na   # rest\nb #c', [['a'], ['b']]],
    [
      'assignments',
      'A=1 b c\nX=$(d e)\nY=2',
      [
        ['b', 'c'],
        ['d', 'e'],
      ],
    ],
    [
      'nested commands',
      'a "$(b "$C" --x)" d',
      [
        ['b', '$C', '--x'],
        ['a', '$(b "$C" --x)', 'd'],
      ],
    ],
    [
      'loops',
      'for X in 1 2; do a "$X"; done\nb | while read -r k; do c; done',
      [['for', 'X', 'in', '1', '2'], ['a', '$X'], ['done'], ['b'], ['read', '-r', 'k'], ['c'], ['done']],
    ],
    ['redirections', 'a - < b 2>/dev/null >&2 || c > d', [['a', '-'], ['c']]],
  ])('reads %s', (_kind, script, commands) => {
    expect(splitShellCommands(script)).toEqual(commands)
  })
})
