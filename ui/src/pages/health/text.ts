/** The words of the page about the server itself. */

import { catalogue } from '../../lib/language'

interface AboutCheck {
  what: string
  remedy: string
}

/** What each check looks at; what to do about it the server says. */
const CHECKS_EN: Record<string, string> = {
  'store.audit_lane': 'Audit entries reach the disk',
  'store.telemetry_lane': 'Log lines reach the disk',
  'store.wal': 'The write-ahead log was whole at the start',
  'store.segments': 'No stored file is damaged',
  'store.places': 'Other places have room for cold data',
  'store.upkeep': 'Flushing, compacting and retention are up to date',
  control: 'Users, keys and settings can be read',
  memory: 'Memory for data is not running out',
  audit_logging: 'Audit entries are taken',
  tls: 'The certificate on disk is in use',
}

const LANE_HE = 'אם הסנכרון נכשל, יש לברר מה קרה לדיסק ואז להפעיל את השרת מחדש: דבר שאושר אינו אובד. אם הדיסק מלא, יש לפנות מקום או לקצר את השמירה; ההמשך יבוא מעצמו.'
const CHECKS_HE: Record<string, AboutCheck> = {
  'store.audit_lane': { what: 'רשומות ביקורת מגיעות לדיסק', remedy: LANE_HE },
  'store.telemetry_lane': { what: 'שורות יומן מגיעות לדיסק', remedy: LANE_HE },
  'store.wal': { what: 'היומן המקדים היה שלם בהפעלה', remedy: 'יש לשמור את ההעתקים שבהסגר, לבדוק את הדיסק והזיכרון של המחשב, ולהריץ \u2066whodunit verify-data\u2069 כשהשרת עצור, כדי לדעת מה חסר.' },
  'store.segments': { what: 'אין קובץ פגום', remedy: 'יש לבדוק את הדיסק ולהחזיר את הקובץ מגיבוי (\u2066whodunit restore --verify\u2069). עד אז השורות שבו חסרות.' },
  'store.places': { what: 'יש מקום לנתונים קרים', remedy: 'יש לפנות שם מקום, או לציין מקום אחר (cold_location) ולהפעיל מחדש; עד אז הנתונים הקרים נשארים במקומם.' },
  'store.upkeep': { what: 'הכתיבה, הדחיסה והשמירה מעודכנות', remedy: 'הסיבה רשומה לצידה: לרוב דיסק מלא, הרשאות חסרות או אחסון שאין אליו קשר. מתבצע ניסיון חוזר מעצמו.' },
  control: { what: 'אפשר לקרוא משתמשים, מפתחות והגדרות', remedy: 'יש לבדוק את הקובץ או השרת של מסד הנתונים לניהול; עד שיענה, שינויים נדחים.' },
  memory: { what: 'הזיכרון לנתונים אינו אוזל', remedy: 'אפשר לשלוח פחות בבת אחת, לשאול על טווחים קצרים יותר, או להפעיל את השרת עם מגבלת זיכרון גבוהה יותר.' },
  audit_logging: { what: 'רשומות ביקורת מתקבלות', remedy: 'מישהו כיבה זאת. אם לא בכוונה, יש להפעיל שוב; בהיסטוריה שם רשום מי ומדוע.' },
  tls: { what: 'התעודה שבדיסק בשימוש', remedy: 'יש להחליף את התעודה והמפתח בזוג תואם שתוקפו לא פג; הוא ייקלט מעצמו.' },
}

/** What is found, by check and state. Where more is known than the state, the server's own words follow. */
const FOUND_HE: Record<string, string> = {
  'store.audit_lane healthy': 'כותב ומסנכרן',
  'store.telemetry_lane healthy': 'כותב ומסנכרן',
  'store.wal healthy': 'נקרא מחדש בשלמותו',
  'store.segments healthy': 'לא ידוע על קובץ פגום',
  'store.places healthy': 'יש מקום לנתונים קרים',
  'store.upkeep healthy': 'מעודכן',
  'control healthy': 'עונה',
  'memory healthy': 'יש מקום',
  'store.audit_lane degraded': 'אין קבלה של רשומות ביקורת חדשות כרגע',
  'store.audit_lane unhealthy': 'הדיסק נכשל: שום רשומת ביקורת אינה מאושרת עד להפעלה מחדש',
  'store.telemetry_lane degraded': 'אין קבלה של שורות יומן חדשות כרגע',
  'store.telemetry_lane unhealthy': 'הדיסק נכשל: שום שורת יומן אינה מאושרת עד להפעלה מחדש',
  'store.wal degraded': 'נמצא נזק ביומן המקדים, והעתק של החלק הפגום בהסגר',
  'store.segments degraded': 'נמצא קובץ פגום',
  'store.places degraded': 'אין מקום לנתונים קרים',
  'store.upkeep degraded': 'פעולת תחזוקה נכשלה',
  'control unhealthy': 'מסד הנתונים לניהול אינו עונה',
  'memory degraded': 'הזיכרון לנתונים עומד לאזול',
  'tls degraded': 'אי אפשר להשתמש בתעודה שבדיסק, והקודמת נשארת',
  'audit_logging healthy': 'רשומות ביקורת של יישומים מתקבלות',
  'audit_logging degraded': 'רישום הביקורת כבוי: רשומות ביקורת של יישומים נדחות',
  'tls healthy': 'התעודה שבדיסק בשימוש',
}

/** Why something was refused, or passed over, by the codes of the ways in. */
const REASONS_EN: Record<string, string> = {
  missing: 'a required field is missing',
  invalid: 'a value cannot be read',
  malformed: 'not of the form that the protocol has',
  too_large: 'too large',
  too_long: 'too long',
  out_of_range: 'a time too far off',
  time: 'a time that cannot be',
  not_json: 'no JSON',
  not_utf8: 'no UTF-8',
  conflict: 'the id is taken by another entry',
  refused: 'refused by the receiver',
  dropped: 'messages of syslog that found no room',
  unknown_item: 'of an unknown kind',
}
const REASONS_HE: Record<string, string> = {
  missing: 'חסר שדה חובה',
  invalid: 'ערך שאי אפשר לקרוא',
  malformed: 'לא בצורה שהפרוטוקול קובע',
  too_large: 'גדול מדי',
  too_long: 'ארוך מדי',
  out_of_range: 'זמן רחוק מדי',
  time: 'זמן שאינו אפשרי',
  not_json: 'אינו JSON',
  not_utf8: 'אינו UTF-8',
  conflict: 'המזהה תפוס בידי רשומה אחרת',
  refused: 'נדחה בידי המקבל',
  dropped: 'הודעות syslog שלא נמצא להן מקום',
  unknown_item: 'מסוג לא מוכר',
}

/** Codes that end in what they are about. */
const PREFIXES_EN: Record<string, string> = { request_: 'whole requests', not_stored_: 'not stored yet', client_: 'dropped by the sender itself' }
const PREFIXES_HE: Record<string, string> = { request_: 'בקשות שלמות', not_stored_: 'עדיין לא נשמר', client_: 'הושמט בידי השולח עצמו' }

function reason(reasons: Record<string, string>, prefixes: Record<string, string>): (code: string) => string {
  return (code) => reasons[code] ?? Object.entries(prefixes).find(([prefix]) => code.startsWith(prefix))?.[1] ?? ''
}

export const HEALTH = catalogue(
  {
    status: (name: string) => ({ healthy: 'healthy', degraded: 'degraded', unhealthy: 'unhealthy' })[name] ?? name,
    overall: (status: string) =>
      ({
        healthy: 'Everything works',
        degraded: 'It works, but somebody should look',
        unhealthy: 'Something that was asked for is refused',
      })[status] ?? status,
    checks: 'Checks',
    check: 'Check',
    found: 'What was found',
    took: 'Took',
    state: 'State',
    process: 'The process',
    version: 'Version',
    uptime: 'Up for',
    hours: (hours: string) => `${hours} h`,
    memory: 'Memory of the process',
    reserved: 'Reserved for data, of its limit',
    connections: 'Connections, of at most',
    requests: 'Requests a second, last minute',
    errorRate: 'Errors in the last hour',
    ofTotal: (errors: string, total: string, percent: string) => `${errors} of ${total} (${percent} %)`,
    sources: 'Who sends',
    sender: 'Sender',
    protocol: 'Protocol',
    services: 'Services',
    heard: 'Last heard',
    rows: 'Rows',
    today: 'Today',
    size: 'Received',
    rejected: 'Refused',
    noSources: 'Nobody has sent anything yet.',
    sendFirst: 'Send a first record',
    lastRejection: 'Last:',
    reason: reason(REASONS_EN, PREFIXES_EN),
    lastHealthy: 'Last healthy',
    neverHealthy: 'not since the start',
    troubles: 'What is not healthy',
    whatToDo: 'What to do:',
    toSwitches: 'Settings, Switches',
    checkWhat: (name: string) => CHECKS_EN[name] ?? '',
    finding: (_name: string, _status: string, said: string) => said,
    remedy: (_name: string, said: string) => said,
  },
  {
    status: (name: string) => ({ healthy: 'תקין', degraded: 'פגום חלקית', unhealthy: 'לא תקין' })[name] ?? name,
    overall: (status: string) =>
      ({
        healthy: 'הכול פועל',
        degraded: 'פועל, אך כדאי לבדוק',
        unhealthy: 'משהו שהתבקש נדחה',
      })[status] ?? status,
    checks: 'בדיקות',
    check: 'בדיקה',
    found: 'מה נמצא',
    took: 'משך',
    state: 'מצב',
    process: 'התהליך',
    version: 'גרסה',
    uptime: 'פועל מזה',
    hours: (hours: string) => `${hours} שעות`,
    memory: 'זיכרון התהליך',
    reserved: 'שמור לנתונים, מתוך המגבלה',
    connections: 'חיבורים, לכל היותר',
    requests: 'בקשות בשנייה, בדקה האחרונה',
    errorRate: 'שגיאות בשעה האחרונה',
    ofTotal: (errors: string, total: string, percent: string) => `${errors} מתוך ${total} (${percent}%)`,
    sources: 'מי שולח',
    sender: 'שולח',
    protocol: 'פרוטוקול',
    services: 'שירותים',
    heard: 'נשמע לאחרונה',
    rows: 'שורות',
    today: 'היום',
    size: 'התקבל',
    rejected: 'נדחו',
    noSources: 'עדיין לא נשלח דבר.',
    sendFirst: 'שליחת רשומה ראשונה',
    lastRejection: 'האחרונה:',
    reason: reason(REASONS_HE, PREFIXES_HE),
    lastHealthy: 'תקין לאחרונה',
    neverHealthy: 'לא מאז ההפעלה',
    troubles: 'מה אינו תקין',
    whatToDo: 'מה לעשות:',
    toSwitches: 'הגדרות, מתגים',
    checkWhat: (name: string) => CHECKS_HE[name]?.what ?? '',
    finding: (name: string, status: string, said: string) => FOUND_HE[`${name} ${status}`] ?? said,
    remedy: (name: string, said: string) => CHECKS_HE[name]?.remedy ?? said,
  },
)
