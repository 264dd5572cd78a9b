import { describe, expect, it } from 'vitest'
import { stateAfter } from '../../../support/short-histories.ts'

// Each limit of docs/contract.md, section 4, just inside and just outside. The notation is that of `stateAfter`.

describe('the state of a participant', () => {
  it.each([
    // Connections
    ['media within 5 s before a new connection', '0 join, 95 publish, 100 join', '0- +1; S 95'],
    ['media earlier before a new connection', '0 join, 94.999 publish, 100 join', '0- +1'],
    ['a repeated publish within 5 s before a new connection', '0 join, 1 publish, 95 publish, 100 join', '0- +1; S 1'],
    ['a repeated publish earlier before it', '0 join, 1 publish, 94.999 publish, 100 join', '0- +1'],
    ['a kick within 10 s after a new connection', '0 join, 100 join, 110 kick', '0- +1'],
    ['a kick later after a new connection', '0 join, 100 join, 110.001 kick', '0-110.001 client_kick +1'],
    ['a kick for each new connection', '0 join, 1 join, 2 join, 3 kick, 4 kick', '0- +2'],
    ['a kick more than new connections', '0 join, 1 join, 2 join, 3 kick, 4 kick, 5 kick', '0-5 client_kick +2'],
    ['each kick 10 s after its own connection', '0 join, 1 join, 9 join, 11 kick, 19 kick', '0- +2'],
    ['the second kick later', '0 join, 1 join, 9 join, 11 kick, 19.001 kick', '0-19.001 client_kick +2'],
    [
      'a kick for a connection whose time is over',
      '0 join, 1 join, 9 join, 11.001 kick, 12 kick',
      '0-12 client_kick +2',
    ],
    ['a join within 5 s after a kick', '0 join, 10 kick, 15 join', '0- +1'],
    ['a join later after a kick', '0 join, 10 kick, 15.001 join', '0-10 client_kick, 15.001-'],
    ['a join within 5 s after a server kick', '0 join, 10 leave, 15 join', '0-10 normal, 15-'],
    ['a kick before and another after the join', '0 join, 10 kick, 11 join, 12 kick', '0-12 client_kick +1'],
    ['an offline within 60 s after a new connection', '0 join, 100 join, 160 offline', '0- +1'],
    ['an offline later after a new connection', '0 join, 100 join, 160.001 offline', '0-160.001 offline +1'],
    ['several offlines within 60 s', '0 join, 100 join, 101 offline, 102 offline', '0- +1'],
    [
      'media within 5 s after a leave within 5 s after a new connection',
      '0 join, 10 join, 15 leave, 20 sub',
      '0- +1; S 20',
    ],
    ['media later after such a leave', '0 join, 10 join, 15 leave, 20.001 sub', '0-15 normal +1, ~20.001-; S 20.001'],
    ['media after a later leave', '0 join, 10 join, 15.001 leave, 20 sub', '0-15.001 normal +1'],
    ['an update after such a leave', '0 join, 10 join, 15 leave, 16 update', '0-15 normal +1'],

    // Events after an end that turns out to be void
    ['a later leave after a void leave', '0 join, 10 join, 11 leave, 15.5 leave, 15.9 publish', '0-15.5 normal +1'],
    ['a kick absorbed after a void leave', '0 join, 10 join, 11 leave, 12 kick, 13 publish', '0- +1; S 13'],
    ['the next kick', '0 join, 10 join, 11 leave, 12 kick, 13 publish, 15 kick', '0-15 client_kick +1'],
    ['a leave between a kick and its join', '0 join, 10 kick, 11 leave, 12 join', '0-11 normal, 12-'],
    ['a close between a kick and its join', '0 join, 10 kick, 11 close, 12 join', '0-11 room_closed, 12-'],
    ['several kicks before a join', '0 join, 10 kick, 11 kick, 12 kick, 13 kick, 14 join', '0- +1'],
    ['media between a kick and its join', '0 join, 1 publish A, 10 kick, 11 publish B, 12 join', '0- +1; B 11'],
    [
      'a kick after the absorbed one',
      '0 join, 10 join, 14.9 leave, 15.5 kick, 15.6 kick, 16 publish',
      '0-15.6 client_kick +1',
    ],

    [
      'media after a later leave, before a join',
      '0 join, 10 join, 11 leave, 15.5 leave, 15.9 publish, 16 join',
      '0-15.5 normal +1, 16-; S 15.9',
    ],
    [
      'media and a leave between a kick and its join',
      '0 join, 10 kick, 11 publish, 12 leave, 13 join',
      '0-12 normal, 13-',
    ],
    [
      'stragglers before an estimated join that is kicked',
      '0 publish, 1 leave, 10 join, 11 leave, 12 publish, 13 !join, 14 kick, 15 join',
      '~0-1 normal, 10-11 normal, ~13- +1; S 12',
    ],

    // Presence by evidence
    ['a join within 5 s after media', '10 publish, 15 join', '15-; S 10'],
    ['a join later after media', '10 publish, 15.001 join', '~10- +1'],
    ['media within 5 s of each other before a join', '10 publish A, 15 publish B, 20 join', '20-; A 10; B 15'],
    ['a pause between them', '10 publish A, 15.001 publish B, 20 join', '~10- +1; B 15.001'],
    ['media less than 5 s after a leave', '0 join, 10 leave, 14.999 publish', '0-10 normal'],
    ['media later after a leave', '0 join, 10 leave, 15 publish', '0-10 normal, ~15-; S 15'],
    ['media less than 5 s after a close', '0 join, 10 close, 14.999 publish', '0-10 room_closed'],
    ['media later after a close', '0 join, 10 close, 15 publish', '0-10 room_closed, ~15-; S 15'],
    [
      'stragglers before a join',
      '0 join, 10 leave, 12 publish A, 14 publish B, 18 join',
      '0-10 normal, 18-; A 12; B 14',
    ],
    [
      'stragglers before an estimated and a genuine join',
      '0 join, 10 leave, 12 publish, 14 !join, 15 join',
      '0-10 normal, 15-; S 12',
    ],
    ['a leave between media and their join', '10 publish, 11 leave, 12 join', '12-; S 10'],
    ['a close between media and their join', '10 publish, 11 close, 12 join', '12-; S 10'],
    ['a kick between media and their join', '10 publish, 11 kick, 12 join', '12-; S 10'],
    [
      'two sessions that only early media began',
      '0 publish A, 1 leave, 4 publish B, 8 publish C, 9 join',
      '9-; A 0; B 4; C 8',
    ],
    ['media that end before their join', '10 publish, 11 unpublish, 12 join', '12-'],

    // Streams
    ['an unpublish within 5 s before the publish', '0 join, 10 unpublish, 15 publish', '0-'],
    ['an unpublish earlier before the publish', '0 join, 10 unpublish, 15.001 publish', '0-; S 15.001'],
    ['an unsub within 5 s before the sub', '0 join, 10 unsub, 15 sub', '0-'],
    ['an unsub before a publish', '0 join, 10 unsub, 11 publish', '0-; S 11'],
    ['an early unpublish of another stream', '0 join, 10 unpublish A, 11 publish B', '0-; B 11'],
    ['a second publish after an early unpublish', '0 join, 10 unpublish, 11 publish, 12 publish', '0-; S 12'],
    ['a duplicate unpublish before a publish', '0 join, 1 publish, 10 unpublish, 11 unpublish, 12 publish', '0-; S 12'],
    ['an unpublish of the older connection', '0 join, 1 publish, 100 join, 101 unpublish, 102 publish', '0- +1; S 102'],
    [
      'an unpublish of the session before',
      '0 join, 1 publish, 10 leave, 11 unpublish, 12 join, 13 publish',
      '0-10 normal, 12-; S 13',
    ],
    ['an early unpublish of someone who is not in the room', '0 unpublish, 1 publish, 2 join', '2-'],
    [
      'a late duplicate unpublish of a stream that had been on',
      '1 join, 10 publish, 20 unpublish, 60 unpublish, 62 publish',
      '1-; S 62',
    ],
    ['a late duplicate unsub', '1 join, 10 sub, 20 unsub, 60 unsub, 62 sub', '1-; S 62'],
    [
      'a late unpublish of the older connection',
      '1 join, 10 publish, 20 join, 26 unpublish, 27 publish',
      '1- +1; S 27',
    ],
    [
      'a late unpublish of a stream of the session before',
      '0 join, 1 publish, 10 leave, 12 join, 30 unpublish, 31 publish',
      '0-10 normal, 12-',
    ],
    [
      'a late duplicate unpublish after a kick and its join',
      '0 join, 1 publish, 5 unpublish, 30 kick, 32 join, 60 unpublish, 61 publish',
      '0- +1; S 61',
    ],
    [
      'a late duplicate unpublish after a void estimated end',
      '0 join, 1 publish, 5 unpublish, 100 !leave, 800 !join, 900 unpublish, 902 publish',
      '0-; S 902',
    ],
    [
      'a late duplicate unpublish in a session that an estimated end had replaced',
      '0 join, 1 publish, 5 unpublish, 100 !leave, 800 !join, 2000 unpublish, 2001 publish',
      '0-~100 reconciled, ~800-',
    ],
    [
      'a publish after an unpublish that overtook another one',
      '0 join, 10 unpublish, 11 publish, 60 unpublish, 61 publish',
      '0-; S 61',
    ],
    [
      'a publish after an unpublish that overtook the first event of the session',
      '0 unpublish, 5 publish, 11 unpublish, 11.5 publish',
      '~5-; S 11.5',
    ],
    [
      'a stream that began and ended before its join',
      '0 join, 10 leave, 12 publish, 13 unpublish, 14 join, 15 publish',
      '0-10 normal, 14-; S 15',
    ],
    [
      'a stream that began earlier than a join can have been overtaken',
      '0 join, 10 leave, 12 publish, 17.001 unpublish, 18 join, 19 publish',
      '0-10 normal, 18-',
    ],
    ['an unpublish after an estimated end', '0 join, 1 publish, 100 !leave, 300 unpublish, 302 publish', '0-; S 302'],
  ])('is right after %s', (_, history, expected) => {
    expect(stateAfter(history)).toBe(expected)
  })
})
