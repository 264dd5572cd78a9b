import { generateSchool } from '@northbound/avd-simulator'

/** Eight days of a small school that has everything that a large one has. @param endAt ms since 1970. */
export function createSmallSchool(endAt: number) {
  return generateSchool({
    endAt,
    days: 8,
    classes: 2,
    pupilsPerClass: 14,
    teachers: 4,
    lessonsPerDay: 1,
    meetingsPerDay: 2,
    openRooms: 14,
  })
}
