//! Values of attributes and bodies: scalars, lists and maps, borrowed from either form.

use std::borrow::Cow;

/// An `AnyValue`.
#[derive(Clone, Debug, Default)]
pub enum Any<'a> {
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Bytes(&'a [u8]),
    List(Nested<'a>),
    Map(Nested<'a>),
}

/// An `ArrayValue` or a `KeyValueList`, not yet read.
#[derive(Clone, Copy, Debug)]
pub enum Nested<'a> {
    Wire(&'a [u8]),
    Json(&'a str),
}

/// A `KeyValue`.
pub type Attribute<'a> = (Cow<'a, str>, Any<'a>);
