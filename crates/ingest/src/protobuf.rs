//! The protobuf wire format, read in place: fields one after the other, nothing copied, nothing allocated.
//!
//! No code is generated from message definitions: the few messages of the protocols here are read field by field
//! straight into columns, which is why this is ours and not `prost`. Groups, which proto3 does not have, are refused.

/// Where and why bytes are not protobuf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not protobuf at byte {at}: {what}")]
pub struct WireError {
    pub at: usize,
    pub what: &'static str,
}

/// The fields of one message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What a field holds, by its wire type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    /// A text, bytes, a message or a packed list.
    Bytes(&'a [u8]),
    Fixed32(u32),
}

impl<'a> Message<'a> {
    pub fn new(bytes: &'a [u8]) -> Message<'a> {
        Message { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next field with its number, or `None` at the end.
    #[inline]
    pub fn next_field(&mut self) -> Result<Option<(u64, Field<'a>)>, WireError> {
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let start = self.at;
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 || number > 0x1fff_ffff {
            return Err(WireError { at: start, what: "a field has an illegal number" });
        }
        let field = match tag & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.take::<8>()?)),
            2 => {
                let length = self.varint()?;
                let rest = &self.bytes[self.at..];
                let length = usize::try_from(length).ok().filter(|length| *length <= rest.len());
                let Some(length) = length else { return Err(self.fail("a field is longer than its message")) };
                self.at += length;
                Field::Bytes(&rest[..length])
            }
            5 => Field::Fixed32(u32::from_le_bytes(self.take::<4>()?)),
            3 | 4 => return Err(WireError { at: start, what: "groups are not read" }),
            _ => return Err(WireError { at: start, what: "a field has an unknown wire type" }),
        };
        Ok(Some((number, field)))
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, WireError> {
        if let Some(byte @ 0..=0x7f) = self.bytes.get(self.at) {
            self.at += 1;
            return Ok(u64::from(*byte));
        }
        self.long_varint()
    }

    fn long_varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0_u64;
        for (index, byte) in self.bytes[self.at..].iter().take(10).enumerate() {
            let bits = u64::from(byte & 0x7f);
            if index == 9 && bits > 1 {
                break;
            }
            value |= bits << (7 * index);
            if byte & 0x80 == 0 {
                self.at += index + 1;
                return Ok(value);
            }
        }
        let ends = self.bytes.len() - self.at < 10;
        Err(self.fail(if ends { "the message ends inside a number" } else { "a number is longer than 64 bits" }))
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let Some(bytes) = self.bytes[self.at..].first_chunk::<N>() else {
            return Err(self.fail("the message ends inside a number"));
        };
        self.at += N;
        Ok(*bytes)
    }

    fn fail(&self, what: &'static str) -> WireError {
        WireError { at: self.at, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8]) -> Result<Vec<(u64, Field<'_>)>, WireError> {
        let mut message = Message::new(bytes);
        let mut all = Vec::new();
        while let Some(field) = message.next_field()? {
            all.push(field);
        }
        assert_eq!(message.position(), bytes.len());
        Ok(all)
    }

    #[test]
    fn every_wire_type_is_read() {
        let bytes = [
            0x08, 0x96, 0x01, // 1: 150
            0x11, 1, 0, 0, 0, 0, 0, 0, 0x80, // 2: fixed64
            0x1a, 3, b'a', b'b', b'c', // 3: bytes
            0x25, 4, 3, 2, 1, // 4: fixed32
            0xf8, 0xff, 0xff, 0xff, 0x0f, 1, // the largest number a field may have
            0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, // 5: all bits
        ];
        let expected = [
            (1, Field::Varint(150)),
            (2, Field::Fixed64(1 | 1 << 63)),
            (3, Field::Bytes(b"abc")),
            (4, Field::Fixed32(0x0102_0304)),
            (0x1fff_ffff, Field::Varint(1)),
            (5, Field::Varint(u64::MAX)),
        ];
        assert_eq!(fields(&bytes).expect("well formed"), expected);
        assert_eq!(fields(&[]), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_protobuf_is_refused_where_it_breaks() {
        let cases: &[(&[u8], usize, &str)] = &[
            (&[0x08], 1, "inside a number"),
            (&[0x08, 0x80], 1, "inside a number"),
            (&[0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02], 1, "64 bits"),
            (&[0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 1, "64 bits"),
            (&[0x09, 1, 2, 3], 1, "inside a number"),
            (&[0x0d, 1], 1, "inside a number"),
            (&[0x0a, 5, b'a'], 2, "longer than its message"),
            (&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], 11, "longer than its message"),
            (&[0x00, 0x01], 0, "illegal number"),
            (&[0x08, 1, 0x0b], 2, "groups"),
            (&[0x0e], 0, "unknown wire type"),
        ];
        for (bytes, at, what) in cases {
            let error = fields(bytes).expect_err("broken");
            assert_eq!(error.at, *at, "{bytes:x?}: {error}");
            assert!(error.what.contains(what), "{bytes:x?}: {error}");
        }
    }
}
