// The vocabulary that tells what a field of a list is about (docs/contract.md, section 5).

const toSet = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Words that make a field state how many there are of something. */
export const countWords = toSet(
  'total totals count counts cnt nb num nums number numbers size sizes length quantity qty',
)

/** Count words that mean the whole list, not one page of it. */
export const wholeWords = toSet('total totals all overall found filtered hit hits matched search')

export const pageWords = toSet('page pages')

/** Names of objects that are about paging: `pagination: {…}`. */
export const pagingWords = toSet('page pages paging pagination paginator pager pageable pageinfo cursors')

export const roomNouns = toSet('room rooms meeting meetings conference conferences conf confs channel channels')

export const userNouns = toSet(`
  user users people person persons member members participant participants participate participates participator
  participators attendee attendees headcount occupancy client clients online onlines peer peers occupant occupants`)

/** Users of some kind: there may be fewer of them than users. */
export const someUserNouns = toSet(`
  host hosts guest guests speaker speakers viewer viewers audience audiences publisher publishers presenter presenters
  moderator moderators anonymous visitor visitors listener listeners observer observers student students teacher teachers
  anchor anchors cohost cohosts assistant assistants`)

/** What any list has, and words that say no more about it. */
export const itemNouns = toSet(`
  item items record records row rows element elements entry entries object objects list lists data result results
  returned return open opened opening active live current currently now present of in the on odata`)

/** Words that make a count one of the list's entries, whatever else its name says: `server_list_count`. */
export const listWords = toSet('list lists item items row rows element elements entry entries data')

/** Things that are neither rooms nor users in a room; their count says nothing about the list. */
export const otherNouns = toSet(`
  stream streams audio audios video videos desktop screen screens share shares camera cameras mic mics microphone track
  tracks media recording recordings recorder recorders file files message messages chat chats cpu cpus core cores thread
  threads worker workers process processes server servers node nodes box boxes port ports byte bytes retry retries
  offline invited expected registered reserved appointed left leave history visits version build revision navigate
  optimize duration time seconds minutes bitrate bandwidth traffic memory disk frame frames font image images
  picture pictures`)

/** What a list should have and does not: `missing_count`, `failed_num`. */
export const missingNouns = toSet(`
  remaining remain rest missing skipped omitted dropped lost error errors err fail failed failure failures`)

/** How a list names what it could not get, as in `unreachable_servers: ["box-2"]`. */
export const unavailableWords = toSet('missing skipped omitted dropped unreachable unavailable incomplete timeout')

/** What is not yet in a page: `rooms_left`. In a room, `left` is about people who have left. */
export const leftWords = toSet('left remaining remain rest')

/** Words of a field that states the end of the list. */
export const endWords = toSet(`
  complete completed finish finished end ended eof done is has of the list page pages paging data result results all
  loaded`)

/** What a room has besides streams and users. */
export const roomPartNouns = toSet(`
  voice muted mute hand hands raise raised pending waiting lobby kicked banned comment comments question questions like
  likes gift gifts vote votes poll polls layout layouts split splits grid grids window windows cumulative accumulated`)

/** What is shown in a room and has pages itself. */
export const documentWords = toSet('whiteboard board slide slides ppt courseware')

/** Objects about one person, whose counts are not about a list. */
export const personWords = toSet('creator owner author organizer organiser operator admin administrator')

/** What a `number` identifies: `phone_number`. */
export const identifiedNouns = toSet(`
  phone mobile tel telephone serial sequence seq port version build revision id dial access account invite order batch
  line job request server box node sip pin card contact extension password passcode`)

/** What is possible, allowed or was once the case, not how many there are. */
export const capacityWords = toSet(`
  max maximum min minimum limit limits limited capacity cap quota allow allowed seat seats license licensed licence threshold peak`)

/** Words that the number of the current page may have beside `page`, or alone in an object that is about paging. */
export const positionWords = toSet('current cur now this no num number index idx at request requested p')

export const nextWords = toSet(`
  next has is have page pages cursor token offset link links url uri href start index no num number id marker key after
  start record records item items room rooms user users list data odata`)
