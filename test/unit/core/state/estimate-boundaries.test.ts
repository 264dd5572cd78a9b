import { describe, expect, it } from 'vitest'
import { stateAfter } from '../../../support/short-histories.ts'

// Each limit of docs/contract.md, section 4, just inside and just outside. The notation is that of `stateAfter`.

describe('the state of a participant with estimates', () => {
  it.each([
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
    ['an estimated join of someone in the room', '0 join web, 100 !join ios', '0- web'],
    ['an estimated join that resumes a session', '0 join web, 100 !leave, 200 !join ios', '0- web'],
  ])('is right after %s', (_, history, expected) => {
    expect(stateAfter(history)).toBe(expected)
  })
})
