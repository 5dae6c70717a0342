/** The words of the page about the server itself. */

import { catalogue } from '../../lib/language'

interface AboutCheck {
  what: string
  remedy: string
}

const LANE_EN = 'If a sync failed, find out why the disk did, then restart the server: nothing that was acknowledged is lost. If the disk is full, make room or shorten retention; it goes on by itself.'
const CHECKS_EN: Record<string, AboutCheck> = {
  'store.audit_lane': { what: 'Audit entries reach the disk', remedy: LANE_EN },
  'store.telemetry_lane': { what: 'Log lines reach the disk', remedy: LANE_EN },
  'store.wal': { what: 'The write-ahead log was whole at the start', remedy: 'Keep the copies in quarantine, check disk and memory of the machine, and run whodunit verify-data on the stopped server to learn what is missing.' },
  'store.segments': { what: 'No stored file is damaged', remedy: 'Check the disk, then bring the named file back from a backup (whodunit restore --verify). Its rows are missing until then.' },
  'store.places': { what: 'Other places have room for cold data', remedy: 'Make room there, or name another place (cold_location) and restart; until then cold data stays where it is.' },
  'store.upkeep': { what: 'Flushing, compacting and retention are up to date', remedy: 'The reason stands beside it: mostly a full disk, missing rights or a bucket that cannot be reached. It is tried again by itself.' },
  control: { what: 'Users, keys and settings can be read', remedy: 'Look at the file or the server of the control database; until it answers, changes are refused.' },
  memory: { what: 'Memory for data is not running out', remedy: 'Send less at once, ask for shorter ranges, or start the server with a higher memory limit.' },
  audit_logging: { what: 'Audit entries are taken', remedy: 'Somebody switched it off. If that was not on purpose, switch it on again; the history there says who did it and why.' },
  tls: { what: 'The certificate on disk is in use', remedy: 'Replace certificate and key by a pair that fits and has not expired; it is taken up by itself.' },
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

const REASONS_EN: Record<string, string> = {
  missing: 'a required field is missing',
  invalid: 'a value cannot be read',
  too_large: 'too large',
  out_of_range: 'a time too far off',
  not_json: 'no JSON',
  not_utf8: 'no UTF-8',
  conflict: 'the id is taken by another entry',
}
const REASONS_HE: Record<string, string> = {
  missing: 'חסר שדה חובה',
  invalid: 'ערך שאי אפשר לקרוא',
  too_large: 'גדול מדי',
  out_of_range: 'זמן רחוק מדי',
  not_json: 'אינו JSON',
  not_utf8: 'אינו UTF-8',
  conflict: 'המזהה תפוס בידי רשומה אחרת',
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
    reason: (code: string) => REASONS_EN[code] ?? (code.startsWith('request_') ? 'whole request refused' : 'refused'),
    lastHealthy: 'Last healthy',
    neverHealthy: 'not since the start',
    troubles: 'What is not healthy',
    whatToDo: 'What to do:',
    toSwitches: 'Settings, Switches',
    checkWhat: (name: string) => CHECKS_EN[name]?.what ?? '',
    remedy: (name: string) => CHECKS_EN[name]?.remedy ?? 'Read what was found; the server’s log says more.',
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
    reason: (code: string) => REASONS_HE[code] ?? (code.startsWith('request_') ? 'בקשה שלמה נדחתה' : 'נדחה'),
    lastHealthy: 'תקין לאחרונה',
    neverHealthy: 'לא מאז ההפעלה',
    troubles: 'מה אינו תקין',
    whatToDo: 'מה לעשות:',
    toSwitches: 'הגדרות, מתגים',
    checkWhat: (name: string) => CHECKS_HE[name]?.what ?? '',
    remedy: (name: string) => CHECKS_HE[name]?.remedy ?? 'כדאי לקרוא מה נמצא; ביומן השרת יש פירוט.',
  },
)
