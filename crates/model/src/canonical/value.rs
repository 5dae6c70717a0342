//! Canonical values: the bytes of one field that a commitment covers, the same on every machine and in every file.

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, Float64Array, Int64Array, ListArray,
    StringViewArray, TimestampNanosecondArray,
};
use arrow::datatypes::{Float64Type, Int64Type, TimestampNanosecondType};

use crate::table::{Kind, change_fields};

const TAG_TEXT: u8 = 1;
const TAG_TIME: u8 = 2;
const TAG_INTEGER: u8 = 3;
const TAG_FLOAT: u8 = 4;
const TAG_BOOLEAN: u8 = 5;
const TAG_BYTES: u8 = 6;
const TAG_CHANGES: u8 = 7;

/// A column's values in the form that their kind has in memory.
pub enum Values<'a> {
    /// The same text in every row.
    Same(&'a str),
    Text(&'a StringViewArray),
    Time(&'a TimestampNanosecondArray),
    Integer(&'a Int64Array),
    Float(&'a Float64Array),
    Boolean(&'a BooleanArray),
    Fixed(&'a FixedSizeBinaryArray),
    Bytes(&'a BinaryViewArray),
    Changes(Changes<'a>),
}

/// The `changes` column, taken apart once.
pub struct Changes<'a> {
    lists: &'a ListArray,
    parts: [&'a StringViewArray; 3],
}

impl<'a> Values<'a> {
    /// The array's values, or nothing if it does not hold that kind.
    pub fn of(array: &'a ArrayRef, kind: Kind) -> Option<Values<'a>> {
        match kind {
            Kind::Text | Kind::Json => array.as_string_view_opt().map(Values::Text),
            Kind::Time => array.as_primitive_opt::<TimestampNanosecondType>().map(Values::Time),
            Kind::Integer => array.as_primitive_opt::<Int64Type>().map(Values::Integer),
            Kind::Float => array.as_primitive_opt::<Float64Type>().map(Values::Float),
            Kind::Boolean => array.as_boolean_opt().map(Values::Boolean),
            Kind::Uuid => fixed(array, 16),
            Kind::Hex(length) => fixed(array, length),
            Kind::Bytes => array.as_binary_view_opt().map(Values::Bytes),
            Kind::Changes => {
                let lists = array.as_list_opt::<i32>()?;
                let elements = lists.values().as_struct_opt()?;
                let names = change_fields();
                let part = |index: usize| elements.column_by_name(names[index].name())?.as_string_view_opt();
                Some(Values::Changes(Changes { lists, parts: [part(0)?, part(1)?, part(2)?] }))
            }
        }
    }

    /// Says in the commitment how the bytes are meant, so that no text passes for a number.
    pub fn type_tag(&self) -> u8 {
        match self {
            Values::Same(_) | Values::Text(_) => TAG_TEXT,
            Values::Time(_) => TAG_TIME,
            Values::Integer(_) => TAG_INTEGER,
            Values::Float(_) => TAG_FLOAT,
            Values::Boolean(_) => TAG_BOOLEAN,
            Values::Fixed(_) | Values::Bytes(_) => TAG_BYTES,
            Values::Changes(_) => TAG_CHANGES,
        }
    }

    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Values::Same(_) => false,
            Values::Text(array) => array.is_null(row),
            Values::Time(array) => array.is_null(row),
            Values::Integer(array) => array.is_null(row),
            Values::Float(array) => array.is_null(row),
            Values::Boolean(array) => array.is_null(row),
            Values::Fixed(array) => array.is_null(row),
            Values::Bytes(array) => array.is_null(row),
            Values::Changes(changes) => changes.lists.is_null(row),
        }
    }

    /// Appends the canonical bytes of a value that is not null.
    pub fn append(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Values::Same(text) => out.extend_from_slice(text.as_bytes()),
            Values::Text(array) => out.extend_from_slice(array.value(row).as_bytes()),
            Values::Time(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Values::Integer(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Values::Float(array) => out.extend_from_slice(&array.value(row).to_bits().to_be_bytes()),
            Values::Boolean(array) => out.push(u8::from(array.value(row))),
            Values::Fixed(array) => out.extend_from_slice(array.value(row)),
            Values::Bytes(array) => out.extend_from_slice(array.value(row)),
            Values::Changes(changes) => changes.append(row, out),
        }
    }
}

impl Changes<'_> {
    /// The count of elements, then for each its field, before and after, each as an optional text.
    fn append(&self, row: usize, out: &mut Vec<u8>) {
        let offsets = self.lists.value_offsets();
        let elements = offsets[row] as usize..offsets[row + 1] as usize;
        out.extend_from_slice(&length(elements.len()));
        for element in elements {
            for part in self.parts {
                if part.is_null(element) {
                    out.push(0);
                } else {
                    let text = part.value(element).as_bytes();
                    out.push(1);
                    out.extend_from_slice(&length(text.len()));
                    out.extend_from_slice(text);
                }
            }
        }
    }
}

fn fixed(array: &ArrayRef, length: i32) -> Option<Values<'_>> {
    array.as_fixed_size_binary_opt().filter(|array| array.value_length() == length).map(Values::Fixed)
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("Arrow offsets within a column are below 2^31").to_be_bytes()
}
