//! Cuts a body into the pieces that stand for one entry or line each, without understanding them.
//!
//! One broken piece must not take its neighbours along, so the cut looks only at line ends, brackets and quotes:
//! everything else, UTF-8 included, is judged piece by piece.

use std::ops::Range;

/// How the pieces of a body are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One JSON object per line.
    Lines,
    /// The elements of a JSON array.
    Array,
    /// One JSON value.
    Single,
}

/// Finds one piece after the other. Holds no borrow, so that it may travel with the body it belongs to.
#[derive(Clone, Debug)]
pub struct Pieces {
    shape: Shape,
    at: usize,
    end: usize,
    number: u64,
}

/// One piece: where it stands and its number (line, or position in the array) from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub number: u64,
    pub range: Range<usize>,
}

impl Pieces {
    /// The shape follows from the first byte; `{` is one line of many unless the body is one object over several lines.
    pub fn of(body: &[u8]) -> Pieces {
        let start = skip_white(body, if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
        if body.get(start) == Some(&b'[') {
            return Pieces { shape: Shape::Array, at: start + 1, end: body.len(), number: 0 };
        }
        let shape = if is_one_object(body, start) { Shape::Single } else { Shape::Lines };
        // Line numbers count from the first line, also when it is empty.
        let at = if shape == Shape::Lines { if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 } } else { start };
        Pieces { shape, at, end: body.len(), number: 0 }
    }

    /// The elements of the array that starts with its bracket at `range.start`.
    pub fn of_array(range: Range<usize>) -> Pieces {
        Pieces { shape: Shape::Array, at: range.start + 1, end: range.end, number: 0 }
    }

    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// How far the body has been cut.
    pub fn position(&self) -> usize {
        self.at
    }

    pub fn next_in(&mut self, body: &[u8]) -> Option<Piece> {
        match self.shape {
            Shape::Lines => self.next_line(body),
            Shape::Array => self.next_element(body),
            Shape::Single => {
                let range = trim(body, self.at..self.end);
                self.at = self.end;
                (!range.is_empty()).then_some(Piece { number: self.number, range })
            }
        }
    }

    fn next_line(&mut self, body: &[u8]) -> Option<Piece> {
        while self.at < self.end {
            let start = self.at;
            let end = memchr::memchr(b'\n', &body[start..self.end]).map_or(self.end, |offset| start + offset);
            self.at = (end + 1).min(self.end);
            let number = self.number;
            self.number += 1;
            let range = trim(body, start..end);
            if !range.is_empty() {
                return Some(Piece { number, range });
            }
        }
        None
    }

    fn next_element(&mut self, body: &[u8]) -> Option<Piece> {
        let start = skip_white(&body[..self.end], self.at);
        if start >= self.end {
            return None;
        }
        if body[start] == b']' && self.number == 0 {
            return self.after_array(body, start + 1);
        }
        let (stop, found) = element_end(&body[..self.end], start);
        self.at = match found {
            Some(b',') => stop + 1,
            Some(_) => self.after_element(body, stop + 1),
            None => self.end,
        };
        let number = self.number;
        self.number += 1;
        Some(Piece { number, range: trim(body, start..stop) })
    }

    /// Past the closing bracket only white space is expected; anything else becomes a piece that is then refused.
    fn after_element(&mut self, body: &[u8], after: usize) -> usize {
        if skip_white(&body[..self.end], after) < self.end {
            self.shape = Shape::Single;
            return after;
        }
        self.end
    }

    fn after_array(&mut self, body: &[u8], after: usize) -> Option<Piece> {
        let range = trim(body, after..self.end);
        self.at = self.end;
        (!range.is_empty()).then_some(Piece { number: 0, range })
    }
}

fn skip_white(body: &[u8], mut at: usize) -> usize {
    while body.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

fn trim(body: &[u8], range: Range<usize>) -> Range<usize> {
    let start = skip_white(&body[..range.end], range.start);
    let mut end = range.end;
    while end > start && body[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    start..end
}

/// Whether the body is a single object written over several lines, as people send it by hand.
fn is_one_object(body: &[u8], start: usize) -> bool {
    if body.get(start) != Some(&b'{') {
        return false;
    }
    let Some(end) = object_end(body, start) else { return false };
    body[start..end].contains(&b'\n') && skip_white(body, end) == body.len()
}

/// Just past the brace that closes the object at `start`.
fn object_end(body: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in body.iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the array element that starts at `start` ends, and the `,` or `]` found there.
fn element_end(body: &[u8], start: usize) -> (usize, Option<u8>) {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => {
                at += 1;
                loop {
                    let Some(offset) = memchr::memchr2(b'"', b'\\', body.get(at..).unwrap_or_default()) else {
                        return (body.len(), None);
                    };
                    at += offset;
                    if body[at] == b'"' {
                        break;
                    }
                    at += 2;
                }
            }
            b'{' | b'[' => depth += 1,
            b',' if depth == 0 => return (at, Some(b',')),
            b']' if depth == 0 => return (at, Some(b']')),
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    (body.len(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(body: &str) -> Vec<(u64, String)> {
        let mut pieces = Pieces::of(body.as_bytes());
        let mut all = Vec::new();
        while let Some(piece) = pieces.next_in(body.as_bytes()) {
            all.push((piece.number, body[piece.range].to_owned()));
        }
        all
    }

    #[test]
    fn bodies_fall_into_pieces() {
        let cases: &[(&str, &[(u64, &str)])] = &[
            ("", &[]),
            ("  \n \n", &[]),
            ("{\"a\":1}", &[(0, "{\"a\":1}")]),
            ("{\"a\":1}\r\n\n{\"b\":2}\n", &[(0, "{\"a\":1}"), (2, "{\"b\":2}")]),
            ("\u{feff}{\"a\":1}\n{}", &[(0, "{\"a\":1}"), (1, "{}")]),
            ("{\n  \"a\": [1,\n 2]\n}\n", &[(0, "{\n  \"a\": [1,\n 2]\n}")]),
            ("{\"a\":\n{\"b\":2}\n", &[(0, "{\"a\":"), (1, "{\"b\":2}")]),
            ("{\n\"a\":1}\n{\"b\":2}", &[(0, "{"), (1, "\"a\":1}"), (2, "{\"b\":2}")]),
            ("not json\n{}", &[(0, "not json"), (1, "{}")]),
            ("[]", &[]),
            (" [ ] ", &[]),
            ("[1, {\"a\":\"],\\\"\"} ,[2]]", &[(0, "1"), (1, "{\"a\":\"],\\\"\"}"), (2, "[2]")]),
            ("[{\"a\":},{}]", &[(0, "{\"a\":}"), (1, "{}")]),
            ("[{\"a\":1},{\"b\":", &[(0, "{\"a\":1}"), (1, "{\"b\":")]),
            ("[1,]", &[(0, "1"), (1, "")]),
            ("[1] x", &[(0, "1"), (1, "x")]),
        ];
        for (body, expected) in cases {
            let found = pieces(body);
            let found: Vec<(u64, &str)> = found.iter().map(|(number, text)| (*number, text.as_str())).collect();
            assert_eq!(&found, expected, "{body:?}");
        }
    }
}
