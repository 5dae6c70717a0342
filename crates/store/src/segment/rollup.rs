//! The roll-up: how many rows per minute, service and level, so that histograms need not touch rows.

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray, StringViewBuilder, TimestampNanosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit, TimestampNanosecondType};
use arrow::ipc::CompressionType;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
use hashbrown::HashMap;
use whodunit_model::Table;
use whodunit_stdx::Timestamp;

const MAGIC: &[u8; 4] = b"WDRU";
const VERSION: u16 = 1;
const HEADER_BYTES: usize = 8;

/// Past this many lines a roll-up is no shortcut any more, and the segment goes without.
const LINES_MAX: usize = 262_144;

/// Columns: `minute`, `service`, `level`, `count`.
pub fn schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        Arc::new(Schema::new(vec![
            Field::new("minute", DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())), false),
            Field::new("service", DataType::Utf8View, true),
            Field::new("level", DataType::Utf8View, true),
            Field::new("count", DataType::Int64, false),
        ]))
    });
    SCHEMA.clone()
}

/// The column that plays `level` in a table, if one does.
pub fn level_column(table: Table) -> Option<&'static str> {
    match table {
        Table::Logs | Table::ErrorEvents => Some("level"),
        Table::AuditLogs => Some("severity"),
        Table::SessionEvents | Table::Spans | Table::Samples => None,
        Table::Attachments | Table::Feedback | Table::CheckIns | Table::ReleaseSessions => None,
    }
}

/// Numbers for texts; number 0 stands for null.
#[derive(Default)]
struct Names {
    /// Texts of up to 12 bytes are their own Arrow view.
    short: HashMap<u128, u32>,
    long: HashMap<String, u32>,
    texts: Vec<Option<String>>,
}

impl Names {
    fn new() -> Names {
        Names { texts: vec![None], ..Names::default() }
    }

    fn numbers(&mut self, column: Option<&StringViewArray>, rows: usize) -> Vec<u32> {
        let Some(column) = column else { return vec![0; rows] };
        let views = column.views();
        let mut last = (0u128, 0u32);
        let number = |row: usize| {
            if column.is_null(row) {
                return 0;
            }
            let view = views[row];
            if view as u32 > 12 {
                return self.long(column.value(row));
            }
            if last.1 == 0 || last.0 != view {
                let texts = &mut self.texts;
                let number = *self.short.entry(view).or_insert_with(|| {
                    texts.push(Some(column.value(row).to_owned()));
                    (texts.len() - 1) as u32
                });
                last = (view, number);
            }
            last.1
        };
        (0..rows).map(number).collect()
    }

    fn long(&mut self, text: &str) -> u32 {
        if let Some(number) = self.long.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(Some(text.to_owned()));
        self.long.insert(text.to_owned(), number);
        number
    }
}

/// Counts rows as they are written.
pub struct RollupBuilder {
    level_column: Option<&'static str>,
    services: Names,
    levels: Names,
    counts: HashMap<(i64, u32, u32), i64>,
    given_up: bool,
}

impl RollupBuilder {
    pub fn new(table: Table) -> RollupBuilder {
        RollupBuilder {
            level_column: level_column(table),
            services: Names::new(),
            levels: Names::new(),
            counts: HashMap::new(),
            given_up: false,
        }
    }

    pub fn add(&mut self, rows: &RecordBatch) {
        if self.given_up {
            return;
        }
        let texts = |name: &str| rows.column_by_name(name).and_then(|column| column.as_string_view_opt());
        let services = self.services.numbers(texts("service"), rows.num_rows());
        let levels = self.levels.numbers(self.level_column.and_then(texts), rows.num_rows());
        let time = rows.column_by_name("time").expect("every row of a segment has a time");
        let times = time.as_primitive::<TimestampNanosecondType>().values();
        let mut run = ((i64::MIN, 0, 0), 0);
        for ((time, service), level) in times.iter().zip(services).zip(levels) {
            let minute = time.div_euclid(Timestamp::NANOS_PER_MINUTE);
            let key = (minute, service, level);
            if key == run.0 {
                run.1 += 1;
                continue;
            }
            if run.1 > 0 {
                *self.counts.entry(run.0).or_default() += run.1;
            }
            run = (key, 1);
        }
        if run.1 > 0 {
            *self.counts.entry(run.0).or_default() += run.1;
        }
        if self.counts.len() > LINES_MAX {
            self.given_up = true;
            self.counts = HashMap::new();
        }
    }

    /// The bytes to store; nothing if there are too many different lines.
    pub fn finish(self) -> Result<Option<Vec<u8>>, arrow::error::ArrowError> {
        if self.given_up {
            return Ok(None);
        }
        let mut lines: Vec<_> = self.counts.into_iter().collect();
        // Newest minute first, as the rows are; names in the order of their first row, for the same bytes every time.
        lines.sort_unstable_by_key(|((minute, service, level), _)| (std::cmp::Reverse(*minute), *service, *level));
        let minute = |((minute, ..), _): &((i64, u32, u32), i64)| minute * Timestamp::NANOS_PER_MINUTE;
        let minutes = TimestampNanosecondArray::from_iter_values(lines.iter().map(minute)).with_timezone("UTC");
        let texts = |names: &Names, number: fn(&(i64, u32, u32)) -> u32| {
            let mut builder = StringViewBuilder::new().with_deduplicate_strings();
            for (key, _) in &lines {
                builder.append_option(names.texts[number(key) as usize].as_deref());
            }
            Arc::new(builder.finish()) as ArrayRef
        };
        let counts = Int64Array::from_iter_values(lines.iter().map(|(_, count)| *count));
        let columns = vec![
            Arc::new(minutes) as ArrayRef,
            texts(&self.services, |key| key.1),
            texts(&self.levels, |key| key.2),
            Arc::new(counts),
        ];
        encode(&RecordBatch::try_new(schema(), columns)?).map(Some)
    }
}

fn encode(lines: &RecordBatch) -> Result<Vec<u8>, arrow::error::ArrowError> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD))?;
    let mut writer = StreamWriter::try_new_with_options(&mut bytes, &schema(), options)?;
    writer.write(lines)?;
    writer.finish()?;
    drop(writer);
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    Ok(bytes)
}

/// Reads what [`RollupBuilder::finish`] wrote; says what is wrong with it otherwise.
pub fn decode(bytes: &[u8]) -> Result<RecordBatch, String> {
    let Some((content, checksum)) = bytes.split_last_chunk::<4>() else { return Err("too short".into()) };
    if crc32c::crc32c(content) != u32::from_le_bytes(*checksum) {
        return Err("checksum mismatch".into());
    }
    if content.len() < HEADER_BYTES || &content[..4] != MAGIC {
        return Err("not a roll-up".into());
    }
    let version = u16::from_le_bytes([content[4], content[5]]);
    if version != VERSION {
        return Err(format!("version {version}, this program reads {VERSION}"));
    }
    let reader = StreamReader::try_new(Cursor::new(&content[HEADER_BYTES..]), None).map_err(|e| e.to_string())?;
    if reader.schema().fields() != schema().fields() {
        return Err("other columns than expected".into());
    }
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    arrow::compute::concat_batches(&schema(), &batches).map_err(|error| error.to_string())
}
