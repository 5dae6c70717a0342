//! Pieces of files that are being appended or were appended by this process.
//!
//! A client that was killed may have left a piece on its way. Its successor asks what is stored before that piece is,
//! and sends the same lines again: here the second one is noticed. What earlier processes appended needs no memory,
//! since it is stored by the time that anybody asks.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;
use whodunit_model::Project;

/// Where a piece begins: project, file, position.
pub type Begin = (Project, String, String);

/// Pieces that are remembered.
pub const IMPORT_PIECES_MAX: usize = 16_384;

#[derive(Default)]
pub struct Imports(Mutex<Known>);

#[derive(Default)]
struct Known {
    pieces: HashMap<Begin, Piece>,
    /// Oldest first.
    order: VecDeque<Begin>,
}

/// What became of a piece with the same beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    UnderWay,
    Stored,
}

impl Imports {
    /// Takes a beginning, or says that another piece has it.
    pub fn begin(&self, begin: &Begin) -> Result<(), Piece> {
        let mut known = self.0.lock();
        if let Some(piece) = known.pieces.get(begin) {
            return Err(*piece);
        }
        if known.order.len() >= IMPORT_PIECES_MAX
            && let Some(oldest) = known.order.pop_front()
        {
            known.pieces.remove(&oldest);
        }
        known.pieces.insert(begin.clone(), Piece::UnderWay);
        known.order.push_back(begin.clone());
        Ok(())
    }

    /// Says what came of a piece that was begun. One that was not stored may be sent again.
    pub fn end(&self, begin: &Begin, is_stored: bool) {
        let mut known = self.0.lock();
        if is_stored {
            if let Some(piece) = known.pieces.get_mut(begin) {
                *piece = Piece::Stored;
            }
            return;
        }
        known.pieces.remove(begin);
        known.order.retain(|one| one != begin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_limits_has_the_pieces() {
        let line = format!("| `import_pieces_max` | {IMPORT_PIECES_MAX} |");
        assert!(include_str!("../../../docs/limits.md").contains(&line), "docs/limits.md lacks {line}");
    }

    #[test]
    fn a_beginning_is_taken_once_unless_it_came_to_nothing() {
        let imports = Imports::default();
        let begin = |after: &str| (Project::default_project(), "file".to_owned(), after.to_owned());
        assert_eq!(imports.begin(&begin("start")), Ok(()));
        assert_eq!(imports.begin(&begin("start")), Err(Piece::UnderWay));
        imports.end(&begin("start"), false);
        assert_eq!(imports.begin(&begin("start")), Ok(()));
        imports.end(&begin("start"), true);
        assert_eq!(imports.begin(&begin("start")), Err(Piece::Stored));
        for number in 0..IMPORT_PIECES_MAX {
            imports.begin(&begin(&number.to_string())).expect("is new");
        }
        assert_eq!(imports.0.lock().pieces.len(), IMPORT_PIECES_MAX);
        assert_eq!(imports.begin(&begin("start")), Ok(()), "the oldest was forgotten");
    }
}
