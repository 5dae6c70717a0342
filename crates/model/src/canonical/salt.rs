//! The `salt` column: what makes the commitments of one entry, as long as it may be known.
//!
//! Format 1 is a seed from which every field's salt follows; entries are born with it. Format 2 lists each field:
//! its salt, or only its commitment where the value was erased or is withheld. The seed is gone then, since it
//! would let anybody test guesses at an erased value.

const FORMAT_SEED: u8 = 1;
const FORMAT_FIELDS: u8 = 2;
const OPENING_SALT: u8 = 1;
const OPENING_COMMITMENT: u8 = 2;

/// A value of the `salt` column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Salt {
    /// 32 random bytes, from which the salts of all fields are derived.
    Seed([u8; 32]),
    /// Every field under the leaf, in the leaf's order.
    Fields(Vec<FieldSalt>),
}

/// One field under a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSalt {
    pub name: String,
    pub opening: Opening,
}

/// How much of a field is still known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The salt: with the value, the commitment can be recomputed.
    Salt([u8; 32]),
    /// The commitment itself: the value is erased or withheld.
    Commitment([u8; 32]),
}

/// The bytes are not a salt.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum SaltError {
    #[error("salt has format {0}, expected {FORMAT_SEED} or {FORMAT_FIELDS}")]
    UnknownFormat(u8),
    #[error("salt of {0} bytes is cut off")]
    CutOff(usize),
    #[error("salt has {0} bytes left over")]
    LeftOver(usize),
    #[error("field {0} of the salt has no legal name")]
    BadName(usize),
    #[error("field {0} of the salt has opening {1}, expected {OPENING_SALT} or {OPENING_COMMITMENT}")]
    UnknownOpening(usize, u8),
    #[error("salt names field {0:?} twice")]
    Twice(String),
}

impl Salt {
    pub fn parse(bytes: &[u8]) -> Result<Salt, SaltError> {
        let cut_off = || SaltError::CutOff(bytes.len());
        let (&format, rest) = bytes.split_first().ok_or_else(cut_off)?;
        match format {
            FORMAT_SEED => {
                let (seed, rest) = rest.split_first_chunk::<32>().ok_or_else(cut_off)?;
                if rest.is_empty() { Ok(Salt::Seed(*seed)) } else { Err(SaltError::LeftOver(rest.len())) }
            }
            FORMAT_FIELDS => {
                let (count, mut rest) = rest.split_first_chunk::<2>().ok_or_else(cut_off)?;
                let mut fields: Vec<FieldSalt> = Vec::new();
                for index in 0..usize::from(u16::from_be_bytes(*count)) {
                    let (field, after) = FieldSalt::parse(rest, index).ok_or_else(cut_off)??;
                    if fields.iter().any(|earlier| earlier.name == field.name) {
                        return Err(SaltError::Twice(field.name));
                    }
                    fields.push(field);
                    rest = after;
                }
                if rest.is_empty() { Ok(Salt::Fields(fields)) } else { Err(SaltError::LeftOver(rest.len())) }
            }
            other => Err(SaltError::UnknownFormat(other)),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Salt::Seed(seed) => [&[FORMAT_SEED], seed.as_slice()].concat(),
            Salt::Fields(fields) => {
                let count = u16::try_from(fields.len()).expect("an entry has fewer than 65,536 fields");
                let mut bytes = vec![FORMAT_FIELDS];
                bytes.extend_from_slice(&count.to_be_bytes());
                for field in fields {
                    field.append(&mut bytes);
                }
                bytes
            }
        }
    }
}

impl FieldSalt {
    /// The field at the start of `bytes` and what follows it; `None` if they end too early.
    fn parse(bytes: &[u8], index: usize) -> Option<Result<(FieldSalt, &[u8]), SaltError>> {
        let (&length, rest) = bytes.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(length))?;
        let (&opening, rest) = rest.split_first()?;
        let (&value, rest) = rest.split_first_chunk::<32>()?;
        let Some(name) = std::str::from_utf8(name).ok().filter(|name| !name.is_empty()) else {
            return Some(Err(SaltError::BadName(index)));
        };
        let opening = match opening {
            OPENING_SALT => Opening::Salt(value),
            OPENING_COMMITMENT => Opening::Commitment(value),
            other => return Some(Err(SaltError::UnknownOpening(index, other))),
        };
        Some(Ok((FieldSalt { name: name.to_owned(), opening }, rest)))
    }

    fn append(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::try_from(self.name.len()).expect("field names are shorter than 256 bytes"));
        bytes.extend_from_slice(self.name.as_bytes());
        let (opening, value) = match &self.opening {
            Opening::Salt(salt) => (OPENING_SALT, salt),
            Opening::Commitment(commitment) => (OPENING_COMMITMENT, commitment),
        };
        bytes.push(opening);
        bytes.extend_from_slice(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Salt {
        Salt::Fields(vec![
            FieldSalt { name: "time".into(), opening: Opening::Salt([1; 32]) },
            FieldSalt { name: "ip".into(), opening: Opening::Commitment([2; 32]) },
        ])
    }

    #[test]
    fn golden_bytes() {
        assert_eq!(hex::encode(Salt::Seed([7; 32]).to_bytes()), format!("01{}", "07".repeat(32)));
        let expected = format!("020002{}01{}{}02{}", "0474696d65", "01".repeat(32), "026970", "02".repeat(32));
        assert_eq!(hex::encode(fields().to_bytes()), expected);
    }

    #[test]
    fn both_formats_survive_bytes() {
        for salt in [Salt::Seed([7; 32]), Salt::Fields(vec![]), fields()] {
            assert_eq!(Salt::parse(&salt.to_bytes()), Ok(salt));
        }
    }

    #[test]
    fn every_cut_and_every_addition_is_refused() {
        for salt in [Salt::Seed([7; 32]), fields()] {
            let mut bytes = salt.to_bytes();
            for length in 0..bytes.len() {
                assert_eq!(Salt::parse(&bytes[..length]), Err(SaltError::CutOff(length)));
            }
            bytes.push(0);
            assert_eq!(Salt::parse(&bytes), Err(SaltError::LeftOver(1)));
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(Salt::parse(&[9]), Err(SaltError::UnknownFormat(9)));
        let twice = |name: &str| FieldSalt { name: name.into(), opening: Opening::Salt([0; 32]) };
        let bytes = Salt::Fields(vec![twice("ip"), twice("ip")]).to_bytes();
        assert_eq!(Salt::parse(&bytes), Err(SaltError::Twice("ip".into())));
        let bytes = Salt::Fields(vec![twice("")]).to_bytes();
        assert_eq!(Salt::parse(&bytes), Err(SaltError::BadName(0)));
        let mut bytes = Salt::Fields(vec![twice("ip")]).to_bytes();
        bytes[6] = 3;
        assert_eq!(Salt::parse(&bytes), Err(SaltError::UnknownOpening(0, 3)));
    }
}
