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
    ['an early unpublish of somebody who is not in the room', '0 unpublish, 1 publish, 2 join', '2-'],
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

    // Estimates
    ['evidence within 30 min after an estimated end', '0 join, 1 publish A, 100 !leave, 1900 unsub', '0-; A 1'],
    ['evidence later after an estimated end', '0 join, 1 publish A, 100 !leave, 1900.001 unsub', '0-~100 reconciled'],
    [
      'media later after an estimated end',
      '0 join, 100 !leave, 1900.001 sub',
      '0-~100 reconciled, ~1900.001-; S 1900.001',
    ],
    [
      'media of a join after an estimated end',
      '0 join web, 1 publish, 100 !leave, 110 publish S ios, 115 join',
      '0-~100 reconciled web, 115- ios; S 110',
    ],
    ['media earlier before a join', '0 join, 100 !leave, 110 publish, 115.001 join', '0- +1'],
    [
      'a leave between media and their join after an estimated end',
      '0 join, 100 !leave, 110 publish, 112 leave, 114 join',
      '0-112 normal, 114-; S 110',
    ],
    ['an estimated return within 10 min', '0 join, 1 publish, 100 !leave, 700 !join', '0-; S 1'],
    ['an estimated return later', '0 join, 1 publish, 100 !leave, 700.001 !join', '0-~100 reconciled, ~700.001-'],
    ['an estimated return after a close', '0 join, 100 !leave, 200 close, 300 !join', '0-~100 reconciled, ~300-'],
    [
      'evidence after an estimated return, within 30 min after the estimated end',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1900 update',
      '0-; S 2',
    ],
    [
      'evidence after an estimated return, later after the estimated end',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1900.001 update',
      '0-~100 reconciled, ~1000-',
    ],
    [
      'a publish after an estimated return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1850 publish A',
      '0-; S 2; A 1850',
    ],
    ['a sub after an estimated return', '0 join, 2 publish, 100 !leave, 1000 !join, 1850 sub A', '0-; S 2; A 1850'],
    ['an unpublish after an estimated return', '0 join, 2 publish, 100 !leave, 1000 !join, 1850 unpublish', '0-'],
    ['an unsub after an estimated return', '0 join, 2 publish, 100 !close, 1000 !join, 1850 unsub', '0-; S 2'],
    [
      'a genuine join after an estimated return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1100 join, 1200 update',
      '0-~100 reconciled, 1100-',
    ],
    [
      'a reconnect after an estimated return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1400 join, 1410 update',
      '0-~100 reconciled, ~1000- +1',
    ],
    [
      'evidence after two estimated ends and a return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1100 !leave, 1300 update',
      '0-; S 2',
    ],
    [
      'evidence after three estimated ends and two returns',
      '0 join, 2 publish, 100 !leave, 701 !join, 702 !close, 1303 !join, 1304 !leave, 1900 update',
      '0-; S 2',
    ],
    [
      'evidence for the second of two estimated ends only',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1100 !leave, 1901 update',
      '0-~100 reconciled, ~1000-',
    ],
    [
      'an estimated return soon after the second of two estimated ends',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1100 !leave, 1200 !join, 1800 update',
      '0-; S 2',
    ],
    [
      'a leave soon after the second of two estimated ends',
      '0 join, 100 !leave, 1000 !join, 1100 !leave, 1200 leave',
      '0-~100 reconciled, ~1000-1200 normal',
    ],
    [
      'evidence after that leave',
      '0 join, 100 !leave, 1000 !join, 1100 !leave, 1200 leave, 1300 unsub',
      '0-1200 normal',
    ],
    [
      'evidence after the end of an estimated return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1200 kick, 1202 update',
      '0-1200 client_kick',
    ],
    [
      'evidence after a close after an estimated return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1200 close, 1300 update',
      '0-1200 room_closed',
    ],
    [
      'a kick, evidence and a join after an estimated return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1200 kick, 1201 update, 1202 join',
      '0- +1',
    ],
    [
      'a kick and a join after an estimated return',
      '0 join, 2 publish, 100 !leave, 1000 !join, 1200 kick, 1202 join, 1203 update',
      '0-~100 reconciled, ~1000- +1',
    ],
    [
      'an estimated return after a leave that was too late to replace the estimated end',
      '0 join, 100 !leave, 800 leave, 1000 !join, 1300 update',
      '0-800 normal, ~1000-',
    ],
    [
      'no evidence after such a return',
      '0 join, 100 !leave, 800 leave, 1000 !join, 1900.001 update',
      '0-~100 reconciled, ~1000-',
    ],
    [
      'evidence after an estimated return after a close',
      '0 join, 100 !leave, 200 close, 300 !join, 400 update',
      '0-200 room_closed, ~300-',
    ],
    [
      'a leave after an estimated return after a close',
      '0 join, 100 !leave, 200 close, 300 !join, 400 leave, 410 leave',
      '0-~100 reconciled, ~300-400 normal',
    ],
    ['an estimated join between a kick and its join', '0 join, 10 kick, 12 !join, 14 join', '0- +1'],
    ['an estimated join after a kick', '0 join, 10 kick, 12 !join, 15.001 join', '0-10 client_kick, 15.001-'],
    ['an estimated join between a leave and its media', '0 join, 10 join, 11 leave, 12 !join, 13 sub', '0- +1; S 13'],
    ['a leave within 10 min after an estimated end', '0 join, 100 !leave, 700 leave', '0-700 normal'],
    ['a leave later after an estimated end', '0 join, 100 !leave, 700.001 leave', '0-~100 reconciled'],
    ['an absorbed kick after an estimated end', '0 join, 95 join, 100 !leave, 101 kick', '0-~100 reconciled +1'],
    ['a close within 10 min after an estimated close', '0 join, 100 !close, 700 close', '0-700 room_closed'],
    ['a close later after an estimated close', '0 join, 100 !close, 700.001 close', '0-~100 room_closed'],
    ['a close after an estimated leave', '0 join, 100 !leave, 101 close', '0-~100 reconciled'],
    [
      'a straggler after a close after an estimated leave',
      '0 join, 100 !leave, 200 close, 202 publish',
      '0-200 room_closed',
    ],
    ['a straggler after a late leave', '0 join, 100 !leave, 800 leave, 802 publish', '0-800 normal'],
    ['media after a late leave', '0 join, 100 !leave, 800 leave, 805 publish', '0-800 normal, ~805-; S 805'],
    ['a genuine join within 5 min after an estimated one', '0 !join, 300 join', '300-'],
    ['a genuine join later after an estimated one', '0 !join, 300.001 join', '~0- +1'],
    ['a publish that overtook the join', '0 !join, 60 publish, 65 join', '65-; S 60'],
    ['a publish more than 5 s before the join', '0 !join, 60 publish, 65.001 join', '~0- +1'],
    ['a publish after an earlier one', '0 !join, 60 publish, 64 publish T, 66 join', '~0- +1; T 64'],
    ['a genuine join after other genuine events', '0 !join, 10 update, 20 join', '~0- +1'],
    ['an estimated join of somebody in the room', '0 join web, 100 !join ios', '0- web'],
    ['an estimated join that resumes a session', '0 join web, 100 !leave, 200 !join ios', '0- web'],
  ])('is right after %s', (_, history, expected) => {
    expect(stateAfter(history)).toBe(expected)
  })
})
