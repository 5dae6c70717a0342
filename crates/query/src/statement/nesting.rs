//! Refuses SQL whose expressions would nest too deeply, before a parser builds them.
//!
//! A chain such as `1 + 1 + …` or `a OR b OR …` becomes a tree as deep as it is long, and what walks or drops such a
//! tree recurses: a long enough chain would end the process. So the depth is bounded from the tokens, in one pass and
//! without recursion. The bound is generous to what people write: elements of lists and operands of AND and OR lie
//! beside each other and are not added up.

use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use crate::error::Error;

/// The name of the limit.
pub const LIMIT_NESTING: &str = "sql_nesting";

/// Depth at which SQL is refused. An AND or OR counts one, any other operator [`OPERATOR`]: planning walks logical
/// chains in less stack than others.
pub const NESTING_MAX: usize = 512;
const OPERATOR: usize = 4;
/// Parentheses within parentheses.
const PARENTHESES_MAX: usize = 16;
/// The parser reads the arguments of a call twice, those of a call within a call four times and so on: the most
/// readings of calls in one statement.
const CALL_READINGS_MAX: usize = 200_000;
/// Most parts of a name with dots.
const NAME_PARTS_MAX: usize = 32;
/// Most SELECTs in one statement, each of which may stand on the one before.
const SELECTS_MAX: usize = 128;

/// What lies between one pair of parentheses.
#[derive(Clone, Copy, Default)]
struct Level {
    /// ANDs and ORs of the present expression.
    logical: usize,
    /// Other operators of the present operand.
    operators: usize,
    /// Joins and set operations, which build upon each other.
    relations: usize,
    /// Calls around it.
    calls: u32,
}

/// Refuses what nests too deeply. Text that is no SQL passes; the parser says what is wrong with it.
pub fn check(sql: &str) -> Result<(), Error> {
    let Ok(tokens) = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize() else { return Ok(()) };
    let mut nesting = Nesting::new();
    for token in &tokens {
        nesting.read(token);
        if nesting.is_too_deep() {
            return Err(Error::invalid("the SQL is nested too deeply")
                .with_hint("write long alternatives as column IN (…) and long sums or unions as rows of VALUES")
                .with_limit(LIMIT_NESTING));
        }
    }
    Ok(())
}

struct Nesting {
    levels: Vec<Level>,
    /// The depths of all levels but the innermost.
    below: usize,
    selects: usize,
    name_parts: usize,
    readings: usize,
    after_name: bool,
}

impl Nesting {
    fn new() -> Nesting {
        Nesting { levels: vec![Level::default()], below: 0, selects: 0, name_parts: 0, readings: 0, after_name: false }
    }

    fn innermost(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the outermost level is never left")
    }

    fn is_too_deep(&self) -> bool {
        let innermost = self.levels.last().expect("the outermost level is never left");
        self.below + innermost.depth() > NESTING_MAX
            || self.levels.len() > PARENTHESES_MAX + 1
            || self.readings > CALL_READINGS_MAX
            || self.name_parts > NAME_PARTS_MAX
            || self.selects > SELECTS_MAX
    }

    fn read(&mut self, token: &Token) {
        match token {
            Token::LParen => self.open(),
            Token::LBracket => {
                // What is in brackets hangs on what stands before them.
                self.innermost().operators += 1;
                self.after_name = false;
                self.open();
            }
            Token::RParen | Token::RBracket => self.close(),
            Token::Comma | Token::SemiColon => *self.innermost() = self.innermost().next_operand(),
            Token::Period => self.name_parts += 1,
            Token::Word(word) => {
                self.selects += usize::from(word.keyword == Keyword::SELECT);
                self.innermost().word(word.keyword);
            }
            Token::Whitespace(_) => return,
            Token::Number(..) | Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) | Token::EOF => {}
            _ => self.innermost().operators += 1,
        }
        self.after_name = matches!(token, Token::Word(_));
        if !matches!(token, Token::Period | Token::Word(_)) {
            self.name_parts = 0;
        }
    }

    fn open(&mut self) {
        let after_name = self.after_name;
        let outer = *self.innermost();
        let calls = outer.calls + u32::from(after_name);
        self.readings = self.readings.saturating_add(1 << calls.min(30));
        self.below += outer.depth() + 1;
        self.levels.push(Level { calls, ..Level::default() });
    }

    fn close(&mut self) {
        if self.levels.len() > 1 {
            self.levels.pop();
            let outer = self.innermost().depth();
            self.below = self.below.saturating_sub(outer + 1);
        }
    }
}

impl Level {
    /// What stands beside, not within, the present expression.
    fn next_operand(self) -> Level {
        Level { logical: 0, operators: 0, ..self }
    }

    fn depth(self) -> usize {
        self.logical + OPERATOR * (self.operators + self.relations)
    }

    fn word(&mut self, keyword: Keyword) {
        use Keyword::*;
        match keyword {
            AND | OR | XOR => {
                self.logical += 1;
                self.operators = 0;
            }
            NOT | IS | IN | LIKE | ILIKE | SIMILAR | BETWEEN | COLLATE | AT | OPERATOR | REGEXP | RLIKE | NOTNULL
            | OVERLAPS | DIV => {
                self.operators += 1;
            }
            JOIN | UNION | EXCEPT | INTERSECT | MINUS | APPLY => {
                *self = Level { relations: self.relations + 1, ..self.next_operand() };
            }
            SELECT | FROM | WHERE | GROUP | HAVING | ORDER | LIMIT | OFFSET | ON | WHEN | THEN | ELSE | WITH | AS => {
                *self = self.next_operand();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_passes() {
        let conditions: Vec<String> = (0..300).map(|n| format!("(service = 's{n}' AND status >= {n})")).collect();
        let cases: Vec<String> = (0..1000).map(|n| format!("WHEN status = {n} THEN '{n}'")).collect();
        let values: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
        for good in [
            format!("SELECT * FROM logs WHERE {}", conditions.join(" OR ")),
            format!("SELECT CASE {} END FROM logs", cases.join(" ")),
            format!("SELECT * FROM logs WHERE status IN ({})", values.join(", ")),
            format!("SELECT {}", values.join(" + 1, ")),
            format!("SELECT 1 {}", "UNION ALL SELECT 1 ".repeat(100)),
            format!("SELECT {}1{}", "abs(".repeat(15), ")".repeat(15)),
            "SELECT a.b.c, x[1], y::int FROM t JOIN u ON t.id = u.id WHERE a BETWEEN 1 AND 2 AND NOT b IS NULL"
                .to_owned(),
            "not sql ( at all".to_owned(),
        ] {
            assert!(check(&good).is_ok(), "{}", &good[..60.min(good.len())]);
        }
    }

    #[test]
    fn long_chains_are_refused() {
        let calls = format!("{}1{}, ", "abs(".repeat(14), ")".repeat(14));
        for bad in [
            format!("SELECT 1{}", "+1".repeat(1000)),
            format!("SELECT 1{}", "::int".repeat(1000)),
            format!("SELECT x{}", "[1]".repeat(1000)),
            format!("SELECT x{}", ".x".repeat(1000)),
            format!("SELECT 1 WHERE a = 1{}", " OR a = 1".repeat(1000)),
            format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(1000)),
            format!("SELECT 1 FROM a{}", " JOIN a ON true".repeat(1000)),
            format!("SELECT 1{}", " IS NULL".repeat(1000)),
            format!("SELECT now(){}", " AT TIME ZONE 'UTC'".repeat(1000)),
            format!("SELECT {}1{}", "abs(".repeat(17), ")".repeat(17)),
            format!("SELECT {}1", calls.repeat(20)),
            format!("SELECT * FROM {}logs{}", "(SELECT * FROM ".repeat(17), ") AS x".repeat(17)),
        ] {
            let error = check(&bad).expect_err(&bad[..40]);
            assert_eq!(error.limit, Some(LIMIT_NESTING));
        }
    }
}
