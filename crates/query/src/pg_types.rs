//! Which PostgreSQL type a column of ours is shown as, and which types a client may send parameters in.

use arrow::datatypes::{DataType, Field, TimeUnit};

use crate::format::Shown;

/// A type by what clients know it by: its number, its name and its length in bytes (-1 for variable).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PgType {
    pub oid: u32,
    pub name: &'static str,
    /// As `format_type` writes it.
    pub title: &'static str,
    pub length: i16,
    /// The category of `pg_type`.
    pub category: &'static str,
    /// Of an array: its element; else 0.
    pub element: u32,
}

const fn base(oid: u32, name: &'static str, title: &'static str, length: i16, category: &'static str) -> PgType {
    PgType { oid, name, title, length, category, element: 0 }
}

const fn array(oid: u32, name: &'static str, title: &'static str, element: u32) -> PgType {
    PgType { oid, name, title, length: -1, category: "A", element }
}

pub const BOOL: PgType = base(16, "bool", "boolean", 1, "B");
pub const BYTEA: PgType = base(17, "bytea", "bytea", -1, "U");
pub const CHAR: PgType = base(18, "char", "\"char\"", 1, "Z");
pub const NAME: PgType = base(19, "name", "name", 64, "S");
pub const INT8: PgType = base(20, "int8", "bigint", 8, "N");
pub const INT2: PgType = base(21, "int2", "smallint", 2, "N");
pub const INT4: PgType = base(23, "int4", "integer", 4, "N");
pub const TEXT: PgType = base(25, "text", "text", -1, "S");
pub const OID: PgType = base(26, "oid", "oid", 4, "N");
pub const JSON: PgType = base(114, "json", "json", -1, "U");
pub const FLOAT4: PgType = base(700, "float4", "real", 4, "N");
pub const FLOAT8: PgType = base(701, "float8", "double precision", 8, "N");
pub const UNKNOWN: PgType = base(705, "unknown", "unknown", -2, "X");
pub const BPCHAR: PgType = base(1042, "bpchar", "character", -1, "S");
pub const VARCHAR: PgType = base(1043, "varchar", "character varying", -1, "S");
pub const DATE: PgType = base(1082, "date", "date", 4, "D");
pub const TIME: PgType = base(1083, "time", "time without time zone", 8, "D");
pub const TIMESTAMP: PgType = base(1114, "timestamp", "timestamp without time zone", 8, "D");
pub const TIMESTAMPTZ: PgType = base(1184, "timestamptz", "timestamp with time zone", 8, "D");
pub const INTERVAL: PgType = base(1186, "interval", "interval", 16, "T");
pub const NUMERIC: PgType = base(1700, "numeric", "numeric", -1, "N");
pub const UUID: PgType = base(2950, "uuid", "uuid", 16, "U");
pub const JSONB: PgType = base(3802, "jsonb", "jsonb", -1, "U");
pub const BOOL_ARRAY: PgType = array(1000, "_bool", "boolean[]", 16);
pub const INT2_ARRAY: PgType = array(1005, "_int2", "smallint[]", 21);
pub const INT4_ARRAY: PgType = array(1007, "_int4", "integer[]", 23);
pub const TEXT_ARRAY: PgType = array(1009, "_text", "text[]", 25);
pub const VARCHAR_ARRAY: PgType = array(1015, "_varchar", "character varying[]", 1043);
pub const INT8_ARRAY: PgType = array(1016, "_int8", "bigint[]", 20);
pub const FLOAT8_ARRAY: PgType = array(1022, "_float8", "double precision[]", 701);
pub const UUID_ARRAY: PgType = array(2951, "_uuid", "uuid[]", 2950);

/// All that are listed in `pg_type`.
pub const ALL: &[PgType] = &[
    BOOL,
    BYTEA,
    CHAR,
    NAME,
    INT8,
    INT2,
    INT4,
    TEXT,
    OID,
    JSON,
    FLOAT4,
    FLOAT8,
    UNKNOWN,
    BPCHAR,
    VARCHAR,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    INTERVAL,
    NUMERIC,
    UUID,
    JSONB,
    BOOL_ARRAY,
    INT2_ARRAY,
    INT4_ARRAY,
    TEXT_ARRAY,
    VARCHAR_ARRAY,
    INT8_ARRAY,
    FLOAT8_ARRAY,
    UUID_ARRAY,
];

impl PgType {
    pub fn from_oid(oid: u32) -> Option<PgType> {
        ALL.iter().copied().find(|known| known.oid == oid)
    }

    /// The array of this type, if it is listed.
    pub fn array(self) -> Option<PgType> {
        ALL.iter().copied().find(|known| known.element == self.oid)
    }
}

/// The type that a column is shown as. Hashes and trace ids are texts of hexadecimal digits, as they are compared.
pub fn column_type(field: &Field) -> PgType {
    match Shown::of(field) {
        Shown::Uuid => return UUID,
        Shown::Json | Shown::Changes => return JSON,
        Shown::Hex | Shown::Text => return TEXT,
        _ => {}
    }
    match field.data_type() {
        DataType::Boolean => BOOL,
        DataType::Int8 | DataType::Int16 | DataType::UInt8 => INT2,
        DataType::Int32 | DataType::UInt16 => INT4,
        DataType::Int64 | DataType::UInt32 => INT8,
        DataType::UInt64 | DataType::Decimal128(..) | DataType::Decimal256(..) => NUMERIC,
        DataType::Decimal32(..) | DataType::Decimal64(..) => NUMERIC,
        DataType::Float16 | DataType::Float32 => FLOAT4,
        DataType::Float64 => FLOAT8,
        DataType::Timestamp(_, Some(_)) => TIMESTAMPTZ,
        DataType::Timestamp(_, None) => TIMESTAMP,
        DataType::Date32 | DataType::Date64 => DATE,
        DataType::Time32(_) | DataType::Time64(_) => TIME,
        DataType::Interval(_) | DataType::Duration(_) => INTERVAL,
        DataType::Dictionary(_, value) => column_type(&Field::new("", value.as_ref().clone(), true)),
        DataType::List(item) | DataType::LargeList(item) => match item.data_type() {
            DataType::Struct(_) | DataType::List(_) => JSON,
            _ => column_type(item).array().unwrap_or(TEXT_ARRAY),
        },
        DataType::Struct(_) | DataType::Map(..) => JSON,
        _ => TEXT,
    }
}

/// What a placeholder stands for that the planner found to be of `data_type`.
pub fn parameter_type(data_type: &DataType) -> PgType {
    match data_type {
        // Compared as texts, so that ids can be written as people write them.
        DataType::FixedSizeBinary(_) | DataType::BinaryView => TEXT,
        DataType::Timestamp(TimeUnit::Nanosecond, None) => TIMESTAMP,
        other => column_type(&Field::new("", other.clone(), true)),
    }
}
